"""Opening a ticket: from a person's words to a ticket with a plan, tied to those that it belongs to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tickety import store
from tickety.core import document, errors, events, history, ids, opening, ticket
from tickety.desk import memory, search

PM = opening.PM
_ASKED = ("type", "title", "description", "priority", "reporter", "assignee", "tags", "parent", "origin")


def prepare(desk: memory.Memory, request: opening.Request) -> opening.Opening:
    """Understand a request; nothing is stored."""

    def id_of(typed: str) -> str:
        return desk.store.load(search.find(desk.store, typed, desk.clock.now())).id

    known = opening.Known(desk.catalogue(), desk.clock.now(), desk.principal, id_of, lambda: desk.policy().sla)
    return opening.prepare(request, known)


def open_ticket(desk: memory.Memory, made: opening.Opening, command_id: str | None = None) -> ticket.Ticket:
    """Open the ticket, and the children that come with it. The same command twice opens it once.

    Refused when the command opened another ticket, or was somebody else's.
    """
    author = desk.author(command_id)

    def work(transaction: store.Transaction) -> ticket.Ticket:
        if known := transaction.opened_by(author.command_id):
            _require_same(transaction.log(known)[0], author, made)
            return transaction.load(known)
        return _open(desk, transaction, made)

    return desk.store.change(author, work)


def _require_same(first: events.Event, author: events.Author, made: opening.Opening) -> None:
    """The same person asks for the same. What follows from the clock and the project's files may differ."""
    asked, known = ({name: data.get(name) for name in _ASKED} for data in (made.data, first.data))
    if first.by != author.by or known != asked:
        raise errors.Refused(
            f"the command {author.command_id} opened {first.data['id']} for another request of {first.by}",
            "give every request a command id of its own",
        )


def as_it_would_be(desk: memory.Memory, made: opening.Opening) -> dict[str, Any]:
    """The JSON of the ticket that would be opened; its number is not given yet."""
    return next(as_they_would_be(desk, made))


def as_they_would_be(desk: memory.Memory, made: opening.Opening, name: str = "NNN") -> Iterator[dict[str, Any]]:
    """The ticket that would be opened and all its children; a child is called by its key, ``FEAT-2026-NNN/login``."""
    subject = _imagined(desk, made, f"{made.recipe.prefix}-{desk.clock.now().year}-{name}")
    yield document.from_ticket(subject)
    names = {part.key: f"{part.opening.recipe.prefix}-{desk.clock.now().year}-NNN/{part.key}" for part in made.children}
    for part in made.children:
        links = tuple(replace(link, ticket_id=names[link.ticket_id]) for link in part.links)
        yield from as_they_would_be(desk, replace(part.opening.below(subject.id), links=links), f"NNN/{part.key}")


def _open(desk: memory.Memory, transaction: store.Transaction, made: opening.Opening) -> ticket.Ticket:
    year = desk.clock.now().year
    number = transaction.take_number(made.recipe.prefix, year)
    named = {"id": ids.format_id(made.recipe.prefix, year, number), **made.data}
    _require_parent(transaction, named["id"], named.get("parent"))
    subject = _alerted(transaction, transaction.open(desk.new_uid(), events.Draft("ticket.opened", named)), made)
    _link(transaction, subject.id, made.links)
    opened = {part.key: _open(desk, transaction, part.opening.below(subject.id)).id for part in made.children}
    for part in made.children:
        links = [replace(link, ticket_id=opened[link.ticket_id]) for link in part.links]
        _link(transaction, opened[part.key], links)
    return transaction.load(subject.uid) if made.links else subject


def _alerted(transaction: store.Transaction, subject: ticket.Ticket, made: opening.Opening) -> ticket.Ticket:
    """The ticket once everybody was told who is needed in an emergency: in the transaction that opens it."""
    alerts = _alerts(subject, made)
    return transaction.append(subject, alerts) if alerts else subject


def _alerts(subject: ticket.Ticket, made: opening.Opening) -> list[events.Draft]:
    if made.response is None:
        return []
    from tickety.core import lifecycle

    return lifecycle.alert(subject, made.response.words)


def _require_parent(transaction: store.Transaction, child: str, parent: str | None) -> None:
    if parent:
        from tickety.desk import linking

        linking.require_parent(transaction, child, parent)


def _link(transaction: store.Transaction, holder: str, links: Sequence[ticket.Link]) -> None:
    """Tie a ticket to others, from every end that holds the link."""
    if not links:
        return
    from tickety.core import dependency
    from tickety.desk import linking

    linking.tie(
        transaction, [tie for link in links for tie in dependency.ties(holder, link.relationship, link.ticket_id)]
    )


def _imagined(desk: memory.Memory, made: opening.Opening, name: str) -> ticket.Ticket:
    event = events.stamp(events.Draft("ticket.opened", {"id": name, **made.data}), desk.author(), desk.new_uid(), 1)
    subject = replace(history.apply(None, event), linked_tickets=made.links)
    for draft in _alerts(subject, made):
        subject = history.apply(subject, events.stamp(draft, desk.author(), subject.uid, subject.version + 1))
    return subject
