INSERT OR IGNORE INTO event_kind (type, v) VALUES (:type, :v)
