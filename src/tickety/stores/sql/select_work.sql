SELECT work.ticket_uid, work.step, work.role, claim.attempt, claim.worker, claim.token, claim.lease_until, work.turn
FROM work
LEFT JOIN claim ON claim.ticket_uid = work.ticket_uid AND claim.step = work.step
WHERE (:ticket_uid IS NULL OR work.ticket_uid = :ticket_uid) AND (work.is_held = 0 OR work.is_running = 1)
ORDER BY work.turn, work.ticket_uid, work.position
