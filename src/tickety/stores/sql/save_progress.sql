-- A ticket that stands where it stood in the indexes on its columns: they need not be written again.
UPDATE ticket SET
    type = :type, title = :title, resolution = :resolution, assignee = :assignee, reporter = :reporter,
    sprint = :sprint, archived = :archived, updated_at = :updated_at, closed_at = :closed_at, due_at = :due_at,
    votes = :votes, waiting_for = :waiting_for, stalls_from = :stalls_from, blocker = :blocker,
    has_started = :has_started, document = :document
WHERE uid = :uid
RETURNING key
