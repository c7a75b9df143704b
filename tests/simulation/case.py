"""A ticket as the witness knows it, from its log alone.

It shares no rule with the program. A step is over here when it passed, or when its own condition, asked anew, is false.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Step:
    """What is known of a step. ``state``: todo, running, passed, failed, waiting, cancelled."""

    needs: tuple[str, ...]
    starts_with: tuple[str, ...]
    when: Mapping[str, Any] | None
    state: str = "todo"
    attempt: int = 0
    reported: int = 0
    signals: tuple[str, ...] = ()
    not_before: str | None = None
    has_begun: bool = False


@dataclass(slots=True)
class Case:
    """What is known of a ticket."""

    id: str
    steps: dict[str, Step]
    parent: str | None
    priority: str
    blockers: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    is_closed: bool = False
    is_paused: bool = False
    has_started: bool = False
    blocked_since: int | None = None
    told: dict[str, str] = field(default_factory=dict)

    def is_over(self, name: str) -> bool:
        """The step passed, or is not to be done."""
        step = self.steps[name]
        return step.state == "passed" or (step.state == "todo" and self._may_begin(step) and self.holds(name) is False)

    def holds(self, name: str) -> bool | None:
        """The step's condition is true; None while it is open."""
        step = self.steps[name]
        return True if step.when is None else self._asked(step.when, self._signals(name))

    def missing(self, name: str) -> Iterator[str]:
        """What a step still needs."""
        step = self.steps[name]
        yield from (f"{need} is not over" for need in step.needs if not self.is_over(need))
        yield from (f"{other} has not begun" for other in step.starts_with if not self._has_begun(other))
        if not self.holds(name):
            yield f"its condition {step.when} does not hold"

    def after(self, name: str) -> set[str]:
        """All that waits for a step, directly or through others."""
        found = {name}
        while more := {n for n, step in self.steps.items() if n not in found and found & self._awaited(step)}:
            found |= more
        return found - {name}

    def _may_begin(self, step: Step) -> bool:
        return all(map(self.is_over, step.needs)) and all(map(self._has_begun, step.starts_with))

    def _has_begun(self, name: str) -> bool:
        return self.steps[name].has_begun or self.is_over(name)

    def _signals(self, name: str) -> set[str]:
        before: set[str] = set()
        border = list(self.steps[name].needs)
        while border:
            one = border.pop()
            if one not in before:
                before.add(one)
                border += self.steps[one].needs
        return {signal for one in before if self.steps[one].state == "passed" for signal in self.steps[one].signals}

    def _asked(self, when: Any, signals: set[str]) -> bool | None:  # noqa: ANN401 - any condition
        match when:
            case {"signal": name}:
                return name in signals
            case {"not": inner}:
                held = self._asked(inner, signals)
                return None if held is None else not held
            case {"all": several}:
                found = [self._asked(inner, signals) for inner in several]
                return False if False in found else None if None in found else True
            case {"any": several}:
                found = [self._asked(inner, signals) for inner in several]
                return True if True in found else None if None in found else False
            case {"step": name, "outcome": wanted}:
                ended = self._outcome(name)
                return None if ended is None else ended == wanted
            case _:
                return None

    def _outcome(self, name: str) -> str | None:
        state = self.steps[name].state
        return state if state in {"passed", "failed"} else "skipped" if self.is_over(name) else None

    def _awaited(self, step: Step) -> set[str]:
        return {*step.needs, *step.starts_with, *_steps_in(step.when)}


def _steps_in(when: Any) -> Iterator[str]:  # noqa: ANN401 - any condition
    match when:
        case {"step": name}:
            yield name
        case {"not": inner}:
            yield from _steps_in(inner)
        case {"all": several} | {"any": several}:
            for inner in several:
                yield from _steps_in(inner)
        case _:
            pass
