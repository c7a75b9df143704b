DELETE FROM spending WHERE ticket_uid = :ticket_uid
