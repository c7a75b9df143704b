INSERT INTO adopted (ticket_uid, until) VALUES (:ticket_uid, :until)
ON CONFLICT (ticket_uid) DO UPDATE SET until = max(until, excluded.until)
