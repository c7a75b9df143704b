DELETE FROM link WHERE ticket = :ticket
