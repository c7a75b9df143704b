"""``tickety approve``."""

import click

from tickety.cli import changing, decisions, fence, named, options
from tickety.desk import answering


@click.command("approve", short_help="Say yes to what waits for it.")
@options.ticket_id
@decisions.question
@changing.shared
def command(typed: str, name: str | None, dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Say yes: to a step that may not begin without, to more of a budget, to further steps, to work that is there.

    Work that was approved counts as it is: no agent runs again for it.

    \b
    Examples:
      tickety approve PERF-2026-001
      tickety approve PERF-2026-001 deploy-1
    """
    desk, ports = decisions.open_desk(acting_as)
    uid = named.find(desk.store, typed, desk.clock.now())
    fence.require_person(f"Approve {typed}?", dry_run=dry_run)
    hand = None
    if ports:
        from tickety.desk import retry

        hand = retry.kept(ports, uid, name)
    done = answering.approve(desk, uid, name, hand, dry_run=dry_run)
    decisions.tell(desk, done, "approved", as_json=as_json, dry_run=dry_run)
