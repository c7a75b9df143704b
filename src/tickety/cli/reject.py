"""``tickety reject``."""

import click

from tickety.cli import changing, decisions, fence, options
from tickety.core import errors, text
from tickety.desk import answering


@click.command("reject", short_help="Say no to what waits for a yes.")
@options.ticket_id
@decisions.question
@click.option("--because", metavar="TEXT", help="Why not.")
@changing.shared
def command(
    typed: str, name: str | None, because: str | None, dry_run: bool, acting_as: str | None, as_json: bool
) -> None:
    """Say no, and why: the step has failed and its ticket is blocked; steps that were proposed are dropped.

    \b
    Examples:
      tickety reject PERF-2026-001 --because "not on a Friday"
      tickety reject PERF-2026-001 deploy-1 --because "not on a Friday"
    """
    why = text.harmless(because or "").strip()
    if not why:
        raise errors.Usage("it is not said why", f'tickety reject {typed} --because "…"')
    desk, (uid,) = changing.open_memory(acting_as, (typed,))
    fence.require_person(f"Reject {typed}?", dry_run=dry_run)
    done = answering.reject(desk, uid, name, why, dry_run=dry_run)
    decisions.tell(desk, done, "rejected", as_json=as_json, dry_run=dry_run)
