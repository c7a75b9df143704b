SELECT command_id, causation FROM event WHERE by = :by
GROUP BY command_id ORDER BY max(seq) DESC LIMIT :limit
