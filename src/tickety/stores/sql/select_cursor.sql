SELECT name, seq, tries, next_try FROM cursor WHERE name = :name
