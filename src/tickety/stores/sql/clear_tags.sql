DELETE FROM tag WHERE ticket = :ticket
