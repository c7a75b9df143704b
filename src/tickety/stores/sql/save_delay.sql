INSERT OR REPLACE INTO delay (rule, seconds) VALUES (:rule, :seconds)
