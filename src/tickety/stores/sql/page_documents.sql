SELECT rank, created_at, id, document
FROM ticket
WHERE status IN (SELECT value FROM json_each(:statuses)) AND (rank, created_at, id) > (:rank, :created_at, :id)
ORDER BY rank, created_at, id
LIMIT :limit
