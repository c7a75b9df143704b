-- Work that is delivered in turn, rules that are due, and what was spent. All of it follows from the log, but for
-- ``delay`` (what the project decided), ``cursor`` (how far messages went) and claims.
DROP TABLE work;

ALTER TABLE ticket ADD COLUMN awaits TEXT;       -- 'person', 'moment' or 'pause': what waiting_for is about
ALTER TABLE ticket ADD COLUMN stalls_from TEXT;  -- since when nothing has happened to a ticket at work
ALTER TABLE ticket ADD COLUMN escalated INTEGER; -- 2: an escalation that nobody has seen yet, 1: only seen ones

CREATE INDEX ticket_awaits ON ticket (awaits) WHERE awaits IS NOT NULL;
CREATE INDEX ticket_escalated ON ticket (escalated) WHERE escalated IS NOT NULL;
CREATE INDEX ticket_stalls ON ticket (stalls_from) WHERE stalls_from IS NOT NULL;

-- Steps that can be worked on now, or are being worked on. ``turn`` orders them: see ``core.queueing``.
CREATE TABLE work (
    ticket_uid TEXT    NOT NULL REFERENCES ticket (uid),
    step       TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    turn       REAL    NOT NULL,
    position   INTEGER NOT NULL,
    not_before TEXT,
    is_running INTEGER NOT NULL,
    is_held    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (ticket_uid, step)
) STRICT, WITHOUT ROWID;

CREATE INDEX work_turn ON work (role, turn, ticket_uid, position) WHERE is_running = 0 AND is_held = 0;
CREATE INDEX work_running ON work (turn, ticket_uid, position) WHERE is_running = 1;

-- Rules that may fire for a ticket: each from ``anchor`` (seconds since 1970) and its rule's delay on.
CREATE TABLE alarm (
    ticket_uid TEXT NOT NULL REFERENCES ticket (uid),
    rule       TEXT NOT NULL,
    cause      TEXT NOT NULL,
    anchor     REAL NOT NULL,
    PRIMARY KEY (ticket_uid, rule, cause)
) STRICT, WITHOUT ROWID;

CREATE INDEX alarm_due ON alarm (rule, anchor);

-- Seconds after its anchor in which a rule fires.
CREATE TABLE delay (
    rule    TEXT PRIMARY KEY,
    seconds REAL NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO delay (rule, seconds) VALUES
    ('critical_open', 7200.0), ('blocked', 0.0), ('failed_attempts', 0.0), ('sla_near', 0.0), ('sla_past', 0.0),
    ('stalled', 3600.0), ('answer_overdue', 86400.0), ('over', 0.0);

-- What attempts used on a day, and what those that run may use.
CREATE TABLE spending (
    ticket_uid TEXT NOT NULL REFERENCES ticket (uid),
    day        TEXT NOT NULL,
    runs       REAL NOT NULL,
    seconds    REAL NOT NULL,
    tokens     REAL NOT NULL,
    cost_usd   REAL NOT NULL,
    PRIMARY KEY (ticket_uid, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX spending_day ON spending (day);

-- How far the messages of a channel went through the log; nothing is tried before ``next_try``.
CREATE TABLE cursor (
    name     TEXT    PRIMARY KEY,
    seq      INTEGER NOT NULL,
    tries    INTEGER NOT NULL,
    next_try TEXT
) STRICT, WITHOUT ROWID;
