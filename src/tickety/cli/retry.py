"""``tickety retry``."""

import click

from tickety.cli import ask, flow, named, options, requests, session
from tickety.core import lifecycle
from tickety.desk import retry


@click.command("retry", short_help="Try a failed or waiting step again.")
@options.ticket_id
@click.option("--step", help="Which step; by default the one that failed or waits. What came after it is done again.")
@options.reproduction
@options.verification
@options.yes
@options.dry_run
@options.acting_as
@options.as_json
def command(
    typed: str,
    step: str | None,
    repro: str | None,
    verify: str | None,
    yes: bool,
    dry_run: bool,
    acting_as: str | None,
    as_json: bool,
) -> int:
    """Try again the step that failed or waits, and go on from there.

    Commits that you made on the ticket's branch meanwhile are taken as the work of the step that writes.

    \b
    Examples:
      tickety retry BUG-2026-001
      tickety retry BUG-2026-001 --step fix
      tickety retry BUG-2026-001 --repro "notes --version"
    """
    desk, screen = flow.open_desk(acting_as, as_json=as_json)
    addition = retry.Addition(*requests.commands(session.origin(desk.principal), repro, verify))
    uid = named.find(desk.store, typed, desk.clock.now())
    hand = retry.by_hand(desk, uid)
    if dry_run:
        return flow.dry_run(desk, screen, (uid,))
    subject = desk.store.load(uid)
    if step or retry.is_stuck(subject) or not addition.metadata():
        ask.for_approval(subject, lifecycle.retried_step(subject, step), yes=yes)
    if hand:
        ask.for_commits(desk, subject, hand, yes=yes)
    retry.retry(desk, uid, step, addition, hand)
    return flow.work_on(desk, screen, (uid,), yes=yes)
