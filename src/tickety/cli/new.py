"""``tickety new``."""

from typing import TYPE_CHECKING, Any

import click

from tickety.cli import announce, options, printed, requests, session
from tickety.desk import intake

if TYPE_CHECKING:
    from tickety.core import opening
    from tickety.desk import memory


@click.command("new", short_help="Open a ticket and plan it; run nothing.")
@click.argument("words")
@requests.options
@click.option("--ask", is_flag=True, help="Ask for what the description does not say: why, for whom, until when.")
@options.dry_run
@options.acting_as
@options.as_json
def command(words: str, acting_as: str | None, ask: bool, dry_run: bool, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - see requests.options
    """Open a ticket and plan it; nothing is run. `-` reads the words from standard input.

    \b
    Examples:
      tickety new "The export forgets the last line"
      tickety new "Faster start" --type performance --repro "notes list"
      tickety new "Tokens are shown in the log" --template security_vulnerability
      tickety new "Release 2.0" --workflow "implement -> (document | test) -> deploy"
      tickety new "Explain the new login" --type doc --blocked-by FEAT-2026-006 --due "3 days"
      git log -1 --format=%B | tickety new -
    """
    desk = session.memory(acting_as)
    request = requests.read(desk, words, **given)
    made = intake.prepare(desk, requests.completed(desk, request) if ask else request)
    tell(desk, made, dry_run=dry_run, as_json=as_json)


def tell(desk: "memory.Memory", made: "opening.Opening", *, dry_run: bool, as_json: bool) -> None:
    """Open what is ready to be opened, and say so: the ticket, or the list of it and its children."""
    document, *children = documents(desk, made, dry_run=dry_run)
    if as_json:
        printed.whole([document, *children])
        return
    for line in announce.opening(made, document, children=children):
        click.echo(line)
    if not dry_run:
        go_on = "" if children else f" {document['id']}"
        click.echo(f"\nNothing was run. Go on with: tickety run{go_on}")


def documents(desk: "memory.Memory", made: "opening.Opening", *, dry_run: bool) -> list[dict[str, Any]]:
    """The ticket that is opened, or would be, and what is below it."""
    if dry_run:
        return list(intake.as_they_would_be(desk, made))
    uid = intake.open_ticket(desk, made).uid
    if not made.children:
        return [desk.store.document(uid)]
    from tickety.desk import epics

    return [node.document for node in epics.tree(desk, uid)]
