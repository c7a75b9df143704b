DELETE FROM claim WHERE ticket_uid = :ticket_uid AND step = :step
