"""What a shell is offered for a word that is not finished: ids, and names of every kind."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

import click

from tickety.core import errors

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from tickety import store
    from tickety.desk import memory

T = TypeVar("T")

_MANY = 200  # more than anybody reads in a shell


def _ids(typed: str) -> "Iterator[CompletionItem]":
    """The ids that begin so, each with its title."""
    from tickety.desk import naming

    return _titled(lambda desk: naming.beginning(desk.store, typed, _MANY))


def _closed_ids(typed: str) -> "Iterator[CompletionItem]":
    from tickety.desk import naming

    return _titled(lambda desk: naming.closed(desk.store, typed, _MANY))


def _titled(find: "Callable[[memory.Memory], Iterable[store.Row]]") -> "Iterator[CompletionItem]":
    from click.shell_completion import CompletionItem

    from tickety.core import text

    return (CompletionItem(row.id, help=text.one_line(row.title, 60)) for row in _known(find))


def _verbs(typed: str) -> "Iterator[CompletionItem]":
    context = click.get_current_context().find_root()
    group = context.command
    return _beginning(typed, group.list_commands(context) if isinstance(group, click.Group) else ())


def _beginning(typed: str, names: Iterable[str]) -> "Iterator[CompletionItem]":
    from click.shell_completion import CompletionItem

    return (CompletionItem(name) for name in names if name.startswith(typed.lower()))


def _known(read: "Callable[[memory.Memory], Iterable[T]]") -> "Iterable[T]":
    """What the project knows. A shell is never told about errors: then nothing is known."""
    from tickety.cli import session

    try:
        return tuple(read(session.memory_to_read()))
    except (errors.TicketyError, OSError):
        return ()


def _relationships(typed: str) -> "Iterator[CompletionItem]":
    from tickety.core import ticket

    return _beginning(typed, [one.value for one in ticket.Relationship])


def _tags(typed: str) -> "Iterator[CompletionItem]":
    from tickety.desk import naming

    return _beginning(typed, _known(lambda desk: naming.tags(desk.store, _MANY)))


def _needing(kinds: frozenset[str], part: str) -> "Callable[[str], Iterator[CompletionItem]]":
    """Of what needs a person, of some kinds: the tickets' ids, or what the things themselves are called."""

    def complete(typed: str) -> "Iterator[CompletionItem]":
        from click.shell_completion import CompletionItem

        from tickety.core import text
        from tickety.desk import inbox

        def read(desk: "memory.Memory") -> "list[inbox.Item]":
            return [item for item in (*inbox.look(desk, "").items, *inbox.escalations(desk)) if item.kind in kinds]

        helps = {getattr(item, part): item.text for item in _known(read)}
        fitting = (name for name in helps if name.lower().startswith(typed.lower()))
        return (CompletionItem(name, help=text.one_line(helps[name], 60)) for name in fitting)

    return complete


_DECIDED = frozenset({"question", "approval", "proposal"})
_ESCALATED = frozenset({"escalation"})


def _fixed(name: str) -> "Callable[[str], Iterator[CompletionItem]]":
    """Values of the query language, which are those of the options too."""

    def complete(typed: str) -> "Iterator[CompletionItem]":
        from tickety.core import query

        return _beginning(typed, getattr(query, name))

    return complete


KINDS: "dict[str, Callable[[str], Iterator[CompletionItem]]]" = {
    "id": _ids,
    "closed": _closed_ids,
    "verb": _verbs,
    "type": lambda typed: _beginning(typed, _known(lambda desk: desk.catalogue().types)),
    "template": lambda typed: _beginning(typed, _known(lambda desk: desk.catalogue().templates)),
    "tag": _tags,
    "relationship": _relationships,
    "asking": _needing(_DECIDED, "ticket_id"),
    "question": _needing(_DECIDED, "name"),
    "escalated": _needing(_ESCALATED, "ticket_id"),
    "escalation": _needing(_ESCALATED, "rule"),
    "priority": _fixed("PRIORITIES"),
    "resolution": _fixed("RESOLUTIONS"),
}
"""What can be completed: each from the beginning that was typed."""
