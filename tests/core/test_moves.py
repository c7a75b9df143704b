"""What people may do to a ticket where it stands: the whole table, and what it leads to."""

import itertools
from collections.abc import Callable

import pytest

from tests import builders
from tickety.cli import main
from tickety.core import errors, events, moves, ticket

OPEN = builders.opened()
STANDING = {
    ticket.Status.OPEN: OPEN,
    ticket.Status.IN_PROGRESS: builders.started(OPEN, "diagnose"),
    ticket.Status.BLOCKED: builders.after(OPEN, moves.block(OPEN, "the vendor")),
    ticket.Status.CLOSED: builders.after(OPEN, moves.close(OPEN, None)),
}
MOVES: dict[str, Callable[[ticket.Ticket], list[events.Draft]]] = {
    "block": lambda subject: moves.block(subject, "the weather"),
    "unblock": moves.unblock,
    "close": lambda subject: moves.close(subject, None),
    "reopen": moves.reopen,
    "archive": moves.archive,
    "unarchive": moves.unarchive,
}
NOTHING, REFUSED = "nothing", "refused"
OPENED, W, B, C = ticket.Status
#: status -> what each move comes to: the status after it, nothing to do, or a refusal
OUTCOMES = {
    "block":     {OPENED: B, W: B, B: B, C: REFUSED},
    "unblock":   {OPENED: NOTHING, W: NOTHING, B: OPENED, C: REFUSED},
    "close":     {OPENED: C, W: C, B: C, C: NOTHING},
    "reopen":    {OPENED: NOTHING, W: NOTHING, B: NOTHING, C: OPENED},
    "archive":   {OPENED: REFUSED, W: REFUSED, B: REFUSED, C: C},
    "unarchive": {OPENED: NOTHING, W: NOTHING, B: NOTHING, C: NOTHING},
}  # fmt: skip


@pytest.mark.parametrize(("move", "status"), list(itertools.product(MOVES, ticket.Status)))
def test_every_move_has_its_outcome_in_every_status(move: str, status: ticket.Status) -> None:
    subject, outcome = STANDING[status], OUTCOMES[move][status]
    assert subject.status is status

    if outcome == REFUSED:
        with pytest.raises(errors.Refused, match=f"{subject.id} is {status}"):
            MOVES[move](subject)
    elif outcome == NOTHING:
        assert MOVES[move](subject) == []
    else:
        after = builders.after(subject, MOVES[move](subject))
        assert (after.version, after.status) == (subject.version + 1, outcome)


@pytest.mark.parametrize("move", [move for move in MOVES if move != "block"])
@pytest.mark.parametrize("status", ticket.Status)
def test_a_move_that_was_made_is_not_made_again(move: str, status: ticket.Status) -> None:
    if OUTCOMES[move][status] != REFUSED:
        after = builders.after(STANDING[status], MOVES[move](STANDING[status]))
        assert MOVES[move](after) == []


def test_the_table_speaks_of_every_move_and_every_status() -> None:
    assert set(moves.LEGAL) == set(MOVES) == set(OUTCOMES)
    assert all(set(outcomes) == set(ticket.Status) for outcomes in OUTCOMES.values())


def test_every_remedy_is_a_verb_that_exists() -> None:
    for remedy in moves.REMEDY.values():
        assert remedy.split()[1] in main.VERBS


def test_blocked_for_the_same_reason_again_is_nothing_for_another_one_is_told() -> None:
    blocked = STANDING[B]

    assert moves.block(blocked, "the vendor") == []
    assert builders.after(blocked, moves.block(blocked, "the weather")).blocker == "the weather"


def test_what_has_begun_is_in_progress_again_when_it_is_unblocked() -> None:
    begun = STANDING[W]
    blocked = builders.after(begun, moves.block(begun, "the vendor"))

    assert builders.after(blocked, moves.unblock(blocked)).status is W


@pytest.mark.parametrize("resolution", ticket.Resolution)
def test_what_is_unfinished_forbids_fixed_and_done_only(resolution: ticket.Resolution) -> None:
    if resolution in {"fixed", "done"}:
        with pytest.raises(
            errors.Refused, match=f"as {resolution} while BUG-2026-007, QA-2026-001 are still open"
        ) as refused:
            moves.close(OPEN, resolution, ["BUG-2026-007", "QA-2026-001"])
        assert "tickety close BUG-2026-007 QA-2026-001 BUG-2026-001" in refused.value.hint
    else:
        assert moves.close(OPEN, resolution, ["BUG-2026-007"])[0].data == {"resolution": resolution.value}


def test_a_closed_ticket_is_not_closed_again_with_another_resolution() -> None:
    closed = STANDING[C]

    assert moves.close(closed, ticket.Resolution.FIXED) == []
    with pytest.raises(errors.Refused, match="closed already, as fixed"):
        moves.close(closed, ticket.Resolution.DONE)


@pytest.mark.parametrize(
    ("kind", "resolution"), [("bug", "fixed"), ("security", "fixed"), ("doc", "done"), ("epic", "done")]
)
def test_a_fault_is_fixed_and_everything_else_is_done(kind: str, resolution: str) -> None:
    subject = builders.opened(kind=kind)

    assert builders.after(subject, moves.close(subject, None)).resolution == resolution


def test_an_archived_ticket_is_opened_again_in_one_move() -> None:
    archived = builders.after(STANDING[C], moves.archive(STANDING[C]))
    with pytest.raises(errors.Refused, match="is archived"):
        moves.require_changeable(archived)

    again = builders.after(archived, moves.reopen(archived))

    assert (again.status, again.archived, again.resolution, again.closed_at) == (OPENED, False, None, None)


@pytest.mark.parametrize("typed", ["wont_fix", "Wont-Fix", " won't fix ".replace("'", "")])
def test_a_resolution_is_understood_however_it_is_joined(typed: str) -> None:
    assert moves.resolution_of(typed) is ticket.Resolution.WONT_FIX


def test_an_unknown_resolution_names_the_known_ones() -> None:
    with pytest.raises(errors.Usage) as refused:
        moves.resolution_of("finished")
    assert "fixed, done" in refused.value.hint
