SELECT step, lease_until FROM claim WHERE ticket_uid = :ticket_uid
