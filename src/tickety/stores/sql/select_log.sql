SELECT seq, ticket_uid, n, type, v, at, by, command_id, causation, attempt, data
FROM event WHERE ticket_uid = :ticket_uid ORDER BY n
