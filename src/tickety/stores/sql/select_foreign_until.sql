-- The last event of a ticket that did not happen here: of an adopted log, or an import of the ticket as it stood.
SELECT max(
    coalesce((SELECT until FROM adopted WHERE ticket_uid = :uid), 0),
    coalesce((SELECT max(n) FROM event WHERE ticket_uid = :uid AND type = 'ticket.imported'), 0))
