SELECT tag FROM tag JOIN ticket ON ticket.key = tag.ticket WHERE uid = :uid
