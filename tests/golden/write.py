"""Writes a golden log: run once for a release (``python -m tests.golden.write 0.1``), and never again for it.

The log holds every type of event that the release knows. Every later release must fold it to the same tickets.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import builders
from tickety.core import document, events, history, lifecycle, report, ticket, verdict

HERE = Path(__file__).parent
_OTHER = "019aa000-0000-7000-8000-000000000002"
_IMPORTED = "019aa000-0000-7000-8000-000000000003"


def main(release: str) -> None:
    """Write the log and its tickets; refuses to write over what is kept."""
    log = list(every_event())
    missing = events.VERSIONS.keys() - {event.type for event in log}
    if missing:
        raise SystemExit(f"the log lacks {', '.join(sorted(missing))}")
    tickets = [document.from_ticket(subject) for subject in folded(log)]
    lines = [json.dumps(event.as_json(), ensure_ascii=False) for event in log]
    with (HERE / f"{release}.ndjson").open("x", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    with (HERE / f"{release}.tickets.json").open("x", encoding="utf-8") as file:
        file.write(json.dumps(tickets, ensure_ascii=False, indent=1) + "\n")


def every_event() -> Iterator[events.Event]:
    """A log of three tickets in which everything happens that can."""
    log: list[events.Event] = []
    bug = _fold(log, builders.UID, [builders.opening(tags=["cli"], metadata={"error_message": "ImportError"})])
    old = events.Event(bug.uid, 2, "ticket.edited", 1, builders.AT, "user:ada", "edit", None, None,
                       {"metadata": {"verification": ["pytest", "-q"]}})  # fmt: skip
    log.append(old)
    bug = _work(log, history.apply(bug, old))
    _talk(log, bug)
    changes = {"title": {"from": "The --version command fails", "to": "--version fails"},
               "tags/auth": {"from": None, "to": True}, "orchestration": {"from": None, "to": _plan()}}  # fmt: skip
    first = builders.opening("FEAT-2026-001", "feature", parent="EPIC-2025-007")
    other = _fold(log, _OTHER, [first, events.Draft("ticket.edited", {"changes": changes})])
    back = {"title": {"from": "--version fails", "to": "The --version command fails"}}
    _fold(log, _OTHER, [events.Draft("ticket.reverted", {"changes": back, "command": "c2"})], other)
    imported = document.from_ticket(_elsewhere())
    _fold(log, _IMPORTED, [events.Draft("ticket.imported", {"document": imported}),
                           events.Draft("ticket.voted", {"votes": 2})])  # fmt: skip
    return (events.stored(event, seq) for seq, event in enumerate(log, 1))


def folded(log: list[events.Event]) -> list[ticket.Ticket]:
    """The tickets that a log adds up to, in the order they came."""
    uids = dict.fromkeys(event.ticket_uid for event in log)
    return [history.fold(event for event in log if event.ticket_uid == uid) for uid in uids]


def _work(log: list[events.Event], bug: ticket.Ticket) -> ticket.Ticket:
    """Attempts that fail, wait, are released and tried again, to the end of the plan."""
    begun = {"branch": "tickety/BUG-2026-001-x-0001", "base": "c0", "target": "main"}
    bug = _fold(log, bug.uid, [events.Draft("ticket.started", begun)], bug)
    bug = _fold(log, bug.uid, lifecycle.start_step(bug, "diagnose", "investigator", builders.WORKER), bug)
    bug = _fold(log, bug.uid, lifecycle.start_step(bug, "diagnose", "investigator", builders.WORKER, gone=1), bug)
    asked = {"id": "q1", "step": "diagnose", "kind": "question", "text": "Which module?"}
    waits = [events.Draft("question.asked", asked, 2),
             events.Draft("step.waiting", {"step": "diagnose", "reason": "Which module?"}, 2)]  # fmt: skip
    bug = _fold(log, bug.uid, waits, bug)
    bug = _fold(log, bug.uid, lifecycle.retry(bug, None), bug)
    for step in ("diagnose", "fix", "test"):
        bug = _fold(log, bug.uid, lifecycle.start_step(bug, step, "somebody", builders.WORKER), bug)
        if step == "fix":
            bug = _fold(log, bug.uid, [events.Draft("step.failed", {"step": "fix", "reason": "no luck"}, 1)], bug)
            bug = _fold(log, bug.uid, lifecycle.retry(bug, "fix", lifecycle.Hand("c1", ("tests/a.py",))), bug)
            bug = _fold(log, bug.uid, lifecycle.start_step(bug, "fix", "somebody", builders.WORKER), bug)
        outcome = verdict.Outcome(report.Status.PASSED, "so it is")
        bug = _fold(log, bug.uid, verdict.follow(bug, builders.update(bug, step), outcome, "c2"), bug)
    return bug


def _talk(log: list[events.Event], bug: ticket.Ticket) -> None:
    """What people do to a ticket, after its work."""
    link = {"ticket_id": "FEAT-2026-001", "relationship": "blocks"}
    said: list[tuple[str, dict[str, Any]]] = [
        ("ticket.archived", {}), ("ticket.unarchived", {}), ("ticket.reopened", {}),
        ("ticket.commented", {"id": "c1", "text": "Seen on ünicode paths too", "origin": "user"}),
        ("ticket.voted", {"votes": 3}), ("ticket.linked", link), ("ticket.unlinked", link),
        ("ticket.linked", {"ticket_id": "FEAT-2026-001", "relationship": "related_to"}),
        ("ticket.blocked", {"blocker": "no key"}), ("ticket.unblocked", {}),
        ("ticket.closed", {"resolution": "wont_fix"}), ("ticket.archived", {}),
    ]  # fmt: skip
    _fold(log, bug.uid, [events.Draft(kind, data) for kind, data in said], bug)


def _fold(
    log: list[events.Event], uid: str, drafts: list[events.Draft], subject: ticket.Ticket | None = None
) -> ticket.Ticket:
    for draft in drafts:
        n = subject.version + 1 if subject else events.first_n(draft)
        author = events.Author("user:ada", f"2026-11-22T09:{len(log):02}:00Z", f"command-{len(log)}")
        log.append(events.stamp(draft, author, uid, n))
        subject = history.apply(subject, log[-1])
    assert subject is not None
    return subject


def _plan() -> dict[str, Any]:
    """A plan in which every kind of step stands."""
    step = ticket.Step("implement", "Engineer Agent", "do it", (), writes=True, mode="standby", phase="Build")
    gate = ticket.Step("deploy", "Ops Agent", "ship it", ("implement",), starts_with=("implement",),
                       when={"signal": "ok"}, mode="approval")  # fmt: skip
    phases = ({"name": "Build", "due": "2026-12-01T00:00:00Z"},)
    crew = ("Engineer Agent", "Ops Agent")
    return document.from_plan(ticket.Plan(crew, "implement -> deploy", "4 hours", (step, gate), ("it ships",), phases))


def _elsewhere() -> ticket.Ticket:
    subject = builders.after(
        builders.opened(ticket_id="BUG-2025-003"), [events.Draft("ticket.blocked", {"blocker": "it rains"})] * 3
    )
    return builders.after(subject, [events.Draft("ticket.closed", {"resolution": "duplicate"})])


if __name__ == "__main__":
    main(sys.argv[1])
