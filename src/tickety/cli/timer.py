"""What ``tickety init --timer`` does: it shows a timer of the user's own, and puts it in or takes it out."""

import os
import shlex
import shutil
import sys
from collections.abc import Sequence

import click

from tickety import places
from tickety.cli import ask, printed
from tickety.core import errors, text, timer
from tickety.timers import launchd, scheduler, systemd

_ARGV = ("-P", "-m", "tickety", "run", "--rules-only")  # -P: nothing of the project is imported
_VARIABLES = ("PATH", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "TICKETY_STORE")
_LINGER = "It runs while you are logged in; to let it run always: loginctl enable-linger"


def settle(found: places.Places, *, is_on: bool, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Put the project's timer in, or take it out; Failed where there is no scheduler, Waits where nobody says yes."""
    plan = _plan(found)
    if not as_json:
        _show(plan, is_on=is_on)
    if dry_run:
        outcome = scheduler.Outcome((), ())
    else:
        _require_yes(plan, is_on=is_on, yes=yes)
        outcome = scheduler.put_in(plan) if is_on else scheduler.take_out(plan)
    if as_json:
        printed.answer(_answer(plan, outcome, is_on=is_on))
    elif not dry_run:
        _tell(plan, outcome, is_on=is_on)


def _plan(found: places.Places) -> scheduler.Plan:
    job = timer.job(f"tickety-{found.name}", (sys.executable, *_ARGV), found.home, _environment(found))
    if sys.platform == "darwin":
        return launchd.plan(job)
    if shutil.which("systemctl"):
        return systemd.plan(job, os.environ)
    raise errors.Failed(
        "neither systemd nor launchd is here to run a timer", f"crontab -e, with this line: {timer.crontab(job)}"
    )


def _environment(found: places.Places) -> dict[str, str]:
    """What of the user's settings the rules need. A program is looked for in no folder that moves along with us."""
    chosen = {name: os.environ[name] for name in _VARIABLES if os.environ.get(name)}
    if found.chosen:
        chosen[places.STORE] = found.chosen
    folders = (folder for folder in chosen.get("PATH", "").split(os.pathsep) if os.path.isabs(folder))
    return {**chosen, "PATH": os.pathsep.join(folders)}


def _show(plan: scheduler.Plan, *, is_on: bool) -> None:
    paths = plan.files if is_on else scheduler.found(plan)
    for path in paths:
        click.echo(f"{'write' if is_on else 'remove'} {text.harmless(str(path))}", err=True)
        if is_on:
            click.echo("  " + text.harmless(plan.files[path]).rstrip().replace("\n", "\n  "), err=True)
    for argv in (plan.load if is_on else plan.unload) if paths else ():
        click.echo(f"run {shlex.join(argv)}", err=True)


def _require_yes(plan: scheduler.Plan, *, is_on: bool, yes: bool) -> None:
    """Nothing is asked where nothing would change."""
    if not (scheduler.changes(plan) if is_on else scheduler.found(plan)):
        return
    if not ask.says_yes("Put this in?" if is_on else "Take this out?", yes=yes):
        again = "tickety init --timer --yes" if is_on else "tickety init --timer off --yes"
        raise errors.Waits("nothing was changed: a person has to say yes", again)


def _answer(plan: scheduler.Plan, outcome: scheduler.Outcome, *, is_on: bool) -> dict[str, object]:
    files = plan.files if is_on else dict.fromkeys(outcome.changed or scheduler.found(plan))
    return {
        "timer": plan.kind,
        "files": {str(path): words for path, words in files.items()},
        "changed": [str(path) for path in outcome.changed],
        "left": outcome.left,
    }


def _tell(plan: scheduler.Plan, outcome: scheduler.Outcome, *, is_on: bool) -> None:
    if not outcome.changed and not outcome.left:
        click.echo("the timer is there already" if is_on else "there is no timer here", err=True)
        return
    if outcome.left:
        click.echo(f"{plan.kind} does not answer here; run this where it does:", err=True)
        _echo(outcome.left)
        return
    click.echo(f"the rules run every {timer.MINUTES} minutes" if is_on else "the timer is gone", err=True)
    if is_on and plan.kind == "systemd":
        click.echo(_LINGER, err=True)


def _echo(commands: Sequence[scheduler.Argv]) -> None:
    for argv in commands:
        click.echo(f"  {shlex.join(argv)}", err=True)
