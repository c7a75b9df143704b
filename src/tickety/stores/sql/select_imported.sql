-- Tickets that go by another name elsewhere: where they come from, the name, the id here.
SELECT json_extract(document, '$.metadata.imported.from'), json_extract(document, '$.metadata.imported.id'), id
FROM ticket
WHERE json_type(document, '$.metadata.imported.id') = 'text'
ORDER BY key
