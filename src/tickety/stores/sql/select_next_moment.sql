-- When the first of the steps that wait for a moment may begin.
SELECT min(not_before)
FROM work
WHERE is_running = 0 AND is_held = 0 AND not_before > :now AND (:ticket_uid IS NULL OR ticket_uid = :ticket_uid)
