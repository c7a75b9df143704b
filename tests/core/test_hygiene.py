"""What a tidy project does not have, and the command that mends each."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests import builders
from tickety.core import document, events, hygiene

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TIDY = hygiene.Subject(
    "u1", "BUG-2026-001", "bug", "It fails", "open", "user:ada", "2026-11-21T09:00:00Z", None, "2026-11-30T09:00:00Z",
    None, None, (), archived=False,
)  # fmt: skip
OTHER = replace(TIDY, uid="u2", id="DOC-2026-002", title="Write it")
CLOSED = replace(OTHER, status="closed", closed_at="2026-11-21T09:00:00Z")
EPIC = replace(TIDY, uid="u3", id="EPIC-2026-001", type="epic", title="All of it")


def found(*subjects: hygiene.Subject) -> list[tuple[str, str]]:
    return [(finding.rule, finding.command) for finding in hygiene.survey(subjects, NOW)]


def test_a_tidy_project_has_no_findings() -> None:
    assert found(TIDY, OTHER, replace(CLOSED, id="DOC-2026-003"), EPIC) == []


def test_a_late_ticket_is_found() -> None:
    assert found(replace(TIDY, due_at="2026-11-22T08:00:00Z")) == [("overdue", "tickety why BUG-2026-001")]


def test_a_ticket_to_which_nothing_happened_for_a_month_is_forgotten() -> None:
    assert found(replace(TIDY, updated_at="2026-10-23T09:00:01Z")) == []
    assert found(replace(TIDY, updated_at="2026-10-23T09:00:00Z")) == [("stale", "tickety why BUG-2026-001")]


def test_a_ticket_without_an_owner_is_found_unless_it_is_closed() -> None:
    assert found(replace(TIDY, assignee=None)) == [("unowned", "tickety assign BUG-2026-001 user:NAME")]
    assert found(replace(CLOSED, assignee=None)) == []


def test_a_ticket_closed_for_three_months_may_be_archived_and_one_that_is_archived_is_left_in_peace() -> None:
    old = replace(CLOSED, closed_at="2026-08-24T09:00:00Z")

    assert found(old) == [("archivable", "tickety archive DOC-2026-002")]
    assert found(replace(old, archived=True)) == []
    assert found(replace(old, closed_at="2026-08-24T09:00:01Z")) == []


def test_a_parent_closed_before_its_parts_is_found_and_not_archived() -> None:
    parent = replace(EPIC, status="closed", closed_at="2026-01-01T09:00:00Z")

    assert found(parent, replace(OTHER, parent="EPIC-2026-001")) == [("half_closed", "tickety reopen EPIC-2026-001")]


def test_an_epic_with_nothing_left_to_do_is_to_be_closed() -> None:
    assert found(EPIC, replace(CLOSED, parent=EPIC.id)) == [("finished_epic", "tickety close EPIC-2026-001")]
    assert found(EPIC, replace(OTHER, parent=EPIC.id)) == []


@pytest.mark.parametrize(
    ("blocker", "blocked_by", "mend"),
    [
        ("waits for DOC-2026-002", (), "unblock"),
        ("DOC-2026-002 and DOC-2026-002 again", (), "unblock"),
        ("the rain", ("DOC-2026-002",), None),
        ("QA Agent reported: as in DOC-2026-002", (), None),
    ],
)
def test_a_ticket_blocked_by_what_is_closed_is_found(blocker: str, blocked_by: tuple[str, ...], mend: str) -> None:
    blocked = replace(TIDY, status="blocked", blocker=blocker, blocked_by=blocked_by)

    (only,) = hygiene.survey((blocked, CLOSED), NOW)

    assert (only.rule, only.command, only.mend) == ("blocker_gone", "tickety unblock BUG-2026-001", mend)


@pytest.mark.parametrize(
    ("blocker", "blocked_by"),
    [
        ("the rain", ()),
        ("waits for DOC-2026-002 and TASK-2026-009", ()),
        ("waits for TASK-2026-009", ("DOC-2026-002",)),
        ("BUG-2026-001 is hard", ()),
    ],
)
def test_a_ticket_stays_blocked_while_something_it_names_is_open_or_unknown(
    blocker: str, blocked_by: tuple[str, ...]
) -> None:
    assert found(replace(TIDY, status="blocked", blocker=blocker, blocked_by=blocked_by), CLOSED) == []


def test_the_same_title_however_it_is_spelt_is_the_same_ticket_twice() -> None:
    double = replace(OTHER, title=" it FAILS!")

    (only,) = hygiene.survey((TIDY, double), NOW)

    assert (only.id, only.command) == ("DOC-2026-002", "tickety close DOC-2026-002 --of BUG-2026-001")
    assert found(TIDY, replace(CLOSED, title="It fails")) == []
    assert found(replace(TIDY, title="!"), replace(OTHER, title="?")) == []


def test_what_the_rules_look_at_is_read_from_a_tickets_json() -> None:
    link = events.Draft("ticket.linked", {"ticket_id": "DOC-2026-002", "relationship": "blocked_by"})
    subject = builders.after(builders.opened(), [link])

    assert hygiene.subject(document.from_ticket(subject)).blocked_by == ("DOC-2026-002",)
