INSERT INTO alarm (ticket_uid, rule, cause, anchor) VALUES (:ticket_uid, :rule, :cause, :anchor)
