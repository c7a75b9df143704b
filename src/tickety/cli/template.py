"""``tickety template``."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from tickety import catalogue_files
from tickety.cli import options, printed, session
from tickety.core import errors, text

if TYPE_CHECKING:
    from tickety.core import catalogue

_complete = options.completes("template")
_names = click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=_complete)
_name = click.argument("name", metavar="NAME", shell_complete=_complete)


@click.group("template", short_help="What tickets start with: list, show, write, check.")
def command() -> None:
    """Tickets that come again and again, written down once. Your own lie in `.tickety/templates/NAME.toml`.

    Types of your own are defined in `tickety.toml`:

    \b
      [types.incident]
      prefix = "INC"
      like = "bug"

    \b
    Examples:
      tickety template list
      tickety template show security_vulnerability
      tickety template new incident --from bug
      tickety template check
      tickety new "The login page is down" --template incident
    """


@command.command("list")
@options.as_json
def list_(as_json: bool) -> None:
    """List the templates, your own first.

    \b
    Examples:
      tickety template list
      tickety template list --json
    """
    known = session.memory_to_read().catalogue()
    found = [_described(known, name) for name in known.templates]
    if as_json:
        printed.answer({"templates": found})
        return
    for one in found:
        click.echo(f"{one['name']:<24} {text.one_line(one['fault'] or one['description'])}")


@command.command("show")
@_name
@options.as_json
def show(name: str, as_json: bool) -> None:
    """Show what a ticket of a template starts with, as its file would say it.

    \b
    Examples:
      tickety template show performance_issue
      tickety template show bug --json
    """
    from tickety.core import template, template_text

    known = session.memory_to_read().catalogue()
    found = known.template(name)
    if as_json:
        printed.answer(template.as_json(found))
    else:
        click.echo(text.harmless(template_text.of(found, known.by_type)), nl=False)


@command.command("new")
@_name
@click.option(
    "--from",
    "source",
    shell_complete=options.completes("template"),
    metavar="TEMPLATE",
    default="bug",
    show_default=True,
    help="What it begins as.",
)
@options.dry_run
@options.as_json
def new(name: str, source: str, dry_run: bool, as_json: bool) -> None:
    """Write a template of your own, to be changed. A file that is there stays as it is.

    \b
    Examples:
      tickety template new incident
      tickety template new leak --from security_vulnerability
    """
    from tickety.core import template, template_text

    checkout = _checkout()
    known = session.memory_to_read().catalogue()
    words = template_text.of(replace(known.template(source), name=name), known.by_type)
    place = catalogue_files.check_new(checkout, name) if dry_run else catalogue_files.write(checkout, name, words)
    if as_json:
        printed.answer({"written": [] if dry_run else [place], "files": {place: words}})
        return
    click.echo(f"{'would write' if dry_run else 'wrote'} {place}", err=True)
    if name in template.BY_NAME:
        click.echo(f"It stands in the place of the built-in {name}", err=True)
    if dry_run:
        click.echo(text.harmless(words), nl=False)


@command.command("check")
@_names
@options.as_json
def check(names: tuple[str, ...], as_json: bool) -> int:
    """Check your templates: each fault is named with its file and the reason; exit code 1 when there is one.

    \b
    Examples:
      tickety template check
      tickety template check incident --json
    """
    known = session.memory_to_read().catalogue()
    asked = names or tuple(known.own())
    faults = [fault for name in asked if (fault := _fault(known, name))]
    if not names:
        faults += _misnamed()
    if as_json:
        printed.answer({"checked": len(asked), "faults": faults})
    else:
        _tell_faults(len(asked), faults)
    return errors.Failed.exit_code if faults else 0


def _described(known: "catalogue.Catalogue", name: str) -> dict[str, Any]:
    is_own = name in known.own()
    told = {"name": name, "file": catalogue_files.place(name) if is_own else None, "description": "", "fault": None}
    try:
        return {**told, "description": known.template(name).description}
    except errors.TicketyError as error:
        return {**told, "fault": error.message}


def _fault(known: "catalogue.Catalogue", name: str) -> dict[str, str] | None:
    try:
        known.template(name)
    except errors.TicketyError as error:
        file = catalogue_files.place(name) if name in known.own() else name
        return {"file": file, "reason": error.message.removeprefix(f"{file}: "), "hint": error.hint}
    return None


def _misnamed() -> list[dict[str, str]]:
    checkout = session.here().checkout
    reason = "a template's name has small letters, digits, - and _, a letter first"
    return [
        {"file": file, "reason": reason, "hint": "give the file another name"}
        for file in (catalogue_files.misnamed(checkout) if checkout else ())
    ]


def _tell_faults(checked: int, faults: list[dict[str, str]]) -> None:
    for fault in faults:
        click.echo(text.harmless(f"{fault['file']}: {fault['reason']}\n  try: {fault['hint']}"))
    if not faults:
        click.echo(f"{text.plural(checked, 'template')} checked, no faults")


def _checkout() -> str:
    found = session.here()
    if found.checkout is None:
        hint = "run it in a clone" if found.is_git else "git init, and try it again"
        raise errors.Refused("there is no checkout to write a template to", hint)
    return found.checkout
