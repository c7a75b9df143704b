SELECT ticket_uid, step, role, turn, position, not_before, is_running FROM work WHERE ticket_uid = :uid
