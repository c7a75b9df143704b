DELETE FROM claim WHERE NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.uid = claim.ticket_uid)
