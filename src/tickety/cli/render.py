"""Tickets as text. What comes from outside is made harmless before it reaches a terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from tickety.core import text

if TYPE_CHECKING:
    from datetime import datetime

    from tickety import store
    from tickety.desk import lookup, surroundings

_COLOURS = {
    "critical": "red", "high": "yellow", "blocked": "red", "closed": "green", "passed": "green", "failed": "red",
    "running": "cyan", "waiting": "yellow", "in_progress": "cyan",
}  # fmt: skip
_WIDE = 100
_MARKS = ("\x1b[1m", "\x1b[0m")  # bold: click takes it out again off a terminal, as every colour


def coloured(word: str, width: int = 0) -> str:
    """A status or a priority in its colour; click takes the colour out again off a terminal."""
    return _styled(f"{word:<{width}}", _COLOURS.get(word))


def _styled(words: str, colour: str | None) -> str:
    """Words without a colour stay as they are: even the code that ends one is noise."""
    return click.style(words, fg=colour) if colour else words


def row(entry: "store.Row") -> str:
    """One line of a list."""
    line = (
        f"{entry.id:<14} {coloured(entry.priority, 8)} {coloured(entry.status, 11)} {text.one_line(entry.title, _WIDE)}"
    )
    held_up = entry.blocker or entry.waiting_for
    return f"{line}\n{'':<14} {text.one_line(held_up, _WIDE + 20)}" if held_up else line


def upcoming(entry: "store.Row", now: "datetime") -> str:
    """One line of what comes next, with the time that is left."""
    from tickety.core import progress

    left = progress.time_left(entry.due_at, now)
    colour = "red" if progress.is_overdue(entry.due_at, now) else None
    return (
        f"{entry.id:<14} {coloured(entry.priority, 8)} {_styled(f'{left:<13}', colour)} "
        f"{text.one_line(entry.title, _WIDE)}"
    )


def hit(found: "lookup.Hit") -> str:
    """A ticket that was found, and where."""
    from tickety.core import snippet

    ticket = found.document
    line = f"{ticket['id']:<14} {coloured(ticket['status'], 11)} {text.one_line(ticket['title'], _WIDE)}"
    where = snippet.marked(found.snippet, *_MARKS)
    return f"{line}\n{'':<14} {where}" if found.snippet.text not in {"", ticket["title"]} else line


def whole(ticket: dict[str, Any], around: "surroundings.Surroundings", now: "datetime") -> Iterator[str]:
    """A ticket with its plan, its reports, its receipts and its questions, line by line."""
    yield click.style(f"{ticket['id']}  {text.one_line(ticket['title'])}", bold=True)
    yield from _facts(ticket, now)
    yield from _around(ticket, around)
    if ticket["description"] != ticket["title"]:
        yield from ("", *(f"  {text.harmless(line)}" for line in ticket["description"].splitlines()[:40]))
    yield from _missing(ticket)
    yield from _plan(ticket)
    for update in ticket["agent_updates"]:
        yield from ("", *update_lines(update))
    yield from _comments(ticket)
    yield from _questions(ticket)
    yield from _escalations(ticket)


def _facts(ticket: dict[str, Any], now: "datetime") -> Iterator[str]:
    ended = f", {ticket['resolution']}" if ticket["resolution"] else ""
    put_away = ", archived" if ticket["archived"] else ""
    yield f"  {ticket['type']}, {coloured(ticket['priority'])}, {coloured(ticket['status'])}{ended}{put_away}"
    if ticket["blocker"]:
        yield f"  blocker: {text.harmless(ticket['blocker'])}"
    if ticket["waiting_for"]:
        yield f"  held up: {text.harmless(ticket['waiting_for'])}"
    yield f"  opened {ticket['created_at']} by {text.one_line(ticket['reporter'])}, {_ending(ticket, now)}"
    if known := _known(ticket):
        yield f"  {', '.join(known)}"
    if ticket["branch"]:
        yield f"  branch {ticket['branch']} from {(ticket['base'] or '')[:12]}"


def _ending(ticket: dict[str, Any], now: "datetime") -> str:
    """When it was closed and by whom, or when it should be."""
    from tickety.core import progress

    if ticket["status"] == "closed":
        return f"closed {ticket['closed_at']} by {text.one_line(ticket['closed_by'] or 'nobody')}"
    return f"due {ticket['due_at']} ({progress.time_left(ticket['due_at'], now)})"


def _known(ticket: dict[str, Any]) -> list[str]:
    """What people said of it: who owns it, its tags, its votes, how long it may take and took."""
    metadata = ticket["metadata"]
    named = {
        "assignee": ticket["assignee"] or "nobody",
        "tags": " ".join(ticket["tags"]),
        "sprint": ticket["sprint"],
        "votes": metadata.get("user_votes"),
        "estimate": _hours(metadata.get("estimated_hours")) or metadata.get("estimated_effort"),
        "spent": _hours(metadata.get("actual_hours")),
    }
    return [f"{name} {text.one_line(str(value))}" for name, value in named.items() if value]


def _hours(hours: float | None) -> str | None:
    return None if hours is None else f"{hours} h"


def _around(ticket: dict[str, Any], around: "surroundings.Surroundings") -> Iterator[str]:
    """Its parent, its links and its parts, each with where it stands."""
    for tie in (around.parent, *around.ties):
        if tie:
            yield f"  {tie.relationship.replace('_', ' ')} {_other(tie)}"
    if around.children:
        progress = ticket["progress"]
        yield from ("", f"Parts ({progress['done']} of {progress['total']} closed)")
    for child in around.children:
        yield f"  {child.id:<14} {coloured(child.status, 11)} {text.one_line(child.title, _WIDE)}"
    if around.further:
        yield f"  and {around.further:,} more: tickety list --all parent:{ticket['id']}"


def _other(tie: "surroundings.Tie") -> str:
    if tie.other is None:
        return f"{text.one_line(tie.id)} (not here)"
    return f"{tie.id} ({coloured(tie.other.status)}): {text.one_line(tie.other.title, _WIDE)}"


def _missing(ticket: dict[str, Any]) -> Iterator[str]:
    """What a description should say, and this one does not."""
    from tickety.core import description

    if lacking := description.missing(ticket):
        yield from ("", f"  not said: {', '.join(lacking)}")


def _plan(ticket: dict[str, Any]) -> Iterator[str]:
    steps = ticket["orchestration"]["steps"]
    if steps:
        told = orders(ticket)
        yield from ("", "Plan", *(_step(number, step, told[step["name"]]) for number, step in enumerate(steps, 1)))
    yield from (f"  {line}" for line in phase_lines(ticket))


def orders(ticket: dict[str, Any]) -> dict[str, str]:
    """For every step of a ticket what is to be known of its order: nothing where it follows the one before it."""
    from tickety.core import document
    from tickety.core.drawing import notes

    return notes.beside_a_sequence(document.to_plan(ticket["orchestration"]))


def phase_lines(ticket: dict[str, Any]) -> Iterator[str]:
    """How far each phase of a ticket's plan is."""
    if not ticket["orchestration"]["phases"]:
        return
    from tickety.core import document, phases

    for phase in phases.progress(document.to_plan(ticket["orchestration"])):
        yield phases.sentence(phase, is_live=True)


def _step(number: int, step: dict[str, Any], order: str) -> str:
    from tickety.core import approval

    attempt = f" (attempt {step['attempt']})" if step["attempt"] > 1 else ""
    gate = ", once a person approves it" if step["mode"] == approval.MODE else ""
    what = f"{step['agent']}: {text.one_line(step['task'])}"
    return f"  {number}. {coloured(step['state'], 8)} {what}{order}{gate}{attempt}"


def update_lines(update: dict[str, Any]) -> Iterator[str]:
    """One report with its receipts; of an imported one not everything is known."""
    place = [update["step"], f"attempt {update['attempt']}" if update["attempt"] else None]
    attempt = ", ".join(text.one_line(part) for part in place if part)
    head = (text.one_line(update["agent"]), coloured(update["result"]), update["timestamp"], attempt)
    yield "  ".join(part for part in head if part)
    yield from (f"  {text.harmless(line)}" for line in update["details"].splitlines())
    yield from (f"  {receipt(entry)}" for entry in update["receipts"])


def receipt(entry: dict[str, Any]) -> str:
    """One receipt on one line."""
    ended = "killed at its time limit" if entry["exit_code"] is None else f"exit {entry['exit_code']}"
    where = f"tree {entry['tree'][:10]}, output {entry['output_sha256'][:10]}"
    return f"receipt  {entry['phase']:<6}  {text.command(entry['command'])}  {ended}  {entry['seconds']:.1f} s  {where}"


def _comments(ticket: dict[str, Any]) -> Iterator[str]:
    for comment in ticket["comments"]:
        yield from ("", f"{text.one_line(comment['by'])} said  {comment['at']}")
        yield from (f"  {text.harmless(line)}" for line in comment["text"].splitlines())


def _questions(ticket: dict[str, Any]) -> Iterator[str]:
    asked = [question for question in ticket["questions"] if question["answer"] is None]
    if asked:
        yield from ("", "Waits for a person")
        yield from (f"  {question['step']}: {text.harmless(question['text'])}" for question in asked)


def _escalations(ticket: dict[str, Any]) -> Iterator[str]:
    """What the rules told and is still so."""
    living = [one for one in ticket["escalations"] if one["resolved_at"] is None]
    if living:
        yield from ("", "Escalated")
    for one in living:
        seen = f"seen by {text.one_line(one['acknowledged_by'])}" if one["acknowledged_by"] else "seen by nobody"
        yield f"  {text.one_line(one['sentence'], 300)}"
        yield f"  {one['raised_at']}, in the hands of {text.one_line(one['owner'])}, {seen}"
