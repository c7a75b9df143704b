SELECT ticket_uid FROM event WHERE command_id = :command_id AND type = 'ticket.opened' ORDER BY seq LIMIT 1
