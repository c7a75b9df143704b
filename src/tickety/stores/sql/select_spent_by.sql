-- What a ticket and its parts, at any depth, have used.
WITH RECURSIVE part (uid, id) AS (
    SELECT uid, id FROM ticket WHERE id = :id
    UNION
    SELECT child.uid, child.id FROM ticket AS child JOIN part ON child.parent = part.id
)
SELECT total(runs), total(seconds), total(tokens), total(cost_usd)
FROM part JOIN spending ON spending.ticket_uid = part.uid
