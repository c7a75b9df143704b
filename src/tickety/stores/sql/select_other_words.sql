-- The tickets that one index knows by other words than the other one.
SELECT doc FROM (SELECT * FROM words_read EXCEPT SELECT * FROM mirror_read)
UNION
SELECT doc FROM (SELECT * FROM mirror_read EXCEPT SELECT * FROM words_read)
ORDER BY doc
