"""``tickety workflow``."""

import sys
from typing import TYPE_CHECKING

import click

from tickety.cli import drawn, options, printed, session, spelled
from tickety.core import errors, ids, origin, record, text

if TYPE_CHECKING:
    from tickety.core import ticket
    from tickety.desk import changing as changing_desk
    from tickety.desk import memory


@record.record(frozen=True, slots=True)
class _Shown:
    """A plan, and the ticket that it is of, if it is one's."""

    plan: "ticket.Plan"
    ticket_id: str | None = None


@click.group("workflow", short_help="Plans of steps: show, check, change.")
def command() -> None:
    """Who does what in which order: in a line, in the guide's tables, or step by step in TOML or JSON.

    \b
    Examples:
      tickety workflow show BUG-2026-001
      tickety workflow show "research -> (implement | document) -> test"
      tickety workflow show FEAT-2026-002 --as mermaid
      tickety workflow check release.toml
      tickety workflow set FEAT-2026-002 "research -> (implement | document) -> test"
      tickety new "Release 2.0" --workflow release.toml
    """


@command.command("show")
@click.argument("typed", metavar="[ID|TEXT|FILE]", required=False, shell_complete=options.completes("id", "type"))
@click.option("--as", "way", type=click.Choice(drawn.WAYS), help="By default a tree on a terminal, text elsewhere.")
@options.as_json
def show(typed: str | None, way: str | None, as_json: bool) -> None:
    """Show a plan: of a ticket, of a type or a template, or of a workflow in words or in a file (`-`: piped).

    Of a ticket the states of its steps and how far its phases are. `--as toml` writes every step out, to be edited.

    \b
    Examples:
      tickety workflow show 12
      tickety workflow show bug
      tickety workflow show "assess -> patch -> verify" --as mermaid
      tickety workflow show plan.json --json
    """
    if typed is None:
        _show_types(as_json=as_json)
        return
    shown = _found(typed)
    is_live = shown.ticket_id is not None
    chosen = way or ("tree" if sys.stdout.isatty() else "text")
    if as_json:
        told = {"id": shown.ticket_id, **drawn.as_json(shown.plan, is_live=is_live)}
        drawing = {"shown": "\n".join(drawn.lines(shown.plan, way, is_live=is_live))} if way else {}
        printed.answer({**told, **drawing})
        return
    for line in drawn.lines(shown.plan, chosen, is_live=is_live):
        click.echo(line)
    if not shown.plan.steps:
        click.echo("no steps could be made of it" if shown.plan.workflow else "it has no steps", err=True)


@command.command("check")
@click.argument("typed", metavar="TEXT|FILE")
@options.as_json
def check(typed: str, as_json: bool) -> None:
    """Check a workflow before it is used: what it is, or what is wrong with it (exit code 2).

    \b
    Examples:
      tickety workflow check "research -> (implement | document) -> test"
      tickety workflow check release.toml
      tickety workflow check - < plan.json
    """
    from tickety.core import spelling
    from tickety.core.drawing import tree

    written, _ = spelled.read(typed, origin.UNKNOWN)
    plan = spelling.read(written)
    form, together = spelling.form(written), tree.width(plan)
    if as_json:
        printed.answer({"form": form, "together": together, **drawn.as_json(plan, is_live=False)})
        return
    crew = ", ".join(agent.removesuffix(" Agent") for agent in plan.agents_required)
    beside = f"; up to {together} run side by side" if together > 1 else ""
    phased = f" in {text.plural(len(plan.phases), 'phase')}" if plan.phases else ""
    click.echo(f"It is sound: {form}, {text.plural(len(plan.steps), 'step')}{phased}, by {crew}{beside}.")


@command.command("set")
@options.ticket_id
@click.argument("workflow", metavar="TEXT|FILE")
@click.option("--reason", metavar="WORDS", help="Why: it stands in the log.")
@options.dry_run
@options.acting_as
@options.as_json
def set_(typed: str, workflow: str, reason: str | None, dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Give a ticket another workflow. Steps that have begun stay as they are; the log keeps the old plan.

    What a line has no word for (tasks, gates, limits) stays, too, for every step of the same name.

    \b
    Examples:
      tickety workflow set FEAT-2026-002 "research -> (implement | document) -> test"
      tickety workflow show FEAT-2026-002 --as toml > plan.toml    (edit it, then)
      tickety workflow set FEAT-2026-002 plan.toml --reason "The guides come later"
    """
    from tickety.cli import changing, fence
    from tickety.desk import replanning

    desk, (uid,) = changing.open_memory(acting_as, (typed,))
    wish = replanning.Wish(*spelled.read(workflow, session.origin(desk.principal)), reason and text.clean(reason))
    fence.require_person(f"Give {typed} another workflow?", dry_run=dry_run)
    changed = replanning.change(desk, uid, wish, dry_run=dry_run)
    changing.tell(desk, (changed,), _sentence, as_json=as_json, dry_run=dry_run)


def _sentence(one: "changing_desk.Changed") -> str:
    if one.is_same:
        return f"{one.after.id} has this workflow already"
    steps = one.after.orchestration.steps
    return f"{one.after.id} has another workflow: {', '.join(step.name for step in steps)}"


def _found(typed: str) -> _Shown:
    """The plan that is meant: a ticket's, a workflow's, a type's or a template's."""
    if ids.is_reference(typed):
        return _of_ticket(session.memory_to_read(), typed)
    return _Shown(_of_name(typed) or _of_words(typed))


def _of_ticket(desk: "memory.Memory", typed: str) -> _Shown:
    from tickety.cli import named

    subject = desk.store.load(named.find(desk.store, typed, desk.clock.now()))
    return _Shown(subject.orchestration, subject.id)


def _of_words(typed: str) -> "ticket.Plan":
    from tickety import clock
    from tickety.core import phases, spelling

    written, _ = spelled.read(typed, origin.UNKNOWN)
    return phases.dated(spelling.read(written), clock.SystemClock().now())


def _of_name(typed: str) -> "ticket.Plan | None":
    """The plan of a type or a template, where the words are the name of one; outside of a project there are none."""
    if spelled.is_written_out(typed) or typed == "-":
        return None
    try:
        known = session.memory_to_read().catalogue()
    except errors.NotFound:
        return None
    from tickety.core import recipes, template

    if typed in known.types:
        return recipes.plan(known.recipe(typed), "")
    if typed not in known.templates:
        return None
    wanted = known.template(typed)
    return template.plan(wanted, known.recipe(wanted.type or "task"), "")


def _show_types(*, as_json: bool) -> None:
    """The workflow of every type that the project has."""
    from tickety.core import recipes

    known = session.memory_to_read().catalogue()
    plans = {name: recipes.plan(known.recipe(name), "") for name in known.types}
    if as_json:
        printed.answer({"types": {name: drawn.as_json(plan, is_live=False) for name, plan in plans.items()}})
        return
    for name, plan in plans.items():
        click.echo(f"{name:<14} {text.one_line(plan.workflow) or 'what its parts do'}")
