"""Writes a golden log: run once for a release (``python -m tests.golden.write 0.1``), and never again for it.

The log holds every type of event that the release knows. Every later release must fold it to the same tickets.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import builders
from tickety.core import document, events, history, lifecycle, ticket, verdict

HERE = Path(__file__).parent
_OTHER = "019aa000-0000-7000-8000-000000000002"
_WORKED = "019aa000-0000-7000-8000-000000000004"
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
    """A log of four tickets in which everything happens that can."""
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
    _engine(log)
    return (events.stored(event, seq) for seq, event in enumerate(log, 1))


def _engine(log: list[events.Event]) -> None:
    """What workflows that run themselves bring about, on a ticket of its own."""
    plan = _plan() | {"steps": [{**step, "when": None, "mode": "normal"} for step in _plan()["steps"]]}
    told = {"id": "blocked:event 5", "rule": "blocked", "cause": "event 5", "owner": "user:ada", "sentence": "stuck"}
    further = [{"name": "harden", "agent": "Engineer Agent"}]
    asked = {"id": "implement-2-steps", "step": "implement", "kind": "approval", "text": "May it?", "steps": further}
    reserved = {"runs": 1, "seconds": 60.0, "tokens": 10, "cost_usd": 0.5}
    started = {"step": "implement", "agent": "claude", "worker": builders.WORKER, "reserved": reserved}
    said: list[tuple[str, dict[str, Any], int | None]] = [
        ("step.alerted", {"step": "deploy", "agent": "Ops Agent", "words": "STANDBY"}, None),
        ("step.started", started, 1),
        ("step.released", {"step": "implement", "reason": "crashed", "cause": "broke",
                           "not_before": "2026-11-22T10:00:00Z"}, 1),
        ("ticket.blocked", {"blocker": "no key"}, None), ("escalation.raised", told, None),
        ("escalation.acknowledged", {"id": told["id"]}, None), ("ticket.unblocked", {}, None),
        ("escalation.resolved", {"id": told["id"]}, None),
        ("step.deferred", {"step": "implement", "reason": "no money", "not_before": "2026-11-23T00:00:00Z"}, None),
        ("ticket.paused", {"reason": "lunch"}, None), ("ticket.resumed", {}, None),
        ("step.started", started, 2),
        ("step.passed", {"step": "implement", "commit": "c1", "outputs": {}, "signals": ["ok"]}, 2),
        ("progress.reached", {"percent": 50, "done": 1, "total": 2}, None), ("phase.done", {"phase": "Build"}, None),
        ("plan.proposed", {"id": asked["id"], "step": "implement", "steps": further}, 2),
        ("question.asked", asked, 2),
        ("question.answered", {"id": asked["id"], "answer": "approved", "due_at": "2026-11-24T09:00:00Z"}, None),
        ("plan.changed", {"orchestration": plan, "reason": "asked for", "proposal": asked["id"]}, None),
        ("step.reworked", {"step": "implement", "judge": "deploy", "reason": "sent back"}, None),
        ("step.cancelled", {"step": "deploy", "reason": "not wanted"}, None),
    ]  # fmt: skip
    drafts = [events.Draft(kind, data, attempt) for kind, data, attempt in said]
    _fold(log, _WORKED, [builders.opening("TASK-2026-001", "task", orchestration=plan), *drafts])


def folded(log: list[events.Event]) -> list[ticket.Ticket]:
    """The tickets that a log adds up to, in the order they came."""
    uids = dict.fromkeys(event.ticket_uid for event in log)
    return [history.fold(event for event in log if event.ticket_uid == uid) for uid in uids]


def _work(log: list[events.Event], bug: ticket.Ticket) -> ticket.Ticket:
    """Attempts that fail, wait, are released and tried again, to the end of the plan."""
    begun = {"branch": "tickety/BUG-2026-001-x-0001", "base": "c0", "target": "main"}
    bug = _fold(log, bug.uid, [events.Draft("ticket.started", begun)], bug)
    bug = _fold(log, bug.uid, lifecycle.start_step(bug, "diagnose", builders.holder(builders.WORKER)), bug)
    bug = _fold(log, bug.uid, lifecycle.start_step(bug, "diagnose", builders.holder(builders.WORKER), gone=1), bug)
    asked = {"id": "q1", "step": "diagnose", "kind": "question", "text": "Which module?"}
    waits = [events.Draft("question.asked", asked, 2),
             events.Draft("step.waiting", {"step": "diagnose", "reason": "Which module?"}, 2)]  # fmt: skip
    bug = _fold(log, bug.uid, waits, bug)
    bug = _fold(log, bug.uid, lifecycle.retry(bug, None), bug)
    for step in ("diagnose", "fix", "test"):
        bug = _fold(log, bug.uid, lifecycle.start_step(bug, step, builders.holder(builders.WORKER)), bug)
        if step == "fix":
            bug = _fold(log, bug.uid, [events.Draft("step.failed", {"step": "fix", "reason": "no luck"}, 1)], bug)
            bug = _fold(log, bug.uid, lifecycle.retry(bug, "fix", lifecycle.Hand("c1", ("tests/a.py",))), bug)
            bug = _fold(log, bug.uid, lifecycle.start_step(bug, "fix", builders.holder(builders.WORKER)), bug)
        bug = _fold(log, bug.uid, verdict.follow(bug, builders.end(bug, step, commit="c2"), builders.NOW), bug)
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
        author = events.Author(
            "user:ada", f"2026-11-22T{9 + len(log) // 60:02}:{len(log) % 60:02}:00Z", f"command-{len(log)}"
        )
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
