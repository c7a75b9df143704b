"""``tickety doctor``."""

from dataclasses import asdict

import click

from tickety.cli import options, printed, session
from tickety.core import text
from tickety.desk import checkup


@click.command("doctor", short_help="See whether the machine and the store are as they should be; mend them.")
@click.option("--fix", is_flag=True, help="Mend what the log can mend, after a backup, and close open files.")
@click.option("--rebuild", is_flag=True, help="Make everything anew that follows from the log, after a backup.")
@options.dry_run
@options.as_json
def command(fix: bool, rebuild: bool, dry_run: bool, as_json: bool) -> int:
    """See whether git, SQLite, the disk and the ticket store are as they should be. Exit 1 when something is not.

    \b
    Examples:
      tickety doctor
      tickety doctor --fix
      tickety doctor --rebuild --json
    """
    done = _mended(anew=rebuild) if (fix or rebuild) and not dry_run else ()
    lines = _looked_at()
    is_ok = all(line.is_ok for line in lines)
    if as_json:
        shown = [asdict(line) | {"hint": "" if line.is_ok else line.hint} for line in lines]
        printed.answer({"is_ok": is_ok, "done": done, "lines": shown})
    else:
        _tell(done, lines)
    return 0 if is_ok else 1


def _looked_at() -> tuple[checkup.Line, ...]:
    """The check-up; what cannot even be read is one finding."""
    from dataclasses import replace

    from tickety.bootstrap import machine
    from tickety.core import errors

    seen, found = machine.look()
    if found is None or not seen.has_store:
        return checkup.look(seen, ())
    kept = session.store(found)
    try:
        findings = (*kept.examine(), *checkup.contradictions(kept))
    except errors.TicketyError as error:
        return checkup.look(replace(seen, fault=error.message, remedy=error.hint, has_store=False), ())
    finally:
        kept.close()
    return checkup.look(seen, findings)


def _mended(*, anew: bool) -> tuple[str, ...]:
    kept = session.store(session.here())
    try:
        return kept.mend(anew=anew)
    finally:
        kept.close()


def _tell(done: tuple[str, ...], lines: tuple[checkup.Line, ...]) -> None:
    for sentence in done:
        click.echo(text.harmless(sentence), err=True)
    for line in lines:
        click.echo(f"{'ok' if line.is_ok else '! '} {line.subject:<9} {text.harmless(line.sentence)}")
        if line.hint and not line.is_ok:
            click.echo(f"             try: {text.harmless(line.hint)}")
