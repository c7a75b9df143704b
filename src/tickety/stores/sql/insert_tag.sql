INSERT INTO tag (tag, ticket) VALUES (:tag, :ticket)
