UPDATE work SET is_held = :is_held WHERE ticket_uid = :uid AND is_held <> :is_held
