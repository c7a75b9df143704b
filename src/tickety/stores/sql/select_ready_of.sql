SELECT ticket_uid, step, role, NULL, NULL, NULL, NULL, turn
FROM work
WHERE ticket_uid = :ticket_uid AND is_running = 0 AND is_held = 0 AND (not_before IS NULL OR not_before <= :now)
ORDER BY position
