SELECT uid FROM ticket WHERE id = :id
