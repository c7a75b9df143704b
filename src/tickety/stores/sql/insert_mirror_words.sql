INSERT INTO mirror (rowid, title, description, updates, comments)
VALUES (:ticket, :title, :description, :updates, :comments)
