SELECT coalesce((SELECT until FROM adopted WHERE ticket_uid = :uid), 0)
