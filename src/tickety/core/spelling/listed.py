"""Steps that are listed one by one: the guide's first pattern, and the full form of a workflow.

``depends_on`` names an agent or a step, ``needs`` and ``starts_with`` name steps.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tickety.core import condition, errors, graph, nearest, roster, ticket
from tickety.core.spelling import dependence, given, manner, words

FIELDS = (
    "name", "agent", "task", "depends_on", "needs", "starts_with", "when", "attempts", "timeout", "mode", "phase",
    "writes", "receipts",
)  # fmt: skip
MODES = ("normal", "standby", "approval")


def steps(listed: object, phases: Sequence[str], how: manner.Manner) -> tuple[ticket.Step, ...]:
    """The steps of a list; Usage, naming the step and the field. ``phases`` are the names that a phase may have."""
    entries = given.listed(listed, "step", FIELDS)
    graph.require_count(len(entries))
    roles = [_role(entry, how) for entry in entries]
    names = _names(entries, roles, how)
    made = tuple(
        _step(entry, name, whose, phases, how) for entry, name, whose in zip(entries, names, roles, strict=True)
    )
    return _dependent(entries, made, how)


def _role(entry: given.Fields, how: manner.Manner) -> roster.Role:
    name = entry.text("name") or ""
    if whose := entry.role("agent"):
        return whose
    if not name:
        raise errors.Usage(f"{entry.place} names no agent", 'write agent = "Research Agent"')
    known = how.known.get(name)
    return roster.role(known.agent) if known else words.role(name)


def _names(entries: Sequence[given.Fields], roles: Sequence[roster.Role], how: manner.Manner) -> list[str]:
    """What every step is called: as it is said, else after its agent, numbered where that is taken."""
    said = [_name(entry, how) for entry in entries]
    if how.is_lenient:
        return words.numbered(name or words.slug(whose.name) for name, whose in zip(said, roles, strict=True))
    fresh = iter(words.numbered(
        (words.slug(whose.name) for name, whose in zip(said, roles, strict=True) if not name), tuple(filter(None, said))
    ))  # fmt: skip
    return [name or next(fresh) for name in said]


def _name(entry: given.Fields, how: manner.Manner) -> str | None:
    name = entry.text("name")
    if name and how.is_lenient:
        return words.slug(name)
    if entry.said.get("name") is not None:
        graph.require_name(name or "")
    return name


def _step(entry: given.Fields, name: str, whose: roster.Role, phases: Sequence[str], how: manner.Manner) -> ticket.Step:
    known = how.known.get(name)
    is_his = known is not None and known.agent == whose.agent
    usual = known.task if known and is_his else how.tasks.get(name) or _task(entry, name, whose)
    writes = entry.flag("writes")
    by_itself = known.writes if known and is_his else words.writes(name, whose)
    return ticket.Step(
        name,
        whose.agent,
        entry.text("task") or usual,
        entry.words("needs"),
        by_itself if writes is None else writes,
        entry.words("starts_with"),
        _when(entry),
        _mode(entry),
        _phase(entry, phases),
        attempts=entry.attempts("attempts", 3),
        timeout=entry.seconds("timeout"),
        receipts=entry.commands("receipts"),
    )


def _task(entry: given.Fields, name: str, whose: roster.Role) -> str:
    return words.task(name) if entry.text("name") else words.duty(whose)


def _when(entry: given.Fields) -> dict[str, Any] | None:
    when: dict[str, Any] | None = entry.said.get("when")
    if when is None:
        return None
    if not condition.is_sound(when) or not all(signal.strip() for signal in condition.signals(when)):
        raise errors.Usage(
            f"{entry.place}: when: {when!r:.80} is no condition",
            'write {signal = "…"}, {step = "…", outcome = "passed"}, {all = […]}, {any = […]} or {not = …}',
        )
    return when


def _mode(entry: given.Fields) -> str:
    mode = entry.text("mode") or MODES[0]
    if mode not in MODES:
        near = nearest.asked(mode, MODES)
        raise errors.Usage(
            f"{entry.place}: mode: there is no mode {mode[:60]!r}", f"{near}modes are: {', '.join(MODES)}"
        )
    return mode


def _phase(entry: given.Fields, phases: Sequence[str]) -> str | None:
    """The phase of a step, by its name or its number; any name, where no phases are listed."""
    name = entry.word("phase")
    if name is None or not phases or name in phases:
        return name
    if name.isdecimal() and 0 < int(name) <= len(phases):
        return phases[int(name) - 1]
    near = nearest.asked(name, phases)
    raise errors.Usage(f"{entry.place}: there is no phase {name[:60]!r}", f"{near}the phases are: {', '.join(phases)}")


def _dependent(
    entries: Sequence[given.Fields], made: tuple[ticket.Step, ...], how: manner.Manner
) -> tuple[ticket.Step, ...]:
    """The steps, each with what it depends on among its needs."""
    named = {entry.text("name") for entry in entries}
    for at, entry in enumerate(entries):
        found = (dependence.meant(wanted, at, made, named, how) for wanted in entry.words("depends_on"))
        needs = tuple(dict.fromkeys((*made[at].needs, *found)))
        made = (*made[:at], replace(made[at], needs=needs), *made[at + 1 :])
    return made
