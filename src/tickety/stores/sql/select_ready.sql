SELECT ticket_uid, step, role, NULL, NULL, NULL, NULL, turn
FROM work
WHERE role = :role AND is_running = 0 AND is_held = 0 AND (not_before IS NULL OR not_before <= :now)
ORDER BY turn, ticket_uid, position
LIMIT :limit
