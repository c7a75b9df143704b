-- Open blockers; what it starts with that has not started (an epic has when a part of it has, at any depth); open children.
SELECT other.id, link.relationship, other.status, other.title
FROM ticket JOIN link ON link.ticket = ticket.key JOIN ticket AS other ON other.id = link.other
WHERE ticket.uid = :uid AND (
    link.relationship = 'blocked_by' AND other.status <> 'closed'
    OR link.relationship = 'starts_with' AND NOT other.has_started
       AND NOT EXISTS (
           WITH RECURSIVE part (id, has_started) AS (
               SELECT child.id, child.has_started FROM ticket AS child WHERE child.parent = other.id
               UNION
               SELECT child.id, child.has_started FROM ticket AS child JOIN part ON child.parent = part.id
           )
           SELECT 1 FROM part WHERE part.has_started))
UNION ALL
SELECT child.id, 'child', child.status, child.title
FROM ticket JOIN ticket AS child ON child.parent = ticket.id
WHERE ticket.uid = :uid AND child.status <> 'closed'
ORDER BY 2, 1
