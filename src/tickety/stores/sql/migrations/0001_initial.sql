-- Every change to every ticket, in commit order. Never updated, never deleted.
CREATE TABLE event (
    seq        INTEGER PRIMARY KEY,
    ticket_uid TEXT    NOT NULL,
    n          INTEGER NOT NULL,
    type       TEXT    NOT NULL,
    v          INTEGER NOT NULL,
    at         TEXT    NOT NULL,
    by         TEXT    NOT NULL,
    command_id TEXT    NOT NULL,
    causation  TEXT,
    attempt    INTEGER,
    data       TEXT    NOT NULL,
    UNIQUE (ticket_uid, n)
) STRICT;

CREATE INDEX event_command ON event (command_id);

-- What the events of a ticket add up to. ``document`` is the ticket's public JSON.
CREATE TABLE ticket (
    uid         TEXT    PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    prefix      TEXT    NOT NULL,
    year        INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    type        TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    priority    TEXT    NOT NULL,
    rank        INTEGER NOT NULL,
    created_at  TEXT    NOT NULL,
    updated_at  TEXT    NOT NULL,
    waiting_for TEXT,
    blocker     TEXT,
    document    TEXT    NOT NULL
) STRICT;

CREATE INDEX ticket_number ON ticket (number, year, prefix);
CREATE INDEX ticket_order ON ticket (status, rank, created_at, id);

-- The last number given for a prefix and year.
CREATE TABLE counter (
    prefix TEXT    NOT NULL,
    year   INTEGER NOT NULL,
    last   INTEGER NOT NULL,
    PRIMARY KEY (prefix, year)
) STRICT, WITHOUT ROWID;

-- Steps that can be worked on now, or are being worked on.
CREATE TABLE work (
    ticket_uid TEXT    NOT NULL REFERENCES ticket (uid),
    step       TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    rank       INTEGER NOT NULL,
    since      TEXT    NOT NULL,
    position   INTEGER NOT NULL,
    PRIMARY KEY (ticket_uid, step)
) STRICT, WITHOUT ROWID;

CREATE INDEX work_order ON work (rank, since, ticket_uid, position);

-- Running attempts: leases, not history.
CREATE TABLE claim (
    ticket_uid  TEXT    NOT NULL REFERENCES ticket (uid),
    step        TEXT    NOT NULL,
    attempt     INTEGER NOT NULL,
    worker      TEXT    NOT NULL,
    token       TEXT    NOT NULL,
    lease_until REAL    NOT NULL,
    PRIMARY KEY (ticket_uid, step)
) STRICT, WITHOUT ROWID;

CREATE INDEX claim_token ON claim (token);

-- Long texts, kept once, by their digest.
CREATE TABLE long_text (
    sha256 TEXT PRIMARY KEY,
    body   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
