SELECT document FROM ticket WHERE uid = :uid
