SELECT uid, id FROM ticket
WHERE number = :number AND year = :year AND (:prefix IS NULL OR prefix = :prefix)
ORDER BY id
