"""``tickety init``."""

import os

import click

from tickety import places
from tickety.cli import options, printed, session
from tickety.core import errors, scaffold


@click.command("init", short_help="Write tickety.toml and .tickety/; look after tickets by a timer.")
@click.option(
    "--timer",
    "wanted",
    is_flag=False,
    flag_value="on",
    type=click.Choice(["on", "off"]),
    help="Only let the machine look after the tickets here every five minutes, or no longer.",
)
@options.yes
@options.dry_run
@options.as_json
def command(wanted: str | None, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Write `tickety.toml` and `.tickety/` with what was found in the project. Files that are there stay as they are.

    Outside of git, `.tickety/` gets an empty ticket store.

    With `--timer` the machine's own scheduler (systemd, launchd) is told instead to run the rules every five minutes,
    so that what is due is noticed while nobody is there. It is shown first.

    \b
    Examples:
      tickety init --dry-run
      tickety init && git add tickety.toml .tickety && git commit -m "Set Tickety up"
      tickety init --timer --dry-run
      tickety init --timer off
    """
    if wanted:
        from tickety.cli import timer

        timer.settle(session.here(), is_on=wanted == "on", yes=yes, dry_run=dry_run, as_json=as_json)
        return
    found = _here()
    if not found.is_git:
        _begin(found, dry_run=dry_run, as_json=as_json)
        return
    if found.checkout is None:
        raise errors.Refused("a bare repository has no checkout to write to", "run tickety init in a clone of it")
    desk = session.desk(None)
    files = scaffold.files(desk.settings_at(desk.workspaces.head().commit))
    missing = {path: words for path, words in files.items() if not os.path.lexists(os.path.join(found.checkout, path))}
    if not dry_run:
        for path, words in missing.items():
            _write(os.path.join(found.checkout, path), words)
    if as_json:
        printed.answer({"written": [] if dry_run else list(missing), "files": missing})
        return
    _tell(missing, dry_run=dry_run)


def _here() -> places.Places:
    try:
        return session.here()
    except errors.NotFound:
        return places.outside(os.getcwd(), os.environ)


def _begin(found: places.Places, *, dry_run: bool, as_json: bool) -> None:
    """An empty store in a folder outside of git."""
    is_new = not os.path.lexists(found.store)
    if is_new and not dry_run:
        desk = session.memory(None, found)
        desk.store.change(desk.author(), lambda _: None)
    if as_json:
        written = [found.store] if is_new and not dry_run else []
        printed.answer({"written": written, "files": {}})
    elif is_new:
        click.echo(f"{'would make' if dry_run else 'made'} {found.store}, an empty ticket store", err=True)
        click.echo("Agents need git: git init, when they are to work here", err=True)
    else:
        click.echo(f"{found.store} is there already; nothing was changed", err=True)


def _write(path: str, words: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "x", encoding="utf-8") as file:
        file.write(words)


def _tell(missing: dict[str, str], *, dry_run: bool) -> None:
    for path, words in missing.items():
        click.echo(f"{'would write' if dry_run else 'wrote'} {path}", err=True)
        if dry_run:
            click.echo(words)
    if not missing:
        click.echo("tickety.toml and .tickety/ are there already; nothing was changed", err=True)
    elif not dry_run:
        click.echo("They count once they are committed: git add tickety.toml .tickety && git commit", err=True)
