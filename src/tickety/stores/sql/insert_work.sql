INSERT INTO work (ticket_uid, step, role, rank, since, position)
VALUES (:ticket_uid, :step, :role, :rank, :since, :position)
