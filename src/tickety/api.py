"""The Python API: a desk whose methods are the verbs of the command line, under the guide's own names too.

Tickets come back as frozen data; what changes one is a method of the desk. Errors are ``tickety.TicketyError``:
``message`` says why, ``hint`` what to do.
"""

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

from tickety import places
from tickety.bootstrap import attention, sending
from tickety.bootstrap import memory as memories
from tickety.bootstrap import principal as principals
from tickety.core import document, errors, escalation, moves, opening, origin, report, sprint
from tickety.core import ticket as tickets
from tickety.desk import closing, commenting, completion, intake, memory, ports, search
from tickety.desk import run as running


@contextmanager
def open_desk(folder: str | os.PathLike[str] = ".", principal: str | None = None) -> Iterator["Desk"]:
    """A desk on the project in a folder, as ``principal`` (``user:NAME``; by default git's user).

    NotFound outside a project. Leaving the ``with`` lets go of the store.
    """
    found = places.find(os.fspath(folder), os.environ)
    desk = Desk(found, principals.acting(found, os.environ, principal))
    try:
        yield desk
    finally:
        desk.close()


class Desk:
    """The PM's desk of one project."""

    def __init__(self, found: places.Places, principal: str) -> None:
        self._places = found
        self._memory = memories.open_memory(found, principal)
        self._send = sending.Sender(found)
        self._memory.store.subscribe(self._send.note)

    def open_ticket(self, words: str, metadata: Mapping[str, Any] | None = None, **given: Any) -> tickets.Ticket:  # noqa: ANN401 - fields of a request
        """Open a ticket from plain words and plan it; nothing is run.

        ``given`` overrides what is understood: ``type``, ``priority``, ``title``, ``tags``, …: the fields of
        ``tickety.core.opening.Request``. ``workflow`` is in any spelling: a line, or the guide's tables. ``metadata``
        is kept with the ticket. Usage when one of them cannot be.
        """
        fields, said = opening.checked(given), self._said(words)
        if fields.get("reproduction") or fields.get("verification"):
            origin.require_user(said.origin)
        kept = opening.noted(metadata or {})
        request = opening.Request(
            said.text, self._memory.principal, said.origin, metadata=kept, workflow_origin=said.origin, **fields
        )
        return intake.open_ticket(self._memory, intake.prepare(self._memory, request))

    def create_bug_ticket(self, title: str, description: str, error_message: str | None = None) -> tickets.Ticket:
        """The guide's bug: critical when it is about production, else high; diagnose -> fix -> test."""
        return self.open_ticket(description, **opening.fault(title, error_message, description))

    def create_feature_ticket(self, title: str, description: str, user_votes: int = 0) -> tickets.Ticket:
        """The guide's feature: high with more than ten votes, else medium."""
        return self.open_ticket(description, **opening.wish(title, user_votes))

    def ticket(self, reference: str) -> tickets.Ticket:
        """One ticket, by what a person would type: ``BUG-2026-001``, ``BUG-1`` or ``1``."""
        return self._memory.store.load(self._uid(reference))

    def find(self, asked: str = "") -> Iterator[tickets.Ticket]:
        """The tickets of a query, in its order; without one those that are not closed."""
        wanted = search.narrowed(search.asked(self._memory, asked), every=False)
        return (document.to_ticket(found) for found in search.documents(self._memory.store, wanted))

    def get_active_tickets(self) -> list[tickets.Ticket]:
        """What is open or in progress, the most important first."""
        return list(self.find("is:active"))

    def comment(self, reference: str, words: str) -> tickets.Ticket:
        """Say something about a ticket."""
        (changed,) = commenting.comment_many(self._memory, (self._uid(reference),), self._said(words))
        return changed.after

    def close_ticket(self, reference: str, resolution: str | None = None) -> tickets.Ticket:
        """Close a ticket; by default ``fixed`` for a fault and ``done`` for everything else."""
        ending = closing.Ending(moves.resolution_of(resolution)) if resolution else closing.AS_USUAL
        (changed,) = closing.close_many(self._memory, (self._uid(reference),), ending)
        return changed.after

    def run(self, reference: str) -> tickets.Ticket:
        """Work on a ticket as far as it goes without a person. Waits when the repository is not trusted yet."""
        uid = self._uid(reference)
        asyncio.run(running.run_one(self._whole, uid))
        return self._memory.store.load(uid)

    def handle_agent_completion(self, reference: str, agent_name: str, result: Mapping[str, Any]) -> tickets.Ticket:
        """Record what an agent of your own reports: ``{"status", "summary", "error"?, "question"?, "signals"?}``.

        A report is no evidence: where the step verifies, Tickety runs the verification itself before it counts.
        """
        said = _report(result)
        return asyncio.run(completion.complete(self._whole, self._uid(reference), agent_name, said))

    def should_escalate(self, subject: tickets.Ticket | str) -> bool:
        """The guide's rules: critical and open for over two hours, blocked, or three failed attempts."""
        known = subject if isinstance(subject, tickets.Ticket) else self.ticket(subject)
        return bool(escalation.causes(known, self._memory.clock.now()))

    def plan_sprint(self, available_hours: float = 80) -> Sequence[tickets.Ticket]:
        """The guide's sprint: by priority, then by effort, what fits into the hours."""
        return sprint.plan(self.find("status:open"), available_hours)

    def as_json(self, subject: tickets.Ticket) -> dict[str, Any]:
        """A ticket's public JSON, as ``tickety show --json`` prints it."""
        return self._memory.store.document(subject.uid)

    @property
    def memory(self) -> memory.Memory:
        """What the use cases in ``tickety.desk`` work on."""
        return self._memory

    def close(self) -> None:
        """Look after the rules if something was changed, as every verb does, and let go of the store."""
        with suppress(errors.TicketyError):
            if self._send.has_heard:
                attention.attend(self._places, self._memory)
                self._send()
        self._memory.store.close()

    @cached_property
    def _whole(self) -> ports.Ports:
        """The desk with worktrees, agents and engine: needed only where something is run."""
        from tickety.bootstrap import desk

        places.refuse_state_inside(self._places)
        return desk.open_desk(self._places, self._memory, lambda _: None)

    def _said(self, words: str) -> commenting.Words:
        """Words with whose they are; Usage when a program gives something else."""
        if not isinstance(words, str):
            raise errors.Usage(f"{words!r} is no text", "describe in plain words what is wrong or wanted")
        return commenting.Words(words, origin.of_words(self._memory.principal, os.environ))

    def _uid(self, reference: str) -> str:
        if not isinstance(reference, str):
            raise errors.Usage(f"{reference!r} is not a ticket's id", "an id looks like BUG-2026-001, BUG-1 or 1")
        return search.find(self._memory.store, reference, self._memory.clock.now())


def _report(result: Mapping[str, Any]) -> report.Report:
    """The report in a result; Usage when its status is none of the three."""
    try:
        status = report.SAYABLE[report.SAYABLE.index(report.Status(str(result["status"]).lower()))]
    except (KeyError, ValueError):
        known = ", ".join(report.SAYABLE)
        raise errors.Usage(
            f"{result.get('status')!r} is not how a report can end", f"status is one of: {known}"
        ) from None
    summary = str(result.get("summary") or result.get("error") or status.value)
    error, question = result.get("error"), result.get("question")
    return report.Report(
        status, summary, error, question, tuple(result.get("signals", ())), dict(result.get("outputs", {}))
    )
