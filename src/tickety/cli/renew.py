"""``tickety renew``."""

from typing import Any

import click

from tickety.cli import printed, tokens
from tickety.core import times


@click.command("renew", short_help="Hold a step that you took longer.")
@tokens.options_of
@click.option("--lease", default="30 minutes", show_default=True, metavar="LENGTH", help="How long from now.")
def command(typed: str | None, token: str | None, role: str | None, lease: str, as_json: bool) -> None:
    """Hold a step that you took longer, counted from now. One that somebody else has by now stays theirs: exit code 4.

    \b
    Examples:
      tickety renew
      tickety renew --lease 2h --token "$TICKETY_TOKEN"
    """
    from tickety.desk import holding

    seconds = tokens.seconds(lease)
    desk, token, claim = tokens.opened(typed, token, role)
    held = holding.renew(desk, token, seconds)
    told: dict[str, Any] = {
        "ticket": desk.store.load(claim.ticket_uid).id,
        "step": claim.step,
        "attempt": claim.attempt,
        "lease_until": times.from_unix(held.lease_until),
    }
    if as_json:
        printed.answer(told)
    else:
        click.echo(f"{told['ticket']}/{claim.step} is yours until {told['lease_until']}")
