"""A budget that is spent: what becomes of the step that wanted to begin, and who is asked."""

from tickety.core import events, record, ticket

PREFIX = "budget-"
"""How the names of questions for more begin."""


@record.record(frozen=True, slots=True)
class Shortage:
    """A budget that is spent: of what (``step``, ``ticket``, ``epic``, ``day``), which resource, granted how often.

    ``owner`` answers for the escalation; by default the ticket's reporter does.
    """

    scope: str
    resource: str
    granted: int = 0
    owner: str | None = None

    def cause(self, step: ticket.Step) -> str:
        """What an escalation is told once for: ``ticket runs 0``; of a step's own budget ``step fix runs 0``."""
        of = f"{self.scope} {step.name}" if self.scope == "step" else self.scope
        return f"{of} {self.resource} {self.granted}"


def out_of_budget(subject: ticket.Ticket, step: ticket.Step, short: Shortage, tomorrow: str) -> list[events.Draft]:
    """A step for which there is not enough left: it waits for the next day's budget, or for a person's yes to more."""
    sentence = f"the budget of this {short.scope} has not enough {_RESOURCES[short.resource]} left for {step.name}"
    if short.scope == "day":
        data = {"step": step.name, "reason": sentence, "not_before": tomorrow}
        cause = f"{short.cause(step)} {tomorrow[:10]}"
        return [events.Draft("step.deferred", data), *_short(subject, short, sentence, cause)]
    # Asked again after a no it is another question.
    name = f"{PREFIX}{short.scope}-{step.name}-{len(subject.questions) + 1}"
    asked = f"{sentence}: may it be spent once more?"
    question = {"step": step.name, "id": name, "kind": "approval", "text": asked}
    return [
        events.Draft("step.waiting", {"step": step.name, "reason": asked}, step.attempt or None),
        events.Draft("question.asked", question, step.attempt),
        *_short(subject, short, sentence, short.cause(step)),
    ]


def grants(subject: ticket.Ticket, scope: str, step: str | None = None) -> int:
    """How often a person said that a budget may be spent once more; that of a step is the step's own."""
    asked = (one for one in subject.questions if one.id.startswith(f"{PREFIX}{scope}-"))
    granted = (one for one in asked if scope != "step" or one.step == step)
    return sum(one.answer == "approved" and (one.answered_by or "").startswith("user:") for one in granted)


def _short(subject: ticket.Ticket, short: Shortage, sentence: str, cause: str) -> list[events.Draft]:
    """The escalation, once for each cause."""
    name = f"budget:{cause}"
    if any(one.id == name for one in subject.escalations):
        return []
    owner = short.owner or subject.reporter
    data = {"id": name, "rule": "budget", "cause": cause, "owner": owner, "sentence": f"{subject.id}: {sentence}"}
    return [events.Draft("escalation.raised", data)]


_RESOURCES = {"runs": "runs", "seconds": "time", "tokens": "tokens", "cost_usd": "money"}
