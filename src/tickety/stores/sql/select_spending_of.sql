SELECT day, runs, seconds, tokens, cost_usd FROM spending WHERE ticket_uid = :uid
