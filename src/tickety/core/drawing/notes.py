"""What is to be known of a step beside who does what: after which others, under which condition, how often."""

from collections.abc import Collection, Iterator

from tickety.core import condition, text, ticket, times

_USUAL_ATTEMPTS = 3
_WIDE = 100


def of(step: ticket.Step, shown: Collection[str] = ()) -> str:
    """All of it, each after a comma; nothing when there is nothing to be said.

    ``shown`` are the steps of which it can be seen already that this one follows them.
    """
    return "".join(f", {note}" for note in (*order(step, shown), *_manner(step), *attempts(step)))


def beside_a_sequence(plan: ticket.Plan) -> dict[str, str]:
    """What is to be known of the order of steps that do not simply follow the one before them, by their names."""
    found = {}
    for before, step in zip((None, *plan.steps), plan.steps, strict=False):
        shown = (before.name,) if before and step.needs == (before.name,) else ()
        told = list(order(step, shown)) or (["from the start"] if before and not step.needs else [])
        found[step.name] = "".join(f", {note}" for note in told)
    return found


def order(step: ticket.Step, shown: Collection[str] = ()) -> Iterator[str]:
    """What it waits for."""
    after = [name for name in step.needs if name not in shown]
    if after:
        yield f"{'also ' if len(after) < len(step.needs) else ''}after {_listed(after)}"
    if step.starts_with:
        yield f"once {_listed(step.starts_with)} {'has' if len(step.starts_with) == 1 else 'have'} started"
    if step.when is not None:
        yield f"if {text.one_line(condition.in_words(step.when), _WIDE)}"


def attempts(step: ticket.Step) -> Iterator[str]:
    """How often it was tried, of how many."""
    if step.attempt > 1 or (step.attempt and not step.state.is_over):
        yield f"attempt {step.attempt}" + (f" of {step.attempts}" if step.attempt <= step.attempts else "")
    elif not step.attempt and step.attempts != _USUAL_ATTEMPTS:
        yield f"{text.plural(step.attempts, 'attempt')} at the most"


def _manner(step: ticket.Step) -> Iterator[str]:
    if step.mode == "approval":
        yield "once a person approves it"
    if step.mode == "standby":
        yield "alerted at once"
    if step.timeout is not None:
        yield f"{times.in_words(step.timeout)} at the most"
    if step.receipts:
        yield f"proved by {' and '.join(f'`{text.command(command)}`' for command in step.receipts)}"


def _listed(names: Collection[str]) -> str:
    *several, last = (text.one_line(name, 40) for name in names)
    return f"{', '.join(several)} and {last}" if several else last
