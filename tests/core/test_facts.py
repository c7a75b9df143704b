"""A ticket as facts: what is one, and that putting a difference makes one ticket the other."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tickety.core import events, facts, ticket

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
LINKS = st.builds(
    ticket.Link, st.sampled_from(["BUG-2026-002", "FEAT-2026-001"]), st.sampled_from(list(ticket.Relationship))
)
TICKETS = st.builds(
    lambda **fields: replace(builders.opened(), **fields),
    title=WORDS,
    description=WORDS,
    status=st.sampled_from(list(ticket.Status)),
    priority=st.sampled_from(list(ticket.Priority)),
    resolution=st.none() | st.sampled_from(list(ticket.Resolution)),
    assignee=st.none() | WORDS,
    parent=st.none() | WORDS,
    blocker=st.none() | WORDS,
    archived=st.booleans(),
    tags=st.lists(WORDS, max_size=4, unique=True).map(tuple),
    metadata=st.dictionaries(WORDS, JSON, max_size=4),
    linked_tickets=st.lists(LINKS, max_size=4, unique=True).map(tuple),
    comments=st.lists(
        st.builds(ticket.Comment, WORDS, WORDS, WORDS, WORDS, WORDS), max_size=3, unique_by=lambda one: one.id
    ).map(tuple),
    orchestration=st.sampled_from([builders.opened(kind=kind).orchestration for kind in ("bug", "doc", "epic")]),
)


@given(TICKETS, TICKETS)
def test_putting_the_difference_of_two_tickets_makes_the_one_the_other(
    one: ticket.Ticket, other: ticket.Ticket
) -> None:
    changed = facts.put(one, facts.difference(one, other))

    assert facts.of(changed) == facts.of(other)
    assert facts.of(facts.put(changed, facts.turned_round(facts.difference(one, other)))) == facts.of(one)


@given(TICKETS, TICKETS, TICKETS)
def test_two_changes_come_to_one(first: ticket.Ticket, second: ticket.Ticket, third: ticket.Ticket) -> None:
    summed = facts.summed([facts.difference(first, second), facts.difference(second, third)])

    assert summed == facts.difference(first, third)


def test_two_tags_are_two_facts_and_a_title_is_one() -> None:
    before = builders.opened(tags=["auth"])
    after = replace(before, tags=("auth", "a/b"), title="Other")

    assert facts.difference(before, after) == {
        "title": {"from": "The --version command fails", "to": "Other"},
        "tags/a/b": {"from": None, "to": True},
    }


def test_what_agents_said_and_what_follows_from_other_facts_is_none() -> None:
    before = builders.started(builders.opened(), "diagnose")
    after = replace(
        before, version=99, updated_at="later", waiting_for="x", agent_updates=(builders.update(before, "diagnose"),)
    )

    assert facts.difference(before, after) == {}
    assert facts.put(after, {}).agent_updates == after.agent_updates


def test_a_null_is_no_fact() -> None:
    subject = builders.opened(metadata={"affected_users": None})

    assert "metadata/affected_users" not in facts.of(subject)
    assert "blocker" not in facts.of(subject)


def test_the_parts_of_a_plan_are_facts_of_their_own() -> None:
    before = builders.opened()
    after = replace(before, orchestration=replace(before.orchestration, sla="4 hours"))

    assert list(facts.difference(before, after)) == ["orchestration/sla"]


def test_what_is_so_already_is_no_change() -> None:
    known: dict[str, Any] = {"title": "a", "tags/x": True}

    assert facts.changes(known, {"title": "a", "tags/x": None, "tags/y": None}) == {
        "tags/x": {"from": True, "to": None}
    }


def test_a_link_is_held_once() -> None:
    draft = events.Draft("ticket.linked", {"ticket_id": "BUG-2026-002", "relationship": "blocks"})

    assert len(builders.after(builders.opened(), [draft, draft]).linked_tickets) == 1
