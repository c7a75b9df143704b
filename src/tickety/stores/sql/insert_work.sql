INSERT INTO work (ticket_uid, step, role, turn, position, not_before, is_running, is_held)
VALUES (:ticket_uid, :step, :role, :turn, :position, :not_before, :is_running,
        (SELECT held_by IS NOT NULL FROM ticket WHERE uid = :ticket_uid))
