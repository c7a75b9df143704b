-- What follows from the log gets columns to ask by. Nothing is copied: all of it is made anew from the log.
DROP TABLE work;
DROP TABLE ticket;

-- What the events of a ticket add up to. ``document`` is the ticket's public JSON.
-- ``held_by`` names the tickets it waits for, ``is_ready`` says that somebody can work on it now.
CREATE TABLE ticket (
    key         INTEGER PRIMARY KEY,
    uid         TEXT    NOT NULL UNIQUE,
    id          TEXT    NOT NULL UNIQUE,
    prefix      TEXT    NOT NULL,
    year        INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    type        TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    priority    TEXT    NOT NULL,
    rank        INTEGER NOT NULL,
    resolution  TEXT,
    assignee    TEXT,
    reporter    TEXT    NOT NULL,
    parent      TEXT,
    sprint      TEXT,
    archived    INTEGER NOT NULL,
    created_at  TEXT    NOT NULL,
    updated_at  TEXT    NOT NULL,
    closed_at   TEXT,
    due_at      TEXT    NOT NULL,
    votes       INTEGER NOT NULL,
    waiting_for TEXT,
    blocker     TEXT,
    has_started INTEGER NOT NULL,
    can_be_done INTEGER NOT NULL,
    held_by     TEXT,
    is_ready    INTEGER NOT NULL GENERATED ALWAYS AS (can_be_done AND held_by IS NULL) STORED,
    document    TEXT    NOT NULL
) STRICT;

CREATE INDEX ticket_number ON ticket (number, year, prefix);
CREATE INDEX ticket_order ON ticket (rank, created_at, id);
CREATE INDEX ticket_status ON ticket (status, rank, created_at, id);
CREATE INDEX ticket_active ON ticket (rank, created_at, id) WHERE status <> 'closed';
CREATE INDEX ticket_ready ON ticket (rank, created_at, id) WHERE is_ready = 1;
CREATE INDEX ticket_parent ON ticket (parent) WHERE parent IS NOT NULL;

CREATE TABLE tag (
    tag    TEXT    NOT NULL,
    ticket INTEGER NOT NULL REFERENCES ticket (key),
    PRIMARY KEY (tag, ticket)
) STRICT, WITHOUT ROWID;

CREATE INDEX tag_ticket ON tag (ticket);

-- ``other`` is an id: ids never change, and a link may name a ticket before it is there.
CREATE TABLE link (
    ticket       INTEGER NOT NULL REFERENCES ticket (key),
    relationship TEXT    NOT NULL,
    other        TEXT    NOT NULL,
    PRIMARY KEY (ticket, relationship, other)
) STRICT, WITHOUT ROWID;

CREATE INDEX link_other ON link (other, relationship);

-- The words of every ticket, found and ranked. Contentless: the words are in the documents already.
CREATE VIRTUAL TABLE words USING fts5 (title, description, updates, comments, content = '', tokenize = 'porter unicode61');

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

-- Every kind of event that the log holds: a kind that a release does not know makes the store read-only for it.
CREATE TABLE event_kind (
    type TEXT    NOT NULL,
    v    INTEGER NOT NULL,
    PRIMARY KEY (type, v)
) STRICT, WITHOUT ROWID;

INSERT INTO event_kind (type, v) SELECT DISTINCT type, v FROM event;

CREATE INDEX event_by ON event (by, seq);
