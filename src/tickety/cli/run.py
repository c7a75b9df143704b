"""``tickety run``."""

import click

from tickety.cli import flow, named, options, rules
from tickety.core import errors
from tickety.desk import finishing, ports


@click.command("run", short_help="Go on with what is ready.")
@click.argument("typed", metavar="[ID]...", nargs=-1, shell_complete=options.complete_id)
@click.option("--forever", is_flag=True, help="Stay, and work on what becomes ready, until you end it.")
@click.option("--workers", type=click.IntRange(1, 256), metavar="N", help="So many agents side by side.")
@click.option("--rules-only", is_flag=True, help="Work on nothing: tell what the rules find due, and send messages.")
@options.yes
@options.dry_run
@options.acting_as
@options.as_json
def command(
    typed: tuple[str, ...],
    forever: bool,
    workers: int | None,
    rules_only: bool,
    yes: bool,
    dry_run: bool,
    acting_as: str | None,
    as_json: bool,
) -> int:
    """Go on with tickets, or with every ticket that has something ready, from the last recorded step.

    Agents work side by side, and so may several `tickety run`: nobody waits for what another one works on. What stops
    one ticket does not stop the others. Without --forever it ends when nothing is ready any more.

    \b
    Examples:
      tickety run
      tickety run BUG-2026-001 BUG-2026-002 --json
      tickety run --forever --workers 2
    """
    if typed and (forever or rules_only):
        raise errors.Usage("--forever and --rules-only are for all tickets", "leave the ids out")
    if rules_only and (forever or workers is not None):
        raise errors.Usage(
            "--rules-only looks once, and works on nothing", "tickety init --timer looks again and again"
        )
    if rules_only:
        return rules.look_after(dry_run=dry_run, as_json=as_json)
    desk, screen = flow.open_desk(acting_as, as_json=as_json, workers=workers)
    if forever and not dry_run:
        return flow.stay(desk, screen, yes=yes)
    uids = named.find_many(desk.store, typed, desk.clock.now()) if typed else _ready(desk)
    if not uids:
        screen.idle()
        return 0
    return flow.dry_run(desk, screen, uids) if dry_run else flow.work_on(desk, screen, uids, yes=yes, is_all=not typed)


def _ready(desk: ports.Ports) -> tuple[str, ...]:
    free = (work.ticket_uid for work in desk.store.work(None) if desk.engine.is_free(work))
    return tuple(dict.fromkeys((*free, *finishing.finished(desk.store))))
