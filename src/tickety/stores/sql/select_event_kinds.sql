SELECT type, v FROM event_kind
