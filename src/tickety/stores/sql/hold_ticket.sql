UPDATE ticket SET held_by = :held_by WHERE uid = :uid AND held_by IS NOT :held_by
