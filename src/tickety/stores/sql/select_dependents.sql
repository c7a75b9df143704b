-- Whoever may wait for a ticket, or for one that it is, or was, a part of, and the parents themselves.
WITH RECURSIVE whole (id) AS (
    VALUES (:id), (:parent), (:former_parent)
    UNION
    SELECT ticket.parent FROM ticket JOIN whole ON ticket.id = whole.id WHERE ticket.parent IS NOT NULL
)
SELECT ticket.uid FROM ticket JOIN link ON link.ticket = ticket.key
WHERE link.other IN (SELECT id FROM whole) AND link.relationship IN ('blocked_by', 'starts_with')
UNION
SELECT uid FROM ticket WHERE id IN (:parent, :former_parent)
