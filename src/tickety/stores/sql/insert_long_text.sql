INSERT OR IGNORE INTO long_text (sha256, body) VALUES (:sha256, :body)
