INSERT INTO ticket (uid, id, prefix, year, number, type, title, status, priority, rank, created_at, updated_at,
                    waiting_for, blocker, document)
VALUES (:uid, :id, :prefix, :year, :number, :type, :title, :status, :priority, :rank, :created_at, :updated_at,
        :waiting_for, :blocker, :document)
ON CONFLICT (uid) DO UPDATE SET
    type = excluded.type, title = excluded.title, status = excluded.status, priority = excluded.priority,
    rank = excluded.rank, updated_at = excluded.updated_at, waiting_for = excluded.waiting_for,
    blocker = excluded.blocker, document = excluded.document
