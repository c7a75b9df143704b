SELECT body FROM long_text WHERE sha256 = :sha256
