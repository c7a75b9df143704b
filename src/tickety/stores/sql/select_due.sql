-- Rules that have to fire now. A ticket that a living worker holds is not stalled, however long that takes.
SELECT alarm.ticket_uid, alarm.rule
FROM delay JOIN alarm ON alarm.rule = delay.rule AND alarm.anchor <= :now - delay.seconds
UNION ALL
SELECT ticket.uid, 'stalled'
FROM delay JOIN ticket ON ticket.stalls_from <= strftime('%Y-%m-%dT%H:%M:%SZ', :now - delay.seconds, 'unixepoch')
WHERE delay.rule = 'stalled'
  AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.ticket_uid = ticket.uid AND claim.lease_until > :now)
LIMIT :limit
