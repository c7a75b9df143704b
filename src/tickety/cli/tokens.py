"""The token of a step that was taken: where it is given, and what else is said must be true of it."""

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from tickety.cli import named, options, session
from tickety.core import errors

if TYPE_CHECKING:
    from tickety import store
    from tickety.desk import ports

_OPTIONS = (
    click.argument("typed", metavar="[ID/STEP]", required=False, shell_complete=options.complete_id),
    click.option("--token", envvar="TICKETY_TOKEN", metavar="TOKEN", help="The claim's token; else TICKETY_TOKEN."),
    click.option("--as", "role", metavar="ROLE", help="Only if the step is that role's: agent:QA, qa."),
    options.as_json,
)


def options_of(command: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments and options of every verb that is about a step that was taken."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)


def opened(typed: str | None, token: str | None, role: str | None) -> "tuple[ports.Ports, str, store.Claim]":
    """The desk, the token and its claim; Refused where it is another step's, or another role's."""
    from tickety.desk import holding

    if not token:
        raise errors.Usage(
            "which step is it about?", "give the token that the claim showed: in TICKETY_TOKEN, or with --token"
        )
    desk = session.desk("agent:PM")
    wanted = step_of(desk, typed) if typed else None
    claim = holding.held_by(desk, token)
    if wanted and (wanted[0] != claim.ticket_uid or wanted[1] not in {None, claim.step}):
        raise errors.Refused(f"the token is not that of {typed}", "leave the id out: the token says which step it is")
    if role:
        _require_role(desk, claim, role)
    return desk, token, claim


def step_of(desk: "ports.Ports", typed: str) -> tuple[str, str | None]:
    """The uid of the ticket and the name of the step in ``ID/STEP`` or ``ID``; NotFound when there is none."""
    from tickety.core import lifecycle

    typed_id, slash, step = typed.partition("/")
    uid = named.find(desk.store, typed_id, desk.clock.now())
    return uid, lifecycle.step_named(desk.store.load(uid), step).name if slash else None


def role_of(typed: str) -> str:
    """The role that is meant, in full (``QA Agent``): ``agent:QA``, ``qa``."""
    from tickety.core import roster

    return roster.role(typed.removeprefix("agent:")).agent


def seconds(length: str) -> float:
    """The length of a lease; Usage when it is none, or none at all."""
    from tickety.core import times

    try:
        found = times.length(length).total_seconds()
    except (ValueError, OverflowError):
        raise errors.Usage(f"{length!r} is not a length of time", times.example(length)) from None
    if not 0 < found <= _LONGEST:
        raise errors.Usage(f"a lease lasts some seconds, and a week at the most: {length!r}", times.example(length))
    return found


def _require_role(desk: "ports.Ports", claim: "store.Claim", typed: str) -> None:
    from tickety.core import roster

    step = desk.store.load(claim.ticket_uid).orchestration.step(claim.step)
    theirs = roster.role(step.agent).agent
    if role_of(typed) != theirs:
        raise errors.Refused(f"the token is the {theirs}'s, and no other role's", "claim a step of your own role")


_LONGEST = 7 * 86400
