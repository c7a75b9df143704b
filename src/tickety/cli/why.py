"""``tickety why``."""

import click

from tickety.cli import named, options, printed, session
from tickety.core import text
from tickety.desk import readiness


@click.command("why", short_help="Say why a ticket can, or cannot, be worked on now.")
@options.ticket_id
@options.as_json
def command(typed: str, as_json: bool) -> None:
    """Say why a ticket is ready or is not: what it waits for, who works on it, and what to try next.

    \b
    Examples:
      tickety why BUG-2026-001
      tickety why 12 --json
    """
    desk = session.memory_to_read()
    uid = named.find(desk.store, typed, desk.clock.now())
    answer = readiness.why(desk, uid)
    if as_json:
        printed.answer(answer.as_json())
    else:
        _print(answer)
        session.tell_due(desk, uid)


def _print(answer: readiness.Answer) -> None:
    click.echo(f"{click.style(answer.sentence, bold=True)}  {text.one_line(answer.title)}")
    for reason in answer.judged.reasons:
        click.echo(f"  {text.one_line(reason.sentence, 400)}")
    if answer.judged.due:
        click.echo(f"  {answer.judged.due}")
    click.echo(f"  next    {answer.command}")
