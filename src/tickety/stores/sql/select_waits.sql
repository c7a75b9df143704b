-- Who waits for whom, by links and as a parent, whether that is over or not.
SELECT ticket.id, link.other
FROM ticket JOIN link ON link.ticket = ticket.key
WHERE ticket.id IN (SELECT value FROM json_each(:ids)) AND link.relationship IN ('blocked_by', 'starts_with')
UNION
SELECT parent, id FROM ticket WHERE parent IN (SELECT value FROM json_each(:ids))
ORDER BY 1, 2
