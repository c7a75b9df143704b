"""A plan as a tree: every step once, below the last of those that it waits for; phases one after the other."""

from collections.abc import Iterator, Mapping, Sequence

from tickety.core import phases, record, ticket, workflow


@record.record(frozen=True, slots=True)
class Row:
    """One line: the branches in front of it, and a step or the head of a phase. ``above`` is what it hangs below."""

    lead: str
    step: ticket.Step | None = None
    phase: phases.Progress | None = None
    above: str | None = None


def rows(plan: ticket.Plan) -> Iterator[Row]:
    """The tree, line by line."""
    listed = list(phases.progress(plan))
    names = {phase.name for phase in listed}
    yield from _section([step for step in plan.steps if step.phase not in names], "")
    for phase in listed:
        yield Row("", phase=phase)
        yield from _section([step for step in plan.steps if step.phase == phase.name], "  ")


def width(plan: ticket.Plan) -> int:
    """How many steps run side by side at the most, when all take the same time."""
    return max(map(len, _waves(plan.steps)), default=0)


def in_order(steps: Sequence[ticket.Step]) -> list[ticket.Step]:
    """The steps, each after those that it waits for; what goes round in a circle comes last."""
    return [step for wave in _waves(steps) for step in wave]


def _waves(steps: Sequence[ticket.Step]) -> Iterator[list[ticket.Step]]:
    """One wave after the other: what waits for nothing, what waits for that, and so on."""
    left, names = list(steps), {step.name for step in steps}
    awaited = {step.name: names.intersection(workflow.awaited(step)) for step in steps}
    while left:
        wave = [step for step in left if names.isdisjoint(awaited[step.name])] or left
        yield wave
        names -= {step.name for step in wave}
        left = [step for step in left if step.name in names]


def _section(steps: Sequence[ticket.Step], indent: str) -> Iterator[Row]:
    ordered = in_order(steps)
    places = {step.name: place for place, step in enumerate(ordered)}
    below: dict[str | None, list[ticket.Step]] = {}
    for step in steps:
        below.setdefault(_parent(step, places), []).append(step)
    yield from _branches(below, indent)


def _parent(step: ticket.Step, places: Mapping[str, int]) -> str | None:
    """Of what a step waits for the one that comes last, if it is shown here and not after the step itself."""
    for awaited in (step.needs, workflow.awaited(step)):
        known = [name for name in awaited if places.get(name, len(places)) < places[step.name]]
        if known:
            return max(known, key=places.__getitem__)
    return None


def _branches(below: Mapping[str | None, list[ticket.Step]], indent: str) -> Iterator[Row]:
    """The steps that hang below none, each followed by those below it. A stack: a plan may be as deep as it is long."""
    left = [(Row(indent, step), indent) for step in reversed(below.get(None, []))]
    while left:
        row, lead = left.pop()
        yield row
        if row.step:
            left += reversed([*_children(row.step.name, below.get(row.step.name, []), lead)])


def _children(name: str, steps: Sequence[ticket.Step], lead: str) -> Iterator[tuple[Row, str]]:
    """The rows below a step, each with what stands in front of the rows below itself."""
    for number, step in enumerate(steps, 1):
        is_last = number == len(steps)
        yield Row(lead + ("└─ " if is_last else "├─ "), step, above=name), lead + ("   " if is_last else "│  ")
