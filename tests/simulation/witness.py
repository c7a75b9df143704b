"""Looks at the log alone, and says when something happened that must not: the invariants, written a second time."""

from collections.abc import Callable
from typing import ClassVar

from tests.simulation import case as cases
from tests.simulation import purse
from tickety.core import events


class Violation(AssertionError):
    """An invariant does not hold."""


class Witness:
    """Hears every event in its order, and raises a Violation at the first that breaks an invariant.

    ``is_live`` says of a ticket's uid, a step and an attempt that its claim is held by somebody who can still renew it.
    """

    def __init__(self, money: purse.Purse, is_live: Callable[[str, str, int], bool]) -> None:
        self.cases: dict[str, cases.Case] = {}
        self.started = 0
        self._uids: dict[str, str] = {}
        self._purse = money
        self._is_live = is_live

    def hear(self, event: events.Event) -> None:
        """One thing happened."""
        if event.type == "ticket.opened":
            self._opened(event)
            return
        case = self.cases[event.ticket_uid]
        if rule := self._HEARD.get(event.type):
            rule(self, case, event)

    def is_running(self, uid: str, step: str, attempt: int) -> bool:
        """That attempt runs, as far as the log says: its report must count."""
        case = self.cases[uid]
        known = case.steps[step]
        return not case.is_closed and (known.state, known.attempt) == ("running", attempt)

    def holders(self, case: cases.Case) -> list[str]:
        """The tickets that a ticket waits for."""
        blockers = [one for one in case.blockers if not self._of(one).is_closed]
        partners = [one for one in case.partners if not self._whole_has_started(one)]
        children = [one.id for one in self.cases.values() if one.parent == case.id and not one.is_closed]
        return [*blockers, *partners, *children]

    def _opened(self, event: events.Event) -> None:
        data = event.data
        steps = {
            one["name"]: cases.Step(tuple(one["needs"]), tuple(one["starts_with"]), one["when"])
            for one in data["orchestration"]["steps"]
        }
        self.cases[event.ticket_uid] = cases.Case(data["id"], steps, data.get("parent"), data["priority"])
        self._uids[data["id"]] = event.ticket_uid
        self._purse.opened(event)

    def _linked(self, case: cases.Case, event: events.Event) -> None:
        kept = {"blocked_by": case.blockers, "starts_with": case.partners}.get(event.data["relationship"])
        if kept is not None:
            kept.append(event.data["ticket_id"])

    def _step_started(self, case: cases.Case, event: events.Event) -> None:
        step = case.steps[event.data["step"]]
        _require(step.state == "todo", event, case, f"it is {step.state}: two hold the step")
        _require(event.attempt == step.attempt + 1, event, case, "attempts must count up")
        _require(not (case.is_closed or case.is_paused), event, case, "the ticket is closed or paused")
        _require(case.blocked_since is None, event, case, "the ticket is blocked")
        _require(step.not_before is None or step.not_before <= event.at, event, case, f"not before {step.not_before}")
        missing = list(case.missing(event.data["step"]))
        _require(not missing, event, case, "it began without what it needs: " + "; ".join(missing))
        holders = self.holders(case)
        _require(not holders, event, case, f"its ticket waits for {', '.join(holders)}")
        step.state, step.attempt, step.not_before, step.has_begun = "running", step.attempt + 1, None, True
        case.has_started = True
        self.started += 1
        _require(not (short := self._purse.reserve(event)), event, case, f"a budget is overspent: {short}")

    def _step_reported(self, case: cases.Case, event: events.Event) -> None:
        step = case.steps[event.data["step"]]
        self._require_running(case, event)
        update = event.data["update"]
        told = (update["outputs"] or {}).get("report")
        own = f"{event.ticket_uid}/{event.data['step']}/{event.attempt}"
        _require(told == own, event, case, f"the report of {told} counts for {own}")
        _require(step.reported < step.attempt, event, case, "a result counts twice")
        step.reported = step.attempt
        self._purse.used(event)

    def _step_passed(self, case: cases.Case, event: events.Event) -> None:
        step = case.steps[event.data["step"]]
        self._require_running(case, event)
        _require(step.reported == step.attempt, event, case, "nobody reported it")
        self._end(case, event, "passed")
        step.signals = tuple(event.data["signals"])

    def _step_failed(self, case: cases.Case, event: events.Event) -> None:
        self._end(case, event, "failed")

    def _step_waiting(self, case: cases.Case, event: events.Event) -> None:
        self._end(case, event, "waiting")

    def _step_cancelled(self, case: cases.Case, event: events.Event) -> None:
        self._end(case, event, "cancelled")

    def _step_released(self, case: cases.Case, event: events.Event) -> None:
        self._require_running(case, event)
        if event.data["cause"] == "lost":
            is_live = self._is_live(event.ticket_uid, event.data["step"], event.attempt or 0)
            _require(not is_live, event, case, "its claim is live: two hold the step")
        self._end(case, event, "todo")
        case.steps[event.data["step"]].not_before = event.data["not_before"]

    def _step_deferred(self, case: cases.Case, event: events.Event) -> None:
        case.steps[event.data["step"]].not_before = event.data["not_before"]

    def _begun_anew(self, case: cases.Case, event: events.Event) -> None:
        running = case.steps[event.data["step"]].state == "running"
        _require(not running, event, case, "it is running")
        for name in (event.data["step"], *case.after(event.data["step"])):
            step = case.steps[name]
            if step.state != "running":
                step.state, step.not_before = "todo", None

    def _answered(self, case: cases.Case, event: events.Event) -> None:
        self._purse.answered(event)
        for step in case.steps.values():
            if step.state == "waiting" and event.data["answer"] and self._is_of(event, step, case):
                step.state = "todo"

    def _is_of(self, event: events.Event, step: cases.Step, case: cases.Case) -> bool:
        return case.steps.get(case.told.get(event.data["id"], "")) is step

    def _asked(self, case: cases.Case, event: events.Event) -> None:
        case.told[event.data["id"]] = event.data["step"]
        self._purse.asked(event)

    def _raised(self, case: cases.Case, event: events.Event) -> None:
        known = f"escalation {event.data['id']}"
        _require(known not in case.told, event, case, f"{event.data['id']} is told a second time")
        case.told[known] = event.data["rule"]
        if event.data["rule"] == "blocked":
            period = f"blocked since {case.blocked_since}"
            _require(case.blocked_since is not None, event, case, "it is not blocked")
            _require(period not in case.told, event, case, "that it is blocked is told twice")
            case.told[period] = "blocked"

    def _blocked(self, case: cases.Case, event: events.Event) -> None:
        case.blocked_since = case.blocked_since or event.n

    def _unblocked(self, case: cases.Case, event: events.Event) -> None:
        del event
        case.blocked_since = None

    def _paused(self, case: cases.Case, event: events.Event) -> None:
        case.is_paused = event.type == "ticket.paused"

    def _closed(self, case: cases.Case, event: events.Event) -> None:
        is_done = event.data["resolution"] in {"done", "fixed"}
        _require(not case.is_closed, event, case, "it is closed already")
        left = [name for name in case.steps if not case.is_over(name)] if is_done else []
        _require(not left, event, case, f"{', '.join(left)} is not over")
        case.is_closed, case.blocked_since = True, None

    def _started(self, case: cases.Case, event: events.Event) -> None:
        del event
        case.has_started = True

    def _require_running(self, case: cases.Case, event: events.Event) -> None:
        step = case.steps[event.data["step"]]
        is_it = (step.state, step.attempt) == ("running", event.attempt) and not case.is_closed
        _require(is_it, event, case, f"attempt {event.attempt} is not the running one; {step.attempt} is {step.state}")

    def _end(self, case: cases.Case, event: events.Event, state: str) -> None:
        step = case.steps[event.data["step"]]
        if step.state == "running":
            _require(event.attempt == step.attempt, event, case, "another attempt is running")
            self._purse.settle(event)
        step.state = state

    def _of(self, ticket_id: str) -> cases.Case:
        return self.cases[self._uids[ticket_id]]

    def _whole_has_started(self, ticket_id: str) -> bool:
        case = self._of(ticket_id)
        parts = [one.id for one in self.cases.values() if one.parent == ticket_id]
        return case.has_started or case.is_closed or any(map(self._whole_has_started, parts))

    _HEARD: ClassVar[dict[str, Callable[["Witness", cases.Case, events.Event], None]]] = {
        "ticket.started": _started,
        "ticket.linked": _linked,
        "ticket.blocked": _blocked,
        "ticket.unblocked": _unblocked,
        "ticket.paused": _paused,
        "ticket.resumed": _paused,
        "ticket.closed": _closed,
        "step.started": _step_started,
        "step.reported": _step_reported,
        "step.passed": _step_passed,
        "step.failed": _step_failed,
        "step.waiting": _step_waiting,
        "step.released": _step_released,
        "step.deferred": _step_deferred,
        "step.cancelled": _step_cancelled,
        "step.reworked": _begun_anew,
        "step.retried": _begun_anew,
        "question.asked": _asked,
        "question.answered": _answered,
        "escalation.raised": _raised,
    }


def _require(holds: bool, event: events.Event, case: cases.Case, sentence: str) -> None:  # noqa: FBT001 - like assert
    if not holds:
        step = f"/{event.data['step']}" if "step" in event.data else ""
        raise Violation(f"{event.type} of {case.id}{step} (event {event.n}, {event.at}): {sentence}")
