SELECT count(*), coalesce(sum(status = 'closed'), 0) FROM ticket WHERE parent = :id
