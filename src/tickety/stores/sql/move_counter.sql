INSERT INTO counter (prefix, year, last) VALUES (:prefix, :year, :number)
ON CONFLICT (prefix, year) DO UPDATE SET last = max(last, excluded.last)
