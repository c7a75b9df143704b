DELETE FROM work WHERE ticket_uid = :ticket_uid
