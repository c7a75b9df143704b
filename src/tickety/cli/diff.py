"""``tickety diff``."""

import sys

import click

from tickety.cli import named, options, printed, session
from tickety.core import text
from tickety.desk import delivery, provenance


@click.command("diff", short_help="Show what a ticket's branch changes.")
@options.ticket_id
@options.as_json
def command(typed: str, as_json: bool) -> None:
    """Show what a ticket's branch changes, as a patch.

    Work that was not accepted is shown when there is nothing else, and said to be so.

    \b
    Examples:
      tickety diff BUG-2026-001
      tickety diff 1 | git apply --stat
    """
    desk = session.desk(None)
    subject = provenance.load(desk.store, named.find(desk.store, typed, desk.clock.now()))
    found = delivery.patch(desk, subject)
    if as_json:
        told = {"id": subject.id, "branch": subject.branch, "base": subject.base, "accepted": found.is_accepted}
        printed.answer({**told, "diff": found.text})
        return
    if not found.is_accepted:
        click.echo(f"{subject.id}: nothing is accepted on its branch yet{_kept(found.ref)}", err=True)
    click.echo(text.harmless(found.text) if sys.stdout.isatty() else found.text, nl=False)


def _kept(ref: str | None) -> str:
    return f"; this is what the last attempt left ({ref})" if ref else ""
