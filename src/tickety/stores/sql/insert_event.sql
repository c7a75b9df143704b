INSERT INTO event (ticket_uid, n, type, v, at, by, command_id, causation, attempt, data)
VALUES (:ticket_uid, :n, :type, :v, :at, :by, :command_id, :causation, :attempt, :data)
