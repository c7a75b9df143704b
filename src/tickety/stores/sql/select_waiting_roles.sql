-- Each role that has something ready, found by leaping from one to the next.
WITH RECURSIVE waiting (role) AS (
    SELECT min(role) FROM work WHERE is_running = 0 AND is_held = 0
    UNION ALL
    SELECT (SELECT min(work.role) FROM work WHERE is_running = 0 AND is_held = 0 AND work.role > waiting.role)
    FROM waiting WHERE waiting.role IS NOT NULL
)
SELECT role FROM waiting WHERE role IS NOT NULL
