"""Taking commands back on one ticket: which command is meant, what comes back, and what stands against it."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tickety.core import catalogue, dependency, editing, errors, events, facts, history, lifecycle, moves, ticket, undo

Rule = Callable[[ticket.Ticket], Sequence[events.Draft]]


class Log:
    """The log of one ticket, and the people who write it."""

    def __init__(self, **opened: Any) -> None:  # noqa: ANN401 - fields of a ticket
        self.events = [events.stamp(builders.opening(**opened), builders.author("c0"), builders.UID, 1)]
        self._count = 0

    @property
    def ticket(self) -> ticket.Ticket:
        return history.fold(self.events)

    def do(self, rule: Rule, *, by: str = "user:ada", causation: str | None = None) -> str:
        self._count += 1
        author = events.Author(by, builders.AT, f"c{self._count}", causation)
        for draft in rule(self.ticket):
            self.events.append(events.stamp(draft, author, builders.UID, len(self.events) + 1))
        return author.command_id

    def edit(self, by: str = "user:ada", **plain: object) -> str:
        wanted = editing.Edit({name.replace("__", "/"): value for name, value in plain.items()}, origin="user")
        return self.do(lambda subject: editing.edit(subject, wanted, catalogue.BUILT_IN, "user:ada"), by=by)

    def commands(self, by: str = "user:ada") -> list[undo.Command]:
        found = {event.command_id: event.causation for event in self.events if event.by == by}
        return [undo.Command(*pair) for pair in reversed(found.items())]

    def back(self, by: str = "user:ada") -> bool:
        return self._take_back(undo.last_done(self.commands(by)), "undo", by)

    def again(self, by: str = "user:ada") -> bool:
        return self._take_back(undo.last_undone(self.commands(by)), "redo", by)

    def _take_back(self, command: undo.Command | None, kind: str, by: str) -> bool:
        if command:
            self.do(lambda _: undo.take_back(self.events, command.id), by=by, causation=f"{kind}:{command.id}")
        return command is not None


def _edit(**plain: object) -> Rule:
    wanted = editing.Edit({name.replace("__", "/"): value for name, value in plain.items()})
    return lambda subject: editing.edit(subject, wanted, catalogue.BUILT_IN)


def _said(subject: ticket.Ticket) -> list[events.Draft]:
    return [events.Draft("ticket.commented", {"id": f"id-{subject.version}", "text": "so", "origin": "user"})]


def _retyped(subject: ticket.Ticket) -> list[events.Draft]:
    other = "task" if subject.type == "bug" else "bug"
    return editing.edit(subject, editing.Edit(recipe=catalogue.BUILT_IN.recipe(other)), catalogue.BUILT_IN)


def _prioritised(subject: ticket.Ticket) -> list[events.Draft]:
    other = ticket.Priority.LOW if subject.priority is ticket.Priority.HIGH else ticket.Priority.HIGH
    return editing.edit(subject, editing.Edit(priority=other, logged_hours=1), catalogue.BUILT_IN)


TIE = dependency.Tie("BUG-2026-001", ticket.Relationship.BLOCKS, "BUG-2026-002")
RULES: list[Rule] = [
    _edit(title="One"), _edit(title="Two", tags__a=True), _edit(tags__a=None, tags__b=True),
    _edit(parent="EPIC-2026-001"), _edit(assignee=None), _said, _retyped, _prioritised,
    moves.unblock, moves.reopen, moves.unarchive,
    lambda subject: [] if subject.is_closed else moves.block(subject, f"reason {subject.version}"),
    lambda subject: moves.close(subject, None),
    lambda subject: moves.archive(subject) if subject.is_closed else [],
    lambda _: [events.Draft("ticket.voted", {"votes": 1})],
    lambda subject: dependency.link(subject, TIE),
    lambda subject: dependency.unlink(subject, TIE),
]  # fmt: skip


def _tried(log: Log, rule: Rule) -> None:
    try:
        log.do(rule)
    except errors.Refused:
        return


@given(st.lists(st.sampled_from(range(len(RULES))), max_size=12), st.integers(0, 12))
def test_whatever_was_done_undone_and_done_again_is_the_very_same(picked: list[int], times: int) -> None:
    log = Log()
    states = [facts.of(log.ticket)]
    for index in picked:
        _tried(log, RULES[index])
        if facts.of(log.ticket) != states[-1]:
            states.append(facts.of(log.ticket))

    times = min(times, len(states) - 1)
    for step in range(times):
        assert log.back()
        assert facts.of(log.ticket) == states[-2 - step]
    for step in range(times):
        assert log.again()
        assert facts.of(log.ticket) == states[step - times]
    assert not log.again()


@given(st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=25))
def test_undo_and_redo_walk_a_line_like_an_editors(walk: list[str]) -> None:
    log, done, undone = Log(), [0], list[int]()
    for count, step in enumerate(walk, 1):
        if step == "do":
            log.edit(title=f"title {count}")
            done, undone = [*done, count], []
        elif step == "undo" and len(done) > 1:
            assert log.back()
            undone.append(done.pop())
        elif step == "redo":
            assert log.again() is bool(undone)
            done += [undone.pop()] if undone else []
        expected = f"title {done[-1]}" if done[-1] else "The --version command fails"
        assert log.ticket.title == expected


def test_what_others_did_elsewhere_on_the_ticket_stays() -> None:
    log = Log()
    log.edit(title="Ada's")
    log.edit(by="user:bob", tags__auth=True)

    assert log.back()

    assert (log.ticket.title, log.ticket.tags) == ("The --version command fails", ("auth",))


def test_what_somebody_changed_since_is_not_taken_back_and_both_are_named() -> None:
    log = Log()
    log.edit(title="Ada's")
    log.edit(by="user:bob", title="Bob's")

    with pytest.raises(
        errors.Refused, match=r"BUG-2026-001 cannot be put back: user:bob changed its title since .*event 3"
    ):
        log.back()


def test_what_somebody_changed_and_took_back_themselves_stands_in_nobodys_way() -> None:
    log = Log()
    log.edit(title="Ada's")
    log.edit(by="user:bob", title="Bob's")
    assert log.back(by="user:bob")

    assert log.back()

    assert log.ticket.title == "The --version command fails"


def test_a_change_that_was_done_again_by_somebody_else_does_stand_in_the_way() -> None:
    log = Log()
    log.edit(title="Ada's")
    log.edit(by="user:bob", title="Bob's")
    assert log.back(by="user:bob")
    assert log.again(by="user:bob")

    with pytest.raises(errors.Refused, match="user:bob changed its title"):
        log.back()


def test_an_attempt_that_ran_is_not_taken_back() -> None:
    log = Log()
    log.do(lambda subject: lifecycle.start_step(subject, "diagnose", builders.holder("here/1")))

    with pytest.raises(errors.Refused, match=r"an attempt ran \(step.started by user:ada, event 2 of BUG-2026-001\)"):
        log.back()


def test_a_new_ticket_is_cancelled_put_away_and_brought_back_as_it_was() -> None:
    log = Log(linked_tickets=())
    log.do(lambda _: [events.Draft("ticket.linked", {"ticket_id": "BUG-2026-002", "relationship": "blocks"})])
    log.events[-1] = events.Event(
        **{**log.events[-1].as_json(), "command_id": "c0"}
    )  # opened and linked by one command
    before = facts.of(log.ticket)

    assert log.back()
    gone = log.ticket
    assert (gone.status, gone.resolution, gone.archived, gone.linked_tickets) == ("closed", "cancelled", True, ())
    assert not log.back()

    assert log.again()
    assert facts.of(log.ticket) == before


def test_a_new_ticket_that_somebody_worked_on_stays() -> None:
    log = Log()
    log.edit(by="user:bob", tags__auth=True)

    with pytest.raises(errors.Refused, match="user:bob changed it since"):
        log.back()


def test_nothing_is_redone_after_something_else_was_done() -> None:
    log = Log()
    log.edit(title="One")
    assert log.back()
    log.edit(title="Two")

    assert not log.again()
    assert log.ticket.title == "Two"


def test_a_command_that_came_to_nothing_does_not_keep_undo_from_the_ones_before() -> None:
    log = Log()
    log.edit(title="One")
    log.do(lambda _: dependency.unlink(builders.after(log.ticket, dependency.link(log.ticket, TIE)), TIE))

    assert log.back()
    assert log.back()

    assert log.ticket.title == "The --version command fails"


def test_the_history_tells_what_was_taken_back() -> None:
    log = Log()
    edited = log.edit(title="One")
    log.back()

    assert log.events[-1].type == "ticket.reverted"
    assert log.events[-1].data["command"] == edited
    assert log.events[-1].causation == f"undo:{edited}"
    assert log.events[-1].data["changes"] == {"title": {"from": "One", "to": "The --version command fails"}}


def _closed(subject: ticket.Ticket) -> list[events.Draft]:
    return moves.close(subject, None)


def test_a_ticket_is_not_opened_under_its_archived_flag() -> None:
    log = Log()
    log.do(_closed)
    log.do(moves.archive, by="user:bob")

    with pytest.raises(errors.Refused, match=r"user:bob changed whether it is archived since .*event 3"):
        log.back()


def test_a_ticket_is_not_archived_again_when_it_was_reopened_since() -> None:
    log = Log()
    log.do(_closed, by="user:bob")
    log.do(moves.archive, by="user:bob")
    log.do(moves.unarchive)
    log.do(moves.reopen, by="user:bob")

    with pytest.raises(errors.Refused, match=r"user:bob changed its status since .*event 5"):
        log.back()


def test_what_was_done_again_since_stands_in_the_way_though_it_was_taken_back_before() -> None:
    log = Log()
    log.do(_closed)
    log.do(moves.reopen, by="user:bob")
    assert all((log.back(by="user:bob"), log.back(), log.again(), log.again(by="user:bob")))

    with pytest.raises(errors.Refused, match=r"user:bob changed its closed_at since .*event 7"):
        log.back()


def test_undo_and_redo_bring_back_whose_words_they_were() -> None:
    log = Log()
    wanted = editing.Edit({"description": "run it"}, origin="agent:claude")
    log.do(lambda subject: editing.edit(subject, wanted, catalogue.BUILT_IN, "user:ada"))

    assert log.back()
    assert log.ticket.origin == {"description": "user"}
    assert log.again()
    assert log.ticket.origin == {"description": "agent:claude"}
