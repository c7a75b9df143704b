INSERT INTO link (ticket, relationship, other) VALUES (:ticket, :relationship, :other)
