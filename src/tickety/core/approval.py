"""Steps that begin only once a person has said yes: each attempt needs a yes of its own."""

from tickety.core import ticket

MODE = "approval"


def sentence(subject: ticket.Ticket, step: ticket.Step) -> str:
    """What the person is told."""
    return f"the {step.agent} may {step.task} once a person approves it: `tickety approve {subject.id}`"


def is_given(subject: ticket.Ticket, step: ticket.Step) -> bool:
    """Nobody has to be asked before the step's running attempt, or a person was asked after the last one and agreed."""
    if step.mode != MODE:
        return True
    wanted = (step.name, step.attempt - 1, MODE, sentence(subject, step))
    return any(
        (asked.step, asked.attempt, asked.kind, asked.text) == wanted and _is_yes(asked) for asked in subject.questions
    )


def _is_yes(asked: ticket.Question) -> bool:
    """A person approved it, or tried the step again; a no is none."""
    by_person = (asked.answered_by or "").startswith("user:")
    return by_person and not (asked.answer or "").startswith("rejected")
