INSERT OR REPLACE INTO claim (ticket_uid, step, attempt, worker, token, lease_until)
VALUES (:ticket_uid, :step, :attempt, :worker, :token, :lease_until)
