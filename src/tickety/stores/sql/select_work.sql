SELECT work.ticket_uid, work.step, work.role, claim.attempt, claim.worker, claim.token, claim.lease_until
FROM work
JOIN ticket ON ticket.uid = work.ticket_uid
LEFT JOIN claim ON claim.ticket_uid = work.ticket_uid AND claim.step = work.step
WHERE (:ticket_uid IS NULL OR work.ticket_uid = :ticket_uid) AND (ticket.held_by IS NULL OR claim.attempt IS NOT NULL)
ORDER BY work.rank, work.since, work.ticket_uid, work.position
