-- A link or a child names the ticket already.
SELECT EXISTS (SELECT 1 FROM link WHERE other = :id) OR EXISTS (SELECT 1 FROM ticket WHERE parent = :id)
