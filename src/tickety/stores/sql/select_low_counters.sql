SELECT ticket.prefix, ticket.year, max(ticket.number) AS highest
FROM ticket LEFT JOIN counter ON counter.prefix = ticket.prefix AND counter.year = ticket.year
GROUP BY ticket.prefix, ticket.year
HAVING highest > coalesce(max(counter.last), 0)
