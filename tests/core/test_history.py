"""What a ticket is after what people did to it; the events of the desk."""

import pytest

from tests import builders
from tickety.core import document, events, history, report, ticket

AT, LATER = builders.AT, "2026-11-23T10:00:00Z"


def after(*drafts: events.Draft, by: str = "user:ada") -> ticket.Ticket:
    return builders.after(builders.opened(), drafts, by=by, at=LATER)


def test_a_comment_carries_who_said_it_when_and_whose_words_they_are() -> None:
    said = after(events.Draft("ticket.commented", {"id": "x", "text": "so", "origin": "import:stdin"}))

    assert said.comments == (ticket.Comment("x", "user:ada", LATER, "so", "import:stdin"),)
    assert said.updated_at == LATER


def test_votes_are_counted_from_none() -> None:
    assert after(*[events.Draft("ticket.voted", {"votes": 2})] * 3).metadata["user_votes"] == 6


def test_a_closed_ticket_says_who_closed_it_and_a_reopened_one_does_not() -> None:
    closed = after(
        events.Draft("ticket.blocked", {"blocker": "x"}), events.Draft("ticket.closed", {"resolution": "done"})
    )
    again = builders.after(closed, [events.Draft("ticket.reopened")])

    assert (closed.closed_at, closed.closed_by, closed.blocker) == (LATER, "user:ada", None)
    assert (again.closed_at, again.closed_by, again.status) == (None, None, "open")


def test_a_reopened_ticket_does_every_step_again_and_counts_on() -> None:
    done = builders.done(builders.opened(), "diagnose", "fix", "test")
    assert done.is_closed

    again = builders.after(done, [events.Draft("ticket.reopened")])

    assert [(step.state.value, step.attempt) for step in again.orchestration.steps] == [
        ("ready", 1), ("pending", 1), ("pending", 1)
    ]  # fmt: skip


def test_an_edit_of_the_first_version_is_read_as_it_was_meant() -> None:
    old = events.Event(builders.UID, 2, "ticket.edited", 1, AT, "user:ada", "c", None, None, {"metadata": {"a": 1}})

    assert history.apply(builders.opened(), old).metadata["a"] == 1


def test_an_imported_ticket_goes_on_from_the_version_it_had() -> None:
    known = document.from_ticket(builders.opened()) | {"version": 17, "uid": "elsewhere"}
    draft = events.Draft("ticket.imported", {"document": known})
    begun = history.apply(None, events.stamp(draft, builders.author(), builders.UID, events.first_n(draft)))

    assert (begun.version, begun.uid) == (17, builders.UID)
    assert builders.after(begun, [events.Draft("ticket.archived")]).version == 18


def test_every_event_that_can_be_written_can_be_folded() -> None:
    first = {"ticket.opened", "ticket.imported"}

    assert set(history._APPLY) == set(events.VERSIONS) - first  # noqa: SLF001 - the table is what is asked about


def test_nothing_is_no_ticket() -> None:
    with pytest.raises(ValueError, match="begins with an event"):
        history.fold([])


def test_what_runs_beside_a_step_that_is_taken_up_again_goes_on() -> None:
    steps = (ticket.Step("one", "Ops Agent", "do it"), ticket.Step("two", "Ops Agent", "do it", starts_with=("one",)))
    subject = builders.opened(orchestration=document.from_plan(ticket.Plan((), "", "24 hours", steps)))
    both = builders.started(builders.started(subject, "one"), "two")
    asked = builders.reported(both, "one", report.Status.NEEDS_HUMAN)

    again = builders.after(asked, [events.Draft("step.retried", {"step": "one", "by_hand": None, "approved": ["it"]})])

    assert [step.state for step in again.orchestration.steps] == [ticket.State.READY, ticket.State.RUNNING]
