-- How much of a ticket's log came with another store's: those events did not happen here, whatever they say.
-- It does not follow from the log, so it is never made anew.
CREATE TABLE adopted (
    ticket_uid TEXT    PRIMARY KEY,
    until      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
