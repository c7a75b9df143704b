"""A ticket as single facts, so that a change can be told, compared and taken back one fact at a time.

A fact is named by its place in the ticket's JSON: ``title``, ``metadata/estimated_hours``, ``tags/auth``,
``linked_tickets/blocked_by/BUG-2026-001``, ``comments/ID``, ``orchestration/sla``. Two people who add a tag each
change two facts; two who change the title change one. A null is no fact. What follows from other facts
(``version``, ``updated_at``, ``progress``, ``waiting_for``) is none, and neither is what agents said.
"""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from tickety.core import document, ticket

Changes = dict[str, dict[str, Any]]
"""Fact -> ``{"from": …, "to": …}``; None where there was, or is, no such fact."""

PLAIN = (
    "type", "title", "description", "status", "priority", "assignee", "due_at", "resolution", "blocker",
    "closed_at", "closed_by", "parent", "sprint", "archived",
)  # fmt: skip
PLANNED = tuple(field.name for field in fields(ticket.Plan))


def of(subject: ticket.Ticket) -> dict[str, Any]:
    """Every fact of a ticket, as JSON."""
    # What agents said is no fact, and may be long.
    written = document.from_ticket(replace(subject, agent_updates=()))
    found = {name: written[name] for name in PLAIN}
    found |= {f"orchestration/{name}": written["orchestration"][name] for name in PLANNED}
    found |= {f"metadata/{name}": value for name, value in written["metadata"].items()}
    found |= {f"tags/{tag}": True for tag in written["tags"]}
    found |= {f"linked_tickets/{_name(link)}": True for link in written["linked_tickets"]}
    found |= {f"comments/{comment['id']}": comment for comment in written["comments"]}
    return {name: value for name, value in found.items() if value is not None}


def difference(before: ticket.Ticket, after: ticket.Ticket) -> Changes:
    """What changed, fact by fact."""
    old, new = of(before), of(after)
    return changes(old, {name: new.get(name) for name in dict.fromkeys((*old, *new))})


def changes(known: dict[str, Any], wanted: dict[str, Any]) -> Changes:
    """The changes that make facts what is wanted of them; what they are already is left out."""
    return {name: {"from": known.get(name), "to": value} for name, value in wanted.items() if known.get(name) != value}


def put(subject: ticket.Ticket, changes: Changes) -> ticket.Ticket:
    """The ticket with the ``to`` of every change in the place of what it had."""
    wanted = {name: change["to"] for name, change in changes.items()}
    written = document.from_ticket(subject)
    written |= {name: wanted[name] for name in PLAIN if name in wanted}
    written["orchestration"] |= _below(wanted, "orchestration")
    written["metadata"] = _merged(written["metadata"], _below(wanted, "metadata"))
    written["tags"] = list(_merged(dict.fromkeys(written["tags"], True), _below(wanted, "tags")))
    links = {_name(link): True for link in written["linked_tickets"]}
    written["linked_tickets"] = [_link(name) for name in _merged(links, _below(wanted, "linked_tickets"))]
    said = {comment["id"]: comment for comment in written["comments"]}
    written["comments"] = list(_merged(said, _below(wanted, "comments")).values())
    return document.to_ticket(written)


def turned_round(changes: Changes) -> Changes:
    """The changes that take these back."""
    return {name: {"from": change["to"], "to": change["from"]} for name, change in changes.items()}


def summed(several: Iterable[Changes]) -> Changes:
    """What changes that came one after the other come to: the first ``from`` and the last ``to`` of every fact."""
    total: Changes = {}
    for one in several:
        for name, change in one.items():
            total[name] = {"from": total.get(name, change)["from"], "to": change["to"]}
    return {name: change for name, change in total.items() if change["from"] != change["to"]}


def with_link(subject: ticket.Ticket, link: ticket.Link) -> ticket.Ticket:
    """The ticket with a link; the same ticket when it has it already."""
    if link in subject.linked_tickets:
        return subject
    return replace(subject, linked_tickets=(*subject.linked_tickets, link))


def _below(wanted: dict[str, Any], place: str) -> dict[str, Any]:
    return {name.partition("/")[2]: value for name, value in wanted.items() if name.startswith(place + "/")}


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**old, **new}.items() if name not in new or value is not None}


def _name(link: dict[str, str]) -> str:
    return f"{link['relationship']}/{link['ticket_id']}"


def _link(name: str) -> dict[str, str]:
    relationship, _, ticket_id = name.partition("/")
    return {"ticket_id": ticket_id, "relationship": relationship}
