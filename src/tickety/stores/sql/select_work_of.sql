SELECT ticket_uid, step, role, rank, since, position FROM work WHERE ticket_uid = :uid
