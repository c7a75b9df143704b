SELECT total(runs), total(seconds), total(tokens), total(cost_usd) FROM spending WHERE day = :day
