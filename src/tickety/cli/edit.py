"""``tickety edit``."""

from typing import Any

import click

from tickety.cli import changing, named, options, session, words
from tickety.core import editing as rules
from tickety.core import errors, text, ticket
from tickety.desk import changing as commands
from tickety.desk import editing, memory


@click.command("edit", short_help="Change what tickets say.")
@changing.ticket_ids
@click.option("--title", metavar="TEXT", help="One line that names it.")
@click.option("--description", metavar="TEXT", help="All that is to be known; `-` reads standard input.")
@click.option(
    "--type",
    "type_name",
    shell_complete=options.completes("type"),
    metavar="TYPE",
    help="With it the plan, as long as nobody began. The id stays.",
)
@click.option(
    "--priority",
    shell_complete=options.completes("priority"),
    metavar="PRIORITY",
    help="critical, high, medium, low; with it the date that follows.",
)
@click.option("--due", metavar="DATE", help="A date, a length of time from now, or `none`: by its priority.")
@click.option("--estimate", metavar="HOURS", help="How long it takes, or `none`.")
@click.option("--log", "logged", metavar="HOURS", help="Time you spent on it; added to what is known.")
@click.option("--affected", type=click.IntRange(0), metavar="N", help="How many users it concerns.")
@click.option(
    "--parent", shell_complete=options.completes("id"), metavar="ID", help="The ticket it is a part of, or `none`."
)
@changing.shared
def command(typed: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - see _wanted
    """Change what tickets say. What is the way you want it already is left alone.

    \b
    Examples:
      tickety edit BUG-2026-001 --priority critical
      tickety edit 12 --title "Login fails on Windows" --due "3 days"
      tickety edit 12 13 --parent EPIC-2026-001 --estimate 4
      tickety edit 12 --log 1.5
    """
    if all(value is None for value in given.values()):
        raise errors.Usage(
            "nothing is to be changed", f"say what, for one: tickety edit {typed[0]} --title '…' (--help)"
        )
    desk, uids = changing.open_memory(acting_as, typed)
    changed = editing.edit_many(desk, uids, _wanted(desk, **given), dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)


def _wanted(
    desk: memory.Memory,
    type_name: str | None,
    priority: str | None,
    due: str | None,
    logged: str | None,
    **given: str | int | None,
) -> rules.Edit:
    """The edit that the options mean."""
    said = {name: value for name, value in given.items() if value is not None}
    description = said.pop("description", None)
    known = {_FACTS[name]: _read(desk, name, value) for name, value in said.items()}
    whose = session.origin(desk.principal)
    if description is not None:
        spoken, whose = words.read(str(description), whose)
        known["description"] = text.clean(spoken)
    if due is not None and due != rules.NONE:
        known["due_at"] = rules.due(due, desk.clock.now())
    return rules.Edit(
        known,
        _priority(priority) if priority is not None else None,
        desk.catalogue().recipe(type_name) if type_name is not None else None,
        rules.hours(logged) if logged is not None else 0,
        due == rules.NONE,
        whose,
    )


def _priority(name: str) -> ticket.Priority:
    from tickety.core import triage  # its patterns are compiled for this one option only

    return triage.priority_named(name)


def _read(desk: memory.Memory, name: str, value: str | int) -> str | float | None:
    match (name, value):
        case ("parent" | "estimate", rules.NONE):
            return None
        case ("parent", str()):
            return desk.store.load(named.find(desk.store, value, desk.clock.now())).id
        case ("estimate", str()):
            return rules.hours(value)
        case ("title", str()):
            return rules.title(value)
        case _:
            return int(value)


def _sentence(one: commands.Changed) -> str:
    if one.is_same:
        return f"{one.after.id} is so already"
    from tickety.cli import facts

    return f"{one.after.id}: {facts.told(one)}"


_FACTS = {
    "title": "title", "parent": "parent",
    "estimate": "metadata/estimated_hours", "affected": "metadata/affected_users",
}  # fmt: skip
