SELECT relationship, other FROM link JOIN ticket ON ticket.key = link.ticket WHERE uid = :uid
