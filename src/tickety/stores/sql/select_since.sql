SELECT seq, ticket_uid, n, type, v, at, by, command_id, causation, attempt, data
FROM event
WHERE seq > :seq AND (:types IS NULL OR type IN (SELECT value FROM json_each(:types)))
ORDER BY seq LIMIT :limit
