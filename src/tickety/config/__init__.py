"""``tickety.toml``: what a project decided, read at one commit, and filled up with what is found in the project."""

import shutil

from tickety import catalogue_files
from tickety.config import messages, tables, words
from tickety.config.crew import rules
from tickety.config.messages import own
from tickety.config.tables import FILE
from tickety.config.words import argv
from tickety.core import errors, roster, scripts, settings, tree, verification, workspace_setup

__all__ = ["FILE", "argv", "mirror", "own", "read", "rules"]

_TRUSTED_FOLDERS = (".tickety/", ".claude/agents/")


def read(files: tree.Tree) -> settings.Settings:
    """The settings at a commit; Usage, naming the field, when ``tickety.toml`` is not as it should be."""
    wanted = tables.parse(_text(files))
    _require_types(wanted.types)
    judge = _verification(wanted.verification, files)
    seats = _seats(wanted.roster)
    setup = _setup(wanted.workspace, files, judge)
    commands = [*setup.commands, *(seat.command for seat in seats.values()), judge.argv if judge else ()]
    return settings.Settings(
        verification=judge,
        setup=setup,
        roster=seats,
        extra_environment=tuple(wanted.workspace.env),
        verification_timeout=words.seconds(wanted.verification.timeout),
        setup_timeout=words.seconds(wanted.workspace.timeout),
        files=_trusted_files(files, commands, judge.scripts if judge else ()),
        notify=messages.notify(wanted.notify, FILE),
    )


def mirror(text: str) -> str | None:
    """The folder that the tickets are mirrored in, relative to the checkout; None when the project wants no mirror."""
    folder = tables.parse(text).mirror.folder
    if folder is None:
        return None
    parts = folder.rstrip("/").split("/")
    if "\\" in folder or any(part in {"", ".", ".."} or part.lower() == ".git" for part in parts):
        raise errors.Usage(f"{FILE}: [mirror] folder {folder!r} leads out of the checkout", 'write folder = "tickets"')
    return "/".join(parts)


def _text(files: tree.Tree) -> str:
    text = files.text(FILE)
    if text is None and FILE in files.paths:
        raise errors.Usage(f"{FILE} is not UTF-8 text, or is far too large", tables.REMEDY)
    return text or ""


def _require_types(wanted: dict[str, dict[str, object]]) -> None:
    """Refuses types that no ticket could be opened of, though nothing else here is about them."""
    try:
        catalogue_files.types(wanted)
    except errors.Usage as error:
        raise errors.Usage(f"{FILE}: {error.message}", error.hint) from error


def _verification(wanted: tables.Verification, files: tree.Tree) -> verification.Verification | None:
    found = verification.find(files)
    if wanted.command is None:
        return found
    command = words.argv(wanted.command, "[verification] command")
    definition = found.definition if found else ""
    return verification.Verification(command, FILE, definition, scripts.behind(command, files))


def _setup(
    wanted: tables.Workspace, files: tree.Tree, judge: verification.Verification | None
) -> workspace_setup.Setup:
    found = workspace_setup.find(files, judge.argv if judge else (), _absent())
    copy, share = tuple(wanted.copy), tuple(wanted.share)
    if wanted.setup is None:
        return workspace_setup.Setup(found.commands, copy, share, found.inputs, found.source)
    commands = tuple(words.argv(command, "[workspace] setup") for command in wanted.setup)
    return workspace_setup.Setup(commands, copy, share, found.inputs, FILE)


def _absent() -> frozenset[str]:
    """The set-up programs that this machine does not have, and that another can stand in for."""
    return frozenset(name for name in ("uv",) if shutil.which(name) is None)


def _seats(wanted: dict[str, tables.Seat]) -> dict[str, settings.Filling]:
    seats = {roster.role(name).name: _filling(seat) for name, seat in wanted.items()}
    if len(seats) < len(wanted):
        raise errors.Usage(f"{FILE}: [roster] names one role twice", f"the roles it names: {', '.join(wanted)}")
    return seats


def _filling(seat: tables.Seat) -> settings.Filling:
    timeout = words.seconds(seat.timeout)
    if isinstance(seat.agent, str):
        return settings.Filling(builtin=seat.agent, timeout=timeout)
    return settings.Filling(command=words.argv(seat.agent.command, "[roster] agent"), timeout=timeout)


def _trusted_files(files: tree.Tree, commands: list[tuple[str, ...]], scripts: tuple[str, ...]) -> dict[str, str]:
    """The texts that decide what is run: Tickety's own files, and the scripts that commands name."""
    named = {*scripts, *(word.removeprefix("./") for command in commands for word in command)}
    paths = (path for path in files.paths if path == FILE or path.startswith(_TRUSTED_FOLDERS) or path in named)
    return {path: files.text(path) or "" for path in paths}
