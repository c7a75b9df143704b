SELECT ticket_uid FROM event WHERE command_id = :command_id GROUP BY ticket_uid ORDER BY min(seq)
