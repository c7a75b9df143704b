"""``tickety "words"``: the whole job, from one sentence to a closed ticket."""

from typing import Any

import click

from tickety.cli import announce, flow, live, options, requests
from tickety.core import opening
from tickety.desk import intake, ports


@click.command("sentence", hidden=True)
@click.argument("words")
@requests.options
@click.option("--plan-only", is_flag=True, help="Open and plan; run nothing.")
@options.yes
@options.dry_run
@options.acting_as
@options.as_json
def command(
    words: str,
    plan_only: bool,
    yes: bool,
    dry_run: bool,
    acting_as: str | None,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - see requests.options
) -> int:
    """Say what is wrong or wanted: a ticket is opened, planned, worked on, and closed on evidence.

    \b
    Examples:
      tickety "The --version command is throwing an ImportError"
      tickety "The import of old files crashes" --repro "notes list --file old.json"
      tickety "I want to export notes as HTML" --plan-only
    """
    desk, screen = flow.open_desk(acting_as, as_json=as_json)
    made = intake.prepare(desk, requests.read(desk, words, **given))
    if dry_run:
        return _planned(desk, screen, made, intake.as_it_would_be(desk, made))
    etas = announce.etas(desk, made)
    subject = intake.open_ticket(desk, made)
    document = desk.store.document(subject.uid)
    if plan_only or not subject.orchestration.steps:
        return _planned(desk, screen, made, document)
    screen.opened(announce.opening(made, document, desk, etas=etas), announce.starting(made, document))
    return flow.work_on(desk, screen, (subject.uid,), yes=yes)


def _planned(desk: ports.Ports, screen: flow.Screen, made: opening.Opening, document: dict[str, Any]) -> int:
    """The ticket and its plan are all that was asked for."""
    if isinstance(screen, live.Stream):
        screen.result(0, document)
        return 0
    for line in announce.opening(made, document, desk):
        click.echo(line)
    click.echo(f"\nNothing was run. Go on with: tickety run {document['id']}")
    return 0
