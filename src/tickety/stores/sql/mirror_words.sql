-- For the time of a look: a second index, like ``words``.
CREATE VIRTUAL TABLE temp.mirror
USING fts5 (title, description, updates, comments, content = '', tokenize = 'porter unicode61')
