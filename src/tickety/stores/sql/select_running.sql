SELECT work.ticket_uid, work.step, work.role, claim.attempt, claim.worker, claim.token, claim.lease_until, work.turn
FROM work
LEFT JOIN claim ON claim.ticket_uid = work.ticket_uid AND claim.step = work.step
WHERE work.is_running = 1 AND (:ticket_uid IS NULL OR work.ticket_uid = :ticket_uid)
ORDER BY work.turn, work.ticket_uid, work.position
