INSERT OR IGNORE INTO cursor (name, seq, tries, next_try) VALUES (:name, :seq, :tries, :next_try)
