"""``tickety release``."""

import click

from tickety.cli import printed, tokens


@click.command("release", short_help="Give a step back that you took.")
@tokens.options_of
@click.option("--because", default="given back", metavar="TEXT", help="Why; it stands in the ticket's log.")
def command(typed: str | None, token: str | None, role: str | None, because: str, as_json: bool) -> None:
    """Give a step back without a result: it is ready for somebody else, and what was done in its worktree is not kept.

    \b
    Examples:
      tickety release
      tickety release --because "needs somebody who knows the database"
    """
    from tickety.core import text
    from tickety.desk import holding

    desk, token, claim = tokens.opened(typed, token, role)
    subject = holding.release(desk, token, text.one_line(because) or "given back")
    step = subject.orchestration.step(claim.step)
    if as_json:
        printed.answer({"ticket": subject.id, "step": step.name, "attempt": claim.attempt, "state": step.state.value})
    else:
        click.echo(f"{subject.id}/{step.name} is given back, and {step.state} again")
