INSERT INTO spending (ticket_uid, day, runs, seconds, tokens, cost_usd)
VALUES (:ticket_uid, :day, :runs, :seconds, :tokens, :cost_usd)
