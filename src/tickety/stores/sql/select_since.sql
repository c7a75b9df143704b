SELECT seq, ticket_uid, n, type, v, at, by, command_id, causation, attempt, data
FROM event WHERE seq > :seq ORDER BY seq LIMIT :limit
