"""``tickety assign``."""

import click

from tickety.cli import changing, options
from tickety.core import editing as rules
from tickety.core import errors, ids
from tickety.desk import changing as commands
from tickety.desk import editing


@click.command("assign", short_help="Give tickets to somebody.")
@click.argument("given", metavar="ID... WHO", nargs=-1, required=True, shell_complete=options.complete_id)
@changing.shared
def command(given: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Give tickets to somebody: a name, user:NAME, agent:ROLE, `me`, or `none`.

    \b
    Examples:
      tickety assign BUG-2026-001 ada
      tickety assign 12 13 me
      tickety assign 14 agent:Engineer
      tickety assign 15 none
    """
    *typed, who = given
    if ids.is_reference(who) or not typed:
        raise errors.Usage("it is not said who is to have it", f"tickety assign {given[0]} me")
    desk, uids = changing.open_memory(acting_as, typed)
    changed = editing.assign_many(desk, uids, rules.assignee(who, desk.principal), dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)


def _sentence(one: commands.Changed) -> str:
    already = " already" if one.is_same else ""
    return f"{one.after.id} is{already} assigned to {one.after.assignee or 'nobody'}"
