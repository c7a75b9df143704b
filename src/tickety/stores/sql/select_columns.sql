SELECT * FROM ticket WHERE uid = :uid
