SELECT ticket_uid, step, attempt, worker, token, lease_until FROM claim WHERE token = :token
