SELECT work.ticket_uid, work.step, work.role, claim.attempt, claim.worker, claim.token, claim.lease_until
FROM work LEFT JOIN claim ON claim.ticket_uid = work.ticket_uid AND claim.step = work.step
WHERE :ticket_uid IS NULL OR work.ticket_uid = :ticket_uid
ORDER BY work.rank, work.since, work.ticket_uid, work.position
