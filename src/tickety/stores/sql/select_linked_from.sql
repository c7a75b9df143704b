SELECT ticket.id, link.relationship FROM link JOIN ticket ON ticket.key = link.ticket
WHERE link.other = :id ORDER BY ticket.id, link.relationship
