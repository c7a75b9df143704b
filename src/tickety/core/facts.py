"""A ticket as single facts, so that a change can be told, compared and taken back one fact at a time.

A fact is named by its place in the ticket's JSON: ``title``, ``metadata/estimated_hours``, ``tags/auth``,
``linked_tickets/blocked_by/BUG-2026-001``, ``comments/ID``, ``orchestration/sla``, ``origin/description``. Two
people who add a tag each change two facts; two who change the title change one. A null is no fact. What follows from
other facts (``version``, ``updated_at``, ``progress``, ``waiting_for``) is none, and neither is what agents said.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import Any

from tickety.core import document, ticket

Changes = dict[str, dict[str, Any]]
"""Fact -> ``{"from": …, "to": …}``; None where there was, or is, no such fact."""

Order = dict[str, list[str]]
"""Place -> the names of the facts below it, one after another: changes do not tell where a fact stands."""

PLAIN = (
    "type", "title", "description", "status", "priority", "assignee", "due_at", "resolution", "blocker",
    "closed_at", "closed_by", "parent", "sprint", "archived", "paused_by",
)  # fmt: skip
PLANNED = tuple(field.name for field in fields(ticket.Plan))


def of(subject: ticket.Ticket) -> dict[str, Any]:
    """Every fact of a ticket, as JSON."""
    # What agents said is no fact, and may be long.
    written = document.from_ticket(replace(subject, agent_updates=()))
    found = {name: written[name] for name in PLAIN}
    found |= {f"orchestration/{name}": written["orchestration"][name] for name in PLANNED}
    found |= {f"metadata/{name}": value for name, value in written["metadata"].items()}
    found |= {f"origin/{name}": value for name, value in written["origin"].items()}
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
    written["origin"] = _merged(written["origin"], _below(wanted, "origin"))
    if tags := _below(wanted, "tags"):
        written["tags"] = list(_merged(dict.fromkeys(written["tags"], True), tags))
    if links := _below(wanted, "linked_tickets"):
        known = {_name(link): True for link in written["linked_tickets"]}
        written["linked_tickets"] = [_link(name) for name in _merged(known, links)]
    if comments := _below(wanted, "comments"):
        said = {comment["id"]: comment for comment in written["comments"]}
        written["comments"] = list(_merged(said, comments).values())
    return document.to_ticket(written)


def order(subject: ticket.Ticket) -> Order:
    """The order in which a ticket holds its facts."""
    return {
        "tags": list(subject.tags),
        "linked_tickets": [f"{link.relationship.value}/{link.ticket_id}" for link in subject.linked_tickets],
        "comments": [comment.id for comment in subject.comments],
        "metadata": list(subject.metadata),
    }


def arranged(subject: ticket.Ticket, wanted: Order) -> ticket.Ticket:
    """The ticket with its facts in this order, others behind them; what metadata lacks of it is there, as a null."""
    written = document.from_ticket(subject)
    for place, named in _KEYS.items():
        held = {named(one): one for one in written[place]}
        if len(held) == len(written[place]):
            written[place] = [held[name] for name in _ordered(wanted.get(place, ()), held)]
    keys = [*dict.fromkeys(str(name) for name in wanted.get("metadata", ())), *written["metadata"]]
    written["metadata"] = {name: written["metadata"].get(name) for name in keys}
    return document.to_ticket(written)


def order_after(subject: ticket.Ticket, changes: Changes, former: ticket.Ticket) -> Order:
    """What has to be told beside changes that bring a former ticket's facts back, so that they stand as they stood.

    Empty when they do anyhow.
    """
    changed = put(subject, changes)
    now, then = order(changed), order(former)
    nulls = {name for name, value in former.metadata.items() if value is None and f"metadata/{name}" in changes}
    wanted = {
        place: _ordered(then[place], dict.fromkeys([*now[place], *(nulls if place == "metadata" else ())]))
        for place in now
    }
    return {place: names for place, names in wanted.items() if names != now[place]}


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


def _ordered(first: Iterable[str], held: Iterable[str]) -> list[str]:
    """Those that are held, in the given order, and the others behind them."""
    known = dict.fromkeys(held)
    return list(dict.fromkeys([*(name for name in first if name in known), *known]))


def _name(link: dict[str, str]) -> str:
    return f"{link['relationship']}/{link['ticket_id']}"


def _link(name: str) -> dict[str, str]:
    relationship, _, ticket_id = name.partition("/")
    return {"ticket_id": ticket_id, "relationship": relationship}


_KEYS: dict[str, Callable[[Any], str]] = {"tags": str, "linked_tickets": _name, "comments": lambda one: str(one["id"])}
