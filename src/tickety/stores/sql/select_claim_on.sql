SELECT ticket_uid, step, attempt, worker, token, lease_until FROM claim WHERE ticket_uid = :ticket_uid AND step = :step
