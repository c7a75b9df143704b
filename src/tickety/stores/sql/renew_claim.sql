UPDATE claim SET lease_until = :lease_until
WHERE ticket_uid = :ticket_uid AND step = :step AND attempt = :attempt AND token = :token
