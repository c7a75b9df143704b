SELECT type, status, priority, resolution, archived, count(*) FROM ticket
GROUP BY type, status, priority, resolution, archived
ORDER BY type, status, priority, resolution, archived
