SELECT rule, cause, anchor FROM alarm WHERE ticket_uid = :uid
