"""``tickety run``."""

import click

from tickety.cli import flow, named, options, rules
from tickety.desk import finishing, ports


@click.command("run", short_help="Go on with what is ready.")
@click.argument("typed", metavar="[ID]", required=False)
@click.option("--rules-only", is_flag=True, help="Work on nothing: tell what the rules find due, and send messages.")
@options.yes
@options.dry_run
@options.acting_as
@options.as_json
def command(typed: str | None, rules_only: bool, yes: bool, dry_run: bool, acting_as: str | None, as_json: bool) -> int:
    """Go on with a ticket, or with every ticket that has something ready, from the last recorded step.

    \b
    Examples:
      tickety run
      tickety run BUG-2026-001 --json
    """
    if rules_only:
        return rules.look_after(dry_run=dry_run, as_json=as_json)
    desk, screen = flow.open_desk(acting_as, as_json=as_json)
    uids = (named.find(desk.store, typed, desk.clock.now()),) if typed else _ready(desk)
    if not uids:
        screen.idle()
    return flow.dry_run(desk, screen, uids) if dry_run else flow.work_on(desk, screen, uids, yes=yes)


def _ready(desk: ports.Ports) -> tuple[str, ...]:
    free = (work.ticket_uid for work in desk.store.work(None) if desk.engine.is_free(work))
    return tuple(dict.fromkeys((*free, *finishing.finished(desk.store))))
