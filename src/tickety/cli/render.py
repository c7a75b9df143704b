"""Tickets as text. What comes from outside is made harmless before it reaches a terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from tickety.core import text

if TYPE_CHECKING:
    from tickety import store

_COLOURS = {
    "critical": "red", "high": "yellow", "blocked": "red", "closed": "green", "passed": "green", "failed": "red",
    "running": "cyan", "waiting": "yellow", "in_progress": "cyan",
}  # fmt: skip
_WIDE = 100


def coloured(word: str, width: int = 0) -> str:
    """A status or a priority in its colour; click takes the colour out again off a terminal."""
    return click.style(f"{word:<{width}}", fg=_COLOURS.get(word))


def row(entry: "store.Row") -> str:
    """One line of a list."""
    line = (
        f"{entry.id:<14} {coloured(entry.priority, 8)} {coloured(entry.status, 11)} {text.one_line(entry.title, _WIDE)}"
    )
    held_up = entry.blocker or entry.waiting_for
    return f"{line}\n{'':<14} {text.one_line(held_up, _WIDE + 20)}" if held_up else line


def whole(ticket: dict[str, Any]) -> Iterator[str]:
    """A ticket with its plan, its reports, its receipts and its questions, line by line."""
    yield click.style(f"{ticket['id']}  {text.one_line(ticket['title'])}", bold=True)
    yield from _facts(ticket)
    if ticket["description"] != ticket["title"]:
        yield from ("", *(f"  {text.harmless(line)}" for line in ticket["description"].splitlines()[:40]))
    yield from ("", "Plan")
    yield from (_step(number, step) for number, step in enumerate(ticket["orchestration"]["steps"], 1))
    for update in ticket["agent_updates"]:
        yield from ("", *_update(update))
    yield from _questions(ticket)


def _facts(ticket: dict[str, Any]) -> Iterator[str]:
    ended = f", {ticket['resolution']}" if ticket["resolution"] else ""
    yield f"  {ticket['type']}, {coloured(ticket['priority'])}, {coloured(ticket['status'])}{ended}"
    for name in ("blocker", "waiting_for"):
        if ticket[name]:
            yield f"  {name.replace('_', ' ')}: {text.harmless(ticket[name])}"
    yield f"  opened {ticket['created_at']} by {text.one_line(ticket['reporter'])}, due {ticket['due_at']}"
    if ticket["branch"]:
        yield f"  branch {ticket['branch']} from {ticket['base'][:12]}"


def _step(number: int, step: dict[str, Any]) -> str:
    attempt = f" (attempt {step['attempt']})" if step["attempt"] > 1 else ""
    return f"  {number}. {coloured(step['state'], 8)} {step['agent']}: {text.one_line(step['task'])}{attempt}"


def _update(update: dict[str, Any]) -> Iterator[str]:
    by, attempt = text.one_line(update["agent"]), f"{update['step']}, attempt {update['attempt']}"
    yield f"{by}  {coloured(update['result'])}  {update['timestamp']}  {attempt}"
    yield from (f"  {text.harmless(line)}" for line in update["details"].splitlines())
    yield from (f"  {receipt(entry)}" for entry in update["receipts"])


def receipt(entry: dict[str, Any]) -> str:
    """One receipt on one line."""
    ended = "killed at its time limit" if entry["exit_code"] is None else f"exit {entry['exit_code']}"
    where = f"tree {entry['tree'][:10]}, output {entry['output_sha256'][:10]}"
    return f"receipt  {entry['phase']:<6}  {text.command(entry['command'])}  {ended}  {entry['seconds']:.1f} s  {where}"


def _questions(ticket: dict[str, Any]) -> Iterator[str]:
    asked = [question for question in ticket["questions"] if question["answer"] is None]
    if asked:
        yield from ("", "Waits for a person")
        yield from (f"  {question['step']}: {text.harmless(question['text'])}" for question in asked)
