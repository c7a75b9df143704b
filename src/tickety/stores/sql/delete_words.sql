-- A contentless index has to be told what it forgets.
INSERT INTO words (words, rowid, title, description, updates, comments)
VALUES ('delete', :ticket, :title, :description, :updates, :comments)
