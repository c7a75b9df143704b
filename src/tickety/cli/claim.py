"""``tickety claim``."""

import asyncio
import shlex

import click

from tickety import engine
from tickety.cli import options, printed, session, tokens
from tickety.core import errors, text
from tickety.desk import pulling


@click.command("claim", short_help="Take a step, to work on it by yourself.")
@click.argument("typed", metavar="[ID/STEP | ID]", required=False, shell_complete=options.complete_id)
@click.option("--next", "is_next", is_flag=True, help="The next step in its turn, of any ticket.")
@click.option(
    "--as", "roles", multiple=True, metavar="ROLE", help="Only a step of that role: agent:QA, qa. Repeatable."
)
@click.option("--lease", default="30 minutes", show_default=True, metavar="LENGTH", help="How long it is yours.")
@options.as_json
def command(typed: str | None, is_next: bool, roles: tuple[str, ...], lease: str, as_json: bool) -> None:
    """Take a step for an agent that Tickety does not start: yours alone, with a worktree, until the lease ends.

    It shows what to do, where, and a token, once: `tickety report` needs it. The worktree is set up already. Of all who
    ask at once, one gets a step. When none is ready it ends with 3, and names the steps to stand by for; when the one
    that you named is not free with 4; when a person has to do something first with 5.

    \b
    Examples:
      tickety claim --next --as qa
      tickety claim BUG-2026-001/fix --as agent:Engineer --json
      tickety claim 12 --lease 2h
    """
    if bool(typed) == is_next:
        raise errors.Usage("say which step: an id, or --next", "tickety claim --next --as qa")
    wanted = tuple(dict.fromkeys(tokens.role_of(role) for role in roles)) or None
    seconds = tokens.seconds(lease)
    desk = session.desk(f"agent:{wanted[0].removesuffix(' Agent')}" if wanted else None)
    uid, step = tokens.step_of(desk, typed) if typed else (None, None)
    taken = asyncio.run(pulling.take(desk, engine.Wish(uid, step, wanted), seconds))
    if as_json:
        printed.answer(taken.as_json())
    else:
        _tell(taken)


def _tell(taken: pulling.Taken) -> None:
    told, where = taken.as_json(), f"{taken.attempt.ticket.id}/{taken.attempt.step.name}"
    click.echo(f"{where} is yours, attempt {told['attempt']}, as the {told['agent']}.")
    click.echo(f"  task      {text.one_line(told['task'])}")
    click.echo(f"  worktree  {told['worktree']}{'' if told['writes'] else '   (what changes there is not kept)'}")
    click.echo(f"  prompt    {told['prompt']}")
    click.echo(f"  until     {told['lease_until']}: tickety renew holds it longer")
    click.echo(f"  token     {taken.token}")
    click.echo(f"\nexport TICKETY_TOKEN={shlex.quote(taken.token)}")
    click.echo('tickety report --status passed --summary "…"     (or --status failed, needs_human; or tickety release)')
