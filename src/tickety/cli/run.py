"""``tickety run``."""

import click

from tickety.cli import flow, live, options
from tickety.desk import search


@click.command("run", short_help="Go on with what is ready.")
@click.argument("typed", metavar="[ID]", required=False)
@options.yes
@options.acting_as
@options.as_json
def command(typed: str | None, yes: bool, acting_as: str | None, as_json: bool) -> int:
    """Go on with a ticket, or with every ticket that has something ready, from the last recorded step.

    \b
    Examples:
      tickety run
      tickety run BUG-2026-001 --json
    """
    desk, screen = flow.open_desk(acting_as, as_json=as_json)
    if typed:
        return flow.work_on(desk, screen, (search.find(desk.store, typed, desk.clock.now()),), yes=yes)
    ready = tuple(dict.fromkeys(work.ticket_uid for work in desk.store.work(None) if desk.engine.is_free(work)))
    if not ready and isinstance(screen, live.Story):
        click.echo("nothing is ready to be worked on; see what needs you: tickety", err=True)
    return flow.work_on(desk, screen, ready, yes=yes)
