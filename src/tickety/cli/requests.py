"""A request as the command line takes it: words, and the options that go with them."""

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from tickety.cli import options as shared
from tickety.cli import session
from tickety.cli import words as spoken
from tickety.core import errors, opening, text
from tickety.core import origin as origins

if TYPE_CHECKING:
    from datetime import datetime

    from tickety.desk import memory

_OPTIONS = (
    click.option(
        "--type",
        "type",
        shell_complete=shared.completes("type"),
        metavar="TYPE",
        help="bug, feature, doc, qa, security, performance, task, epic, or your own.",
    ),
    click.option(
        "--priority",
        shell_complete=shared.completes("priority"),
        metavar="PRIORITY",
        help="critical, high, medium, low.",
    ),
    click.option("--title", help="Another title than the first sentence."),
    click.option(
        "--tag",
        "tags",
        shell_complete=shared.completes("tag"),
        multiple=True,
        help="A tag; may be given several times.",
    ),
    click.option(
        "--template",
        shell_complete=shared.completes("template"),
        metavar="NAME",
        help="What the ticket starts with: see tickety template list.",
    ),
    click.option(
        "--parent", shell_complete=shared.completes("id"), metavar="ID", help="The ticket that this one is a part of."
    ),
    click.option(
        "--blocked-by",
        shell_complete=shared.completes("id"),
        multiple=True,
        metavar="ID",
        help="A ticket that must be closed first.",
    ),
    click.option(
        "--starts-with",
        shell_complete=shared.completes("id"),
        multiple=True,
        metavar="ID",
        help="A ticket that must have started first.",
    ),
    click.option("--assignee", metavar="WHO", help="user:NAME, agent:ROLE, me or none; by default agent:PM."),
    click.option("--due", metavar="WHEN", help="A date, or a length of time: 2026-12-01, 3 days."),
    click.option("--estimate", metavar="HOURS", help="How many hours of work it is."),
    click.option(
        "--workflow",
        metavar="TEXT|FILE",
        help="Its steps: in a line (diagnose -> fix -> test), or a TOML or JSON file; `-` reads standard input.",
    ),
    shared.reproduction,
    shared.verification,
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a request, for a command that passes them on to ``read``."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)


def read(
    desk: "memory.Memory",
    words: str,
    *,
    repro: str | None = None,
    verify: str | None = None,
    workflow: str | None = None,
    **given: Any,  # noqa: ANN401 - fields of a request, as click gives them
) -> opening.Request:
    """The request that arguments mean. Piped words are somebody else's: they are read, and never run."""
    origin = session.origin(desk.principal)
    reproduction, verification = commands(origin, repro, verify)
    given |= _workflow(workflow, origin, is_taken=words == "-")
    words, origin = spoken.read(words, origin)
    return opening.Request(words, desk.principal, origin, reproduction=reproduction, verification=verification, **given)


def _workflow(typed: str | None, origin: str, *, is_taken: bool) -> dict[str, str]:
    """The workflow that is given, and whose words it is."""
    if typed is None:
        return {}
    if typed == "-" and is_taken:
        raise errors.Usage("the words and the workflow cannot both be piped", "give the workflow as a file")
    from tickety.cli import spelled

    written, whose = spelled.read(typed, origin)
    return {"workflow": written, "workflow_origin": whose}


def commands(origin: str, repro: str | None, verify: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The commands that a person typed to be run; Refused from an agent: what it writes is never run."""
    if not (repro or verify):
        return (), ()
    origins.require_user(origin)
    from tickety import config

    return (
        config.argv(repro, "--repro") if repro else (),
        config.argv(verify, "--verify") if verify else (),
    )


def completed(desk: "memory.Memory", request: opening.Request) -> opening.Request:
    """The request with what a person answers about the parts that its words do not tell."""
    from dataclasses import replace

    from tickety.core import description, editing

    if not session.is_terminal() or session.agent_here():
        raise errors.Usage("--ask needs a person at a terminal", "say it in the words themselves")
    words = text.clean(request.words)
    known = {"title": request.title, "description": words, "due_at": request.due}
    now = desk.clock.now()
    answers = {part: _answer(part, now) for part in description.missing(known)}
    due = answers.get(description.WHEN, "")
    return replace(
        request, words=description.added(words, answers), due=due if editing.is_due(due, now) else request.due
    )


def _answer(part: str, now: "datetime") -> str:
    """What a person says about a part; a date that is past is asked for again."""

    def checked(typed: str) -> str:
        if part == description.WHEN and editing.is_due(typed, now):
            try:
                editing.due(typed, now)
            except errors.Usage as error:
                raise click.BadParameter(error.message) from None
        return typed

    from tickety.core import description, editing

    asked = f"It does not say {part} (Enter leaves it out)"
    answer: str = click.prompt(asked, default="", show_default=False, err=True, value_proc=checked)
    return answer
