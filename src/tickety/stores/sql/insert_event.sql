INSERT INTO event (seq, ticket_uid, n, type, v, at, by, command_id, causation, attempt, data)
VALUES (:seq, :ticket_uid, :n, :type, :v, :at, :by, :command_id, :causation, :attempt, :data)
