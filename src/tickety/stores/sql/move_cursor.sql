UPDATE cursor SET seq = :seq, tries = :tries, next_try = :next_try
WHERE name = :name AND seq = :seq_before AND tries = :tries_before AND next_try IS :next_try_before
