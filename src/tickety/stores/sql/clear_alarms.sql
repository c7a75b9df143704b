DELETE FROM alarm WHERE ticket_uid = :ticket_uid
