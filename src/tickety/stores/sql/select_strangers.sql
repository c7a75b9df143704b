SELECT id FROM ticket WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.ticket_uid = ticket.uid) ORDER BY id
