SELECT held_by FROM ticket WHERE uid = :uid
