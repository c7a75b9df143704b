INSERT INTO ticket (uid, id, prefix, year, number, type, title, status, priority, rank, resolution, assignee, reporter,
                    parent, sprint, archived, created_at, updated_at, closed_at, due_at, votes, waiting_for, awaits,
                    stalls_from, escalated, blocker, has_started, can_be_done, document)
VALUES (:uid, :id, :prefix, :year, :number, :type, :title, :status, :priority, :rank, :resolution, :assignee, :reporter,
        :parent, :sprint, :archived, :created_at, :updated_at, :closed_at, :due_at, :votes, :waiting_for, :awaits,
        :stalls_from, :escalated, :blocker, :has_started, :can_be_done, :document)
ON CONFLICT (uid) DO UPDATE SET
    type = excluded.type, title = excluded.title, status = excluded.status, priority = excluded.priority,
    rank = excluded.rank, resolution = excluded.resolution, assignee = excluded.assignee,
    reporter = excluded.reporter, parent = excluded.parent, sprint = excluded.sprint, archived = excluded.archived,
    created_at = excluded.created_at, updated_at = excluded.updated_at, closed_at = excluded.closed_at,
    due_at = excluded.due_at, votes = excluded.votes, waiting_for = excluded.waiting_for, awaits = excluded.awaits,
    stalls_from = excluded.stalls_from, escalated = excluded.escalated, blocker = excluded.blocker,
    has_started = excluded.has_started, can_be_done = excluded.can_be_done, document = excluded.document
RETURNING key
