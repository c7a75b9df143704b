"""What cannot be true of tickets taken together is found."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tickety.core import consistency, ticket

ONE = builders.opened()
TWO = replace(ONE, id="BUG-2026-002")


def link(one: ticket.Ticket, relationship: str, other: str) -> ticket.Ticket:
    added = ticket.Link(other, ticket.Relationship(relationship))
    return replace(one, linked_tickets=(*one.linked_tickets, added))


def told(*tickets: ticket.Ticket) -> list[str]:
    return [fault.sentence for fault in consistency.faults(tickets)]


@pytest.mark.parametrize(("one", "other"), [("blocks", "blocked_by"), ("related_to", "related_to")])
def test_a_link_is_held_by_both_ends(one: str, other: str) -> None:
    assert told(link(ONE, one, TWO.id), link(TWO, other, ONE.id)) == []
    assert told(link(ONE, one, TWO.id), TWO) == [
        f"BUG-2026-001 says {one} BUG-2026-002, and BUG-2026-002 does not know of it"
    ]


def test_a_link_that_one_end_holds_or_that_leads_nowhere_is_no_half_link() -> None:
    assert told(link(ONE, "starts_with", TWO.id), link(TWO, "related_to", "BUG-2026-009")) == []


def test_a_parent_that_is_not_there_and_an_open_ticket_that_is_archived_are_found() -> None:
    faults = list(consistency.faults([replace(ONE, parent="EPIC-2026-001"), replace(TWO, archived=True)]))

    assert [fault.command for fault in faults] == ["tickety epic remove BUG-2026-001", "tickety unarchive BUG-2026-002"]


def test_a_circle_over_links_and_parents_is_found_once() -> None:
    epic = link(replace(ONE, id="EPIC-2026-001"), "starts_with", "BUG-2026-009")
    child = link(replace(ONE, parent=epic.id), "starts_with", TWO.id)

    assert told(epic, child, link(TWO, "starts_with", epic.id)) == [
        "BUG-2026-001 -> BUG-2026-002 -> EPIC-2026-001 -> BUG-2026-001 wait for each other in a circle"
    ]


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), unique=True)))
def test_every_circle_is_one_and_without_circles_none_is_found(waits: Mapping[str, Sequence[str]]) -> None:
    found = list(consistency.circles(waits))

    for circle in found:
        assert all(after in waits[before] for before, after in zip(circle, (*circle[1:], circle[0]), strict=True))
    assert bool(found) == any(_reaches(waits, name, name) for name in waits)


def _reaches(waits: Mapping[str, Sequence[str]], start: str, goal: str) -> bool:
    border, seen = list(waits.get(start, ())), set[str]()
    while border:
        name = border.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            border += waits.get(name, ())
    return False
