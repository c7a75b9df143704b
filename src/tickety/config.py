"""``tickety.toml``: what a project decided, read at one commit, and filled up with what is found in the project."""

import shlex
import shutil
import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeVar

import msgspec

from tickety import catalogue_files
from tickety.core import (
    address,
    budget,
    complaint,
    errors,
    escalation,
    nearest,
    outbox,
    policy,
    roster,
    scripts,
    settings,
    sla,
    ticket,
    times,
    tree,
    verdict,
    verification,
    workspace_setup,
)

T = TypeVar("T")

FILE = "tickety.toml"
_REMEDY = f"mend {FILE}, commit it, and run it again"
_TRUSTED_FOLDERS = (".tickety/", ".claude/agents/")
_LIMIT = 32 * 1024  # tomllib keeps every beginning of a dotted key: a long one could fill the memory
_ENDLESS = 1e12  # more than anybody has
_SHELL = frozenset(";|&<>$`\n")

Words = str | list[str]


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    """A table in which a name that is not known is a mistake."""


class _Verification(_Strict):
    command: Words | None = None
    timeout: str = "30 minutes"


class _Workspace(_Strict):
    setup: list[Words] | None = None
    copy: list[str] = []
    share: list[str] = []
    env: list[str] = []
    timeout: str = "30 minutes"


class _Command(_Strict):
    command: Words


class _Seat(_Strict):
    agent: _Command | str
    timeout: str = "30 minutes"


class _Mirror(_Strict):
    folder: str | None = None


class _Engine(_Strict):
    workers: int = policy.WORKERS
    slots: dict[str, int] = {}
    lease: str = "1 minute"
    stall: str = "10 minutes"
    ticket_timeout: str | None = None
    retries: tuple[str, ...] = ("10 seconds", "1 minute")
    rework: int = 1
    proposals: Literal["ask", "accept", "refuse"] = "ask"


class _Escalation(_Strict):
    critical_open: str = "2 hours"
    stalled: str = "1 hour"
    answer_overdue: str = "24 hours"
    owner: str | None = None
    raise_priority: list[str] = []
    assign: dict[str, str] = {}


class _Sla(_Strict):
    critical: str = sla.BY_PRIORITY[ticket.Priority.CRITICAL]
    high: str = sla.BY_PRIORITY[ticket.Priority.HIGH]
    medium: str = sla.BY_PRIORITY[ticket.Priority.MEDIUM]
    low: str = sla.BY_PRIORITY[ticket.Priority.LOW]
    pause: bool = True


class _Limits(_Strict):
    runs: int | None = None
    hours: float | None = None
    tokens: int | None = None
    usd: float | None = None


class _Budget(_Strict):
    step: _Limits = msgspec.field(default_factory=_Limits)
    ticket: _Limits = msgspec.field(default_factory=_Limits)
    epic: _Limits = msgspec.field(default_factory=_Limits)
    day: _Limits = msgspec.field(default_factory=_Limits)


class _Notify(_Strict):
    on: list[str] = msgspec.field(default_factory=lambda: list(outbox.DEFAULT))
    desktop: bool = False
    urls: list[str] = []
    webhook: str | None = None
    allow_private: bool = False


class _Own(_Strict):
    notify: _Notify = msgspec.field(default_factory=_Notify)


class _File(_Strict):
    verification: _Verification = msgspec.field(default_factory=_Verification)
    workspace: _Workspace = msgspec.field(default_factory=_Workspace)
    roster: dict[str, _Seat] = {}
    types: dict[str, dict[str, object]] = {}
    mirror: _Mirror = msgspec.field(default_factory=_Mirror)
    engine: _Engine = msgspec.field(default_factory=_Engine)
    escalation: _Escalation = msgspec.field(default_factory=_Escalation)
    sla: _Sla = msgspec.field(default_factory=_Sla)
    budget: _Budget = msgspec.field(default_factory=_Budget)
    notify: _Notify = msgspec.field(default_factory=_Notify)


def read(files: tree.Tree) -> settings.Settings:
    """The settings at a commit; Usage, naming the field, when ``tickety.toml`` is not as it should be."""
    wanted = _parse(_text(files))
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
        verification_timeout=_seconds(wanted.verification.timeout),
        setup_timeout=_seconds(wanted.workspace.timeout),
        files=_trusted_files(files, commands, judge.scripts if judge else ()),
        notify=_notify(wanted.notify, FILE),
    )


def own(text: str, place: str) -> settings.Notify:
    """What a user's own file, ``place``, says on messages; Usage when it is not as it should be."""
    return _notify(_converted(text, _Own, place).notify, place)


def mirror(text: str) -> str | None:
    """The folder that the tickets are mirrored in, relative to the checkout; None when the project wants no mirror."""
    folder = _parse(text).mirror.folder
    if folder is None:
        return None
    parts = folder.rstrip("/").split("/")
    if "\\" in folder or any(part in {"", ".", ".."} or part.lower() == ".git" for part in parts):
        raise errors.Usage(f"{FILE}: [mirror] folder {folder!r} leads out of the checkout", 'write folder = "tickets"')
    return "/".join(parts)


def rules(text: str) -> policy.Policy:
    """How the project lets its crew work, by the text of ``tickety.toml``; Usage when that is not as it should be."""
    wanted = _parse(text)
    engine, told = wanted.engine, wanted.escalation
    _require(engine.workers >= 1, "[engine] workers", "a whole number, 1 or above")
    _require(engine.rework >= 0, "[engine] rework", "a whole number, 0 or above")
    return policy.Policy(
        workers=engine.workers,
        slots={_role(role, "[engine] slots"): slots for role, slots in engine.slots.items()},
        lease=_seconds(engine.lease),
        stall=_seconds(engine.stall),
        patience=verdict.Patience(tuple(_seconds(pause) for pause in engine.retries), engine.rework),
        proposals=engine.proposals,
        limits=_budget(wanted),
        delays={**escalation.DELAYS, **_delays(told)},
        owner=told.owner and _principal(told.owner, "[escalation] owner"),
        raise_priority=tuple(_rule(rule, "[escalation] raise_priority") for rule in told.raise_priority),
        assign={
            _rule(rule, "[escalation] assign"): _principal(who, "[escalation] assign")
            for rule, who in told.assign.items()
        },
        sla={priority: _length(getattr(wanted.sla, priority), "[sla]") for priority in ticket.Priority},
        sla_pauses=wanted.sla.pause,
    )


def _budget(wanted: _File) -> budget.Budget:
    """The limits; that a ticket's attempts may run so long in all is one of them."""
    limits = {name: _limits(getattr(wanted.budget, name), name) for name in ("step", "ticket", "epic", "day")}
    if wanted.engine.ticket_timeout:
        limits["ticket"] = replace(limits["ticket"], seconds=_seconds(wanted.engine.ticket_timeout))
    return budget.Budget(**limits)


def _limits(wanted: _Limits, scope: str) -> budget.Limits:
    for name in ("runs", "hours", "tokens", "usd"):
        limit = getattr(wanted, name)
        _require(limit is None or 0 <= limit < _ENDLESS, f"[budget] {scope}.{name}", "a number, 0 or above")
    seconds = None if wanted.hours is None else wanted.hours * 3600
    return budget.Limits(wanted.runs, seconds, wanted.tokens, wanted.usd)


def _delays(wanted: _Escalation) -> dict[str, float]:
    return {name: _seconds(getattr(wanted, name)) for name in ("critical_open", "stalled", "answer_overdue")}


def _rule(name: str, place: str) -> str:
    if name not in escalation.RULES:
        asked = nearest.asked(name, escalation.RULES)
        raise errors.Usage(
            f"{FILE}: {place}: there is no rule {name!r}", f"{asked}rules: {', '.join(escalation.RULES)}"
        )
    return name


def _role(name: str, place: str) -> str:
    try:
        return roster.role(name).name
    except errors.Usage as error:
        raise errors.Usage(f"{FILE}: {place}: {error.message}", error.hint) from error


def _principal(who: str, place: str) -> str:
    kind, _, name = who.partition(":")
    if kind == "agent":
        return f"agent:{_role(name, place)}"
    _require(kind == "user" and bool(name.strip()) and name.isprintable(), place, "user:NAME or agent:ROLE")
    return who


def _length(text: str, place: str) -> str:
    _seconds(text)
    del place
    return text


def _require(holds: bool, place: str, wanted: str) -> None:  # noqa: FBT001 - what must hold comes first
    if not holds:
        raise errors.Usage(f"{FILE}: {place} is not {wanted}", _REMEDY)


def argv(words: Words, place: str) -> tuple[str, ...]:
    """An argument list; a text is split as a shell would, but nothing in it may need a shell."""
    if isinstance(words, str) and _SHELL.intersection(words):
        raise errors.Usage(
            f"{place}: {words!r} needs a shell, and commands here run without one", 'give a list: ["sh", "-c", "…"]'
        )
    try:
        parts = tuple(shlex.split(words) if isinstance(words, str) else words)
    except ValueError as error:
        raise errors.Usage(f"{place}: {words!r} cannot be split: {error}", "check its quotes") from error
    if not parts or not parts[0]:
        raise errors.Usage(f"{place}: the command is empty", 'give its words: ["pytest", "-q"]')
    return parts


def _text(files: tree.Tree) -> str:
    text = files.text(FILE)
    if text is None and FILE in files.paths:
        raise errors.Usage(f"{FILE} is not UTF-8 text, or is far too large", _REMEDY)
    return text or ""


def _parse(text: str) -> _File:
    return _converted(text, _File, FILE)


def _converted(text: str, kind: type[T], place: str) -> T:
    remedy = _REMEDY if place == FILE else f"mend {place}, and run it again"
    if len(text) > _LIMIT:
        raise errors.Usage(f"{place} is longer than {_LIMIT:,} characters", "keep in it what Tickety reads")
    try:
        given = tomllib.loads(text)
        if place == FILE:
            catalogue_files.require_tables(given)
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise errors.Usage(f"{place}: {complaint.sentence(str(error))}", remedy) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise errors.Usage(f"{place}: {error}", remedy) from error


def _require_types(wanted: dict[str, dict[str, object]]) -> None:
    """Refuses types that no ticket could be opened of, though nothing else here is about them."""
    try:
        catalogue_files.types(wanted)
    except errors.Usage as error:
        raise errors.Usage(f"{FILE}: {error.message}", error.hint) from error


def _verification(wanted: _Verification, files: tree.Tree) -> verification.Verification | None:
    found = verification.find(files)
    if wanted.command is None:
        return found
    command = argv(wanted.command, "[verification] command")
    definition = found.definition if found else ""
    return verification.Verification(command, FILE, definition, scripts.behind(command, files))


def _setup(wanted: _Workspace, files: tree.Tree, judge: verification.Verification | None) -> workspace_setup.Setup:
    found = workspace_setup.find(files, judge.argv if judge else (), _absent())
    copy, share = tuple(wanted.copy), tuple(wanted.share)
    if wanted.setup is None:
        return workspace_setup.Setup(found.commands, copy, share, found.inputs, found.source)
    commands = tuple(argv(command, "[workspace] setup") for command in wanted.setup)
    return workspace_setup.Setup(commands, copy, share, found.inputs, FILE)


def _absent() -> frozenset[str]:
    """The set-up programs that this machine does not have, and that another can stand in for."""
    return frozenset(name for name in ("uv",) if shutil.which(name) is None)


def _seats(wanted: dict[str, _Seat]) -> dict[str, settings.Filling]:
    seats = {roster.role(name).name: _filling(seat) for name, seat in wanted.items()}
    if len(seats) < len(wanted):
        raise errors.Usage(f"{FILE}: [roster] names one role twice", f"the roles it names: {', '.join(wanted)}")
    return seats


def _filling(seat: _Seat) -> settings.Filling:
    timeout = _seconds(seat.timeout)
    if isinstance(seat.agent, str):
        return settings.Filling(builtin=seat.agent, timeout=timeout)
    return settings.Filling(command=argv(seat.agent.command, "[roster] agent"), timeout=timeout)


def _seconds(text: str) -> float:
    try:
        return times.length(text).total_seconds()
    except ValueError as error:
        raise errors.Usage(f"{FILE}: {error}", times.example(text)) from error


def _notify(wanted: _Notify, place: str) -> settings.Notify:
    """What is said on messages. No complaint repeats an address: there may be a password in it."""
    for kind in wanted.on:
        if kind not in outbox.KINDS:
            known = f"{nearest.asked(kind, outbox.KINDS)}the kinds: {', '.join(outbox.KINDS)}"
            raise errors.Usage(f"{place}: [notify] on: there is no kind of message {kind[:40]!r}", known)
    for number, url in enumerate(wanted.urls):
        _require_address(url, address.service, f"{place}: [notify] urls[{number}]", 'write "mailto://…", "slack://…"')
    if wanted.webhook is not None:
        _require_address(wanted.webhook, address.target, f"{place}: [notify] webhook", 'write "https://HOST/PATH"')
        if not wanted.allow_private and address.target(wanted.webhook).scheme != "https":
            raise errors.Usage(f"{place}: [notify] webhook is not secure", "write https, or allow_private = true")
    return settings.Notify(tuple(wanted.on), wanted.desktop, tuple(wanted.urls), wanted.webhook, wanted.allow_private)


def _require_address(url: str, read: Callable[[str], object], field: str, remedy: str) -> None:
    try:
        read(url)
    except ValueError as error:
        raise errors.Usage(f"{field} is no address: {error}", remedy) from None


def _trusted_files(files: tree.Tree, commands: list[tuple[str, ...]], scripts: tuple[str, ...]) -> dict[str, str]:
    """The texts that decide what is run: Tickety's own files, and the scripts that commands name."""
    named = {*scripts, *(word.removeprefix("./") for command in commands for word in command)}
    paths = (path for path in files.paths if path == FILE or path.startswith(_TRUSTED_FOLDERS) or path in named)
    return {path: files.text(path) or "" for path in paths}
