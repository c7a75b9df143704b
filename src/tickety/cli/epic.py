"""``tickety epic``."""

from typing import TYPE_CHECKING, Any

import click

from tickety.cli import changing, named, options, printed, session
from tickety.core import errors, text

if TYPE_CHECKING:
    from tickety.desk import changing as commands
    from tickety.desk import epics


@click.group("epic", short_help="Tickets that carry others: open, show, add, remove.")
def command() -> None:
    """A ticket that is carried by its children: it is done when they are.

    \b
    Examples:
      tickety epic new "Auth system refactor" --child "feature: Refactor authentication module"
      tickety epic tree EPIC-2026-001
      tickety epic add EPIC-2026-001 FEAT-2026-006 FEAT-2026-007
      tickety epic remove FEAT-2026-007
    """


@command.command("new")
@click.argument("words")
@click.option("--child", "children", multiple=True, metavar="'TYPE: TITLE'", help="A part of it; may be repeated.")
@click.option(
    "--priority", shell_complete=options.completes("priority"), metavar="PRIORITY", help="critical, high, medium, low."
)
@click.option(
    "--parent", shell_complete=options.completes("id"), metavar="ID", help="The ticket that this one is a part of."
)
@click.option(
    "--tag", "tags", shell_complete=options.completes("tag"), multiple=True, help="A tag; may be given several times."
)
@options.dry_run
@options.acting_as
@options.as_json
def new(
    words: str,
    children: tuple[str, ...],
    acting_as: str | None,
    dry_run: bool,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - fields of a request
) -> None:
    """Open an epic and its parts, all at once.

    \b
    Examples:
      tickety epic new "Auth system refactor"
      tickety epic new "Auth system refactor" --child "feature: Refactor authentication module" \\
                       --child "doc: Update auth documentation" --child "qa: Create auth test suite"
    """
    from tickety.cli import new as opened
    from tickety.cli import requests
    from tickety.desk import intake, templates

    desk = session.memory(acting_as)
    request = requests.read(desk, words, type="epic", **given)
    types = desk.catalogue().types
    parts = [_child(child, types) for child in children]
    opening = templates.with_children(desk, intake.prepare(desk, request), request, parts)
    opened.tell(desk, opening, dry_run=dry_run, as_json=as_json)


@command.command("tree")
@options.ticket_id
@options.as_json
def tree(typed: str, as_json: bool) -> None:
    """Show a ticket and everything below it: how far it is, and what each waits for.

    \b
    Examples:
      tickety epic tree EPIC-2026-001
      tickety epic tree EPIC-1 --json
    """
    from tickety.desk import epics

    desk = session.memory_to_read()
    nodes = epics.tree(desk, named.find(desk.store, typed, desk.clock.now()))
    if as_json:
        told = [{**node.document, "depth": node.depth, "waits": [one.id for one in node.waits]} for node in nodes]
        printed.tickets(told)
        return
    for node in nodes:
        click.echo(_line(node))


@command.command("add")
@click.argument("epic", metavar="EPIC")
@changing.ticket_ids
@changing.shared
def add(epic: str, typed: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Make tickets parts of an epic.

    \b
    Examples:
      tickety epic add EPIC-2026-001 FEAT-2026-006 DOC-2026-004
    """
    from tickety.desk import epics

    desk, (parent, *uids) = changing.open_memory(acting_as, (epic, *typed))
    if not uids:
        raise errors.Refused(f"{epic} cannot be a part of itself", f"tickety epic tree {epic}")
    changed = epics.add_many(desk, parent, uids, dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)


@command.command("remove")
@changing.ticket_ids
@changing.shared
def remove(typed: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Make tickets parts of nothing.

    \b
    Examples:
      tickety epic remove FEAT-2026-006
    """
    from tickety.desk import epics

    desk, uids = changing.open_memory(acting_as, typed)
    changed = epics.remove_many(desk, uids, dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)


def _child(words: str, types: tuple[str, ...]) -> tuple[str | None, str]:
    """``feature: Refactor the module``; without a type it is found from the words, as for every ticket.

    Usage when what stands before the colon is nearly a type.
    """
    before, colon, title = words.partition(":")
    kind = before.strip().lower()
    if colon and kind in types:
        return kind, title
    from tickety.core import nearest

    asked = nearest.asked(kind, types) if colon else ""
    if asked:
        raise errors.Usage(f"there is no type {kind!r}", f"{asked}the types are: {', '.join(types)}")
    return None, words


def _line(node: "epics.Node") -> str:
    document, progress = node.document, node.document["progress"]
    share = f" {document['resolution']}" if document["resolution"] else _share(progress)
    waits = ", ".join(_awaited(one.relationship, one.id) for one in node.waits)
    after = f"  (waits for {waits})" if waits else ""
    indent = "  " * min(node.depth, 20)
    return f"{indent}{document['id']}  {document['status']}{share}  {text.one_line(document['title'])}{after}"


def _share(progress: dict[str, int]) -> str:
    return f" {progress['done']}/{progress['total']}" if progress["total"] else ""


def _awaited(relationship: str, ticket_id: str) -> str:
    return ticket_id + (" to start" if relationship == "starts_with" else "")


def _sentence(one: "commands.Changed") -> str:
    if one.is_same:
        return (
            f"{one.after.id} is a part of {one.after.parent} already"
            if one.after.parent
            else f"{one.after.id} stands alone already"
        )
    before = f" (before: of {one.before.parent})" if one.before.parent and one.after.parent else ""
    return f"{one.after.id} is a part of {one.after.parent or 'nothing now'}{before}"
