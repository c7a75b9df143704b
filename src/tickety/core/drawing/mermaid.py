"""A plan as a flowchart of Mermaid's (``flowchart LR``), to be pasted into Markdown.

The words of a plan are data: every label stands in quotation marks, and all in it that could mean something to
Mermaid, or to the page it is shown on, is written as the number of its letter (``#60;``).
"""

from collections.abc import Iterator, Mapping

from tickety.core import condition, phases, text, ticket

_SAFE = frozenset(" -_.,")
_LONGEST = 60
_COLOURS = {
    "pending": "fill:#eceff1,stroke:#90a4ae,color:#263238",
    "ready": "fill:#e3f2fd,stroke:#1e88e5,color:#0d47a1",
    "standby": "fill:#f3e5f5,stroke:#8e24aa,color:#4a148c",
    "running": "fill:#e0f7fa,stroke:#00838f,color:#004d40",
    "waiting": "fill:#fff8e1,stroke:#ff8f00,color:#5d4037",
    "passed": "fill:#e8f5e9,stroke:#2e7d32,color:#1b5e20",
    "failed": "fill:#ffebee,stroke:#c62828,color:#b71c1c",
    "skipped": "fill:#fafafa,stroke:#bdbdbd,color:#757575,stroke-dasharray:4",
    "cancelled": "fill:#fafafa,stroke:#bdbdbd,color:#757575,stroke-dasharray:4",
}


def lines(plan: ticket.Plan, *, is_live: bool) -> Iterator[str]:
    """The chart, line by line; with the states of the steps where the plan is a ticket's (``is_live``)."""
    ids = {step.name: f"s{number}" for number, step in enumerate(plan.steps, 1)}
    yield "flowchart LR"
    yield from _nodes(plan, ids, is_live=is_live)
    for step in plan.steps:
        yield from (f"  {edge}" for edge in _edges(step, ids))
    if is_live:
        used = dict.fromkeys(step.state.value for step in plan.steps)
        yield from (f"  classDef {state} {_COLOURS[state]}" for state in used)


def label(words: str, width: int = _LONGEST) -> str:
    """Words as a label: on one line, in quotation marks, and without anything that could end them."""
    line = text.one_line(words, width)
    return f'"{"".join(_escaped(letter) for letter in line)}"'


def _nodes(plan: ticket.Plan, ids: Mapping[str, str], *, is_live: bool) -> Iterator[str]:
    listed = list(phases.progress(plan))
    names = {phase.name for phase in listed}
    yield from (f"  {_node(step, ids, is_live=is_live)}" for step in plan.steps if step.phase not in names)
    for phase in listed:
        yield f"  subgraph p{phase.number}[{label(phases.sentence(phase, is_live=is_live), 2 * _LONGEST)}]"
        of_phase = (step for step in plan.steps if step.phase == phase.name)
        yield from (f"    {_node(step, ids, is_live=is_live)}" for step in of_phase)
        yield "  end"


def _node(step: ticket.Step, ids: Mapping[str, str], *, is_live: bool) -> str:
    """One step; who must be asked first has another shape."""
    told = (step.name, step.agent, step.task, *_unlinked(step))
    words = "<br/>".join(label(part).strip('"') for part in told)
    opened, closed = _SHAPES.get(step.mode, _SHAPES["normal"])
    state = f":::{step.state.value}" if is_live else ""
    return f'{ids[step.name]}{opened}"{words}"{closed}{state}'


def _unlinked(step: ticket.Step) -> tuple[str, ...]:
    """A condition that no line leads to."""
    has_lines = step.needs or any(condition.asked(step.when))
    return () if step.when is None or has_lines else (f"if {condition.in_words(step.when)}",)


def _edges(step: ticket.Step, ids: Mapping[str, str]) -> Iterator[str]:
    said = "" if step.when is None else f"|{label(condition.in_words(step.when))}|"
    asked = tuple(name for name in dict.fromkeys(condition.asked(step.when)) if name not in step.needs)
    for name in (*step.needs, *asked):
        if name in ids:
            yield f"{ids[name]} -->{said} {ids[step.name]}"
    for name in step.starts_with:
        if name in ids and name not in asked:
            yield f'{ids[name]} -.->|"starts with"| {ids[step.name]}'


def _escaped(letter: str) -> str:
    return letter if letter.isalnum() or letter in _SAFE else f"#{ord(letter)};"


_SHAPES = {"normal": ("[", "]"), "approval": ("{{", "}}"), "standby": ("([", "])")}
