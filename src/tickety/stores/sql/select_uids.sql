SELECT ticket_uid FROM event GROUP BY ticket_uid ORDER BY min(seq)
