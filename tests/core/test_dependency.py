"""Ties between tickets: both ends, and no circle."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tickety.core import dependency, errors, ticket

BLOCKED_BY = ticket.Relationship.BLOCKED_BY
NAMES = st.sampled_from("abcdef")


def waits(edges: list[tuple[str, str]]) -> dependency.Waits:
    def asked(names: Sequence[str]) -> dict[str, list[str]]:
        return {name: [awaited for waiting, awaited in edges if waiting == name] for name in names}

    return asked


@given(st.lists(st.tuples(NAMES, NAMES), max_size=14))
def test_ties_taken_one_after_another_never_close_a_circle(wanted: list[tuple[str, str]]) -> None:
    kept: list[tuple[str, str]] = []
    for edge in wanted:
        reaches = _reachable(kept, edge[1])
        try:
            dependency.require_no_circle([edge], waits(kept))
        except errors.Refused:
            assert edge[0] in reaches
        else:
            assert edge[0] not in reaches
            kept.append(edge)


def _reachable(edges: list[tuple[str, str]], start: str) -> set[str]:
    found = {start}
    for _ in edges:
        found |= {awaited for waiting, awaited in edges if waiting in found}
    return found


def test_a_circle_is_named_from_end_to_end() -> None:
    with pytest.raises(errors.Refused, match="a would wait for itself: a -> b -> c -> a"):
        dependency.require_no_circle([("a", "b")], waits([("b", "c"), ("c", "a"), ("b", "x")]))


def test_a_circle_of_new_ties_alone_is_seen() -> None:
    with pytest.raises(errors.Refused, match="a -> b -> a"):
        dependency.require_no_circle([("a", "b"), ("b", "a")], waits([]))


def test_a_tie_that_is_there_already_is_no_circle() -> None:
    dependency.require_no_circle([("a", "b")], waits([("a", "b")]))


@pytest.mark.parametrize("relationship", ticket.Relationship)
def test_a_link_is_held_by_one_end_or_by_both(relationship: ticket.Relationship) -> None:
    held = dependency.ties("a", relationship, "b")

    both = relationship in {"blocks", "blocked_by", "related_to"}
    assert [tie.holder for tie in held] == (["a", "b"] if both else ["a"])
    assert {edge for tie in held for edge in dependency.edges(tie)} == {
        "blocks": {("b", "a")}, "blocked_by": {("a", "b")}, "starts_with": {("a", "b")},
    }.get(relationship, set())  # fmt: skip


def test_linking_and_unlinking_are_done_once() -> None:
    subject = builders.opened()
    tie = dependency.Tie(subject.id, BLOCKED_BY, "FEAT-2026-001")
    assert dependency.unlink(subject, tie) == []

    linked = builders.after(subject, dependency.link(subject, tie))
    assert linked.linked_tickets == (ticket.Link("FEAT-2026-001", BLOCKED_BY),)
    assert dependency.link(linked, tie) == []
    assert builders.after(linked, dependency.unlink(linked, tie)).linked_tickets == ()


@pytest.mark.parametrize(("typed", "meant"), [
    ("blocked-by", "blocked_by"), ("Depends on", "blocked_by"), ("duplicates", "duplicate_of"),
    ("related", "related_to"), ("starts_with", "starts_with"),
])  # fmt: skip
def test_a_relationship_has_other_names(typed: str, meant: str) -> None:
    assert dependency.relationship_of(typed) == meant


def test_an_unknown_relationship_names_the_known_ones() -> None:
    with pytest.raises(errors.Usage) as refused:
        dependency.relationship_of("hates")
    assert "blocked_by" in refused.value.hint


def test_a_ticket_is_not_tied_to_itself() -> None:
    with pytest.raises(errors.Refused, match="to itself"):
        dependency.require_two("a", "a")
