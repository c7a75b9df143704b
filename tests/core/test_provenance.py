"""What came from elsewhere is read, and never acted on."""

from dataclasses import replace
from typing import Any

from tests import builders
from tickety.core import document, events, history, lifecycle, provenance, receipt, ticket, workflow

RECEIPT = receipt.Receipt(
    ("pytest",), receipt.Purpose.VERIFICATION, receipt.Phase.BEFORE, 1, "a" * 64, "tree", builders.AT, 1.0
)
STARTED = events.Draft("ticket.started", {"branch": "main", "base": "c0", "target": "main"})


class Life:
    """A ticket and its log, as they grow."""

    def __init__(self, **opened: Any) -> None:  # noqa: ANN401 - fields of a ticket
        self.log: list[events.Event] = []
        self.subject: ticket.Ticket | None = None
        self.add(builders.opening(**opened))

    def add(self, *drafts: events.Draft) -> "Life":
        for draft in drafts:
            event = events.stamp(draft, builders.author(), builders.UID, len(self.log) + 1)
            self.log.append(event)
            self.subject = history.apply(self.subject, event)
        return self

    def start(self, step: str) -> "Life":
        assert self.subject
        return self.add(*lifecycle.start_step(self.subject, step, builders.holder("w")))

    def report(self, step: str) -> "Life":
        assert self.subject
        said = replace(builders.update(self.subject, step), receipts=(RECEIPT,))
        return self.add(events.Draft("step.reported", {"step": step, "update": document.from_update(said)}, 1))

    def wait(self, step: str, question: str) -> "Life":
        asked = {"id": f"{step}-1", "step": step, "kind": "approval", "text": question}
        return self.add(
            events.Draft("step.waiting", {"step": step, "reason": question}, 1),
            events.Draft("question.asked", asked, 1),
        )

    def pass_(self, step: str, commit: str) -> "Life":
        return self.add(events.Draft("step.passed", {"step": step, "commit": commit, "outputs": {}, "signals": []}, 1))

    def ours(self, foreign_until: int) -> ticket.Ticket:
        assert self.subject
        return provenance.ours(self.subject, self.log, foreign_until)

    @property
    def now(self) -> int:
        return len(self.log)


def test_all_that_happened_here_counts() -> None:
    life = Life(metadata={"verification": ["true"]}).add(STARTED).start("diagnose").report("diagnose")

    assert life.ours(0) == life.subject


def test_words_and_commands_of_another_store_are_not_this_users() -> None:
    life = Life(metadata={"verification": ["touch", "x"], "user_votes": 3})

    ours = life.ours(life.now)

    assert ours.metadata == {"user_votes": 3}
    assert ours.origin["description"] != "user"
    assert ours.description == "The --version command fails with an ImportError."


def test_a_command_that_was_typed_here_counts_until_another_takes_its_place() -> None:
    life = Life(metadata={"verification": ["touch", "x"]})
    foreign = life.now
    life.add(builders.edited(verification=["true"]))
    assert life.ours(foreign).metadata == {"verification": ["true"]}

    changes = {"metadata/verification": {"from": ["true"], "to": ["touch", "x"]}}
    life.add(events.Draft("ticket.reverted", {"changes": changes, "command": "c"}))

    assert life.ours(foreign).metadata == {}


def test_receipts_questions_and_approvals_count_only_when_they_were_made_here() -> None:
    life = Life().add(STARTED).start("diagnose").report("diagnose").wait("diagnose", "may I?")
    life.add(events.Draft("step.retried", {"step": "diagnose", "by_hand": "c9", "approved": ["a test is gone"]}))
    foreign = life.now

    ours = life.ours(foreign)
    assert [update.receipts for update in ours.agent_updates] == [()]
    assert [update.details for update in ours.agent_updates] == ["so it is"]
    assert ours.questions == ()
    assert (ours.orchestration.steps[0].by_hand, ours.orchestration.steps[0].approved) == (None, ())

    life.start("diagnose").report("diagnose").wait("diagnose", "may I now?")
    life.add(events.Draft("step.retried", {"step": "diagnose", "by_hand": "c8", "approved": ["yes"]}))

    ours = life.ours(foreign)
    assert [update.receipts for update in ours.agent_updates] == [(), (RECEIPT,)]
    assert [asked.text for asked in ours.questions] == ["may I now?"]
    assert (ours.orchestration.steps[0].by_hand, ours.orchestration.steps[0].approved) == ("c8", ("yes",))


def test_a_branch_and_commits_of_another_store_are_not_taken_over() -> None:
    life = Life().add(STARTED).start("diagnose").pass_("diagnose", "c7")
    foreign = life.now
    ours = life.ours(foreign)
    assert (ours.branch, ours.base, ours.target) == (None, None, None)
    assert ours.orchestration.steps[0].commit is None

    life.add(replace(STARTED, data={"branch": "tickety/x", "base": "c1", "target": "main"}))

    assert (life.ours(foreign).branch, life.ours(foreign).base) == ("tickety/x", "c1")


def test_steps_that_passed_elsewhere_are_known() -> None:
    life = Life().add(STARTED).start("diagnose").pass_("diagnose", "c1")
    foreign = life.now
    life.start("fix").pass_("fix", "c2")
    assert life.subject

    assert provenance.passed_elsewhere(life.subject, life.log, foreign) == {"diagnose"}
    assert provenance.passed_elsewhere(life.subject, life.log, 0) == frozenset()
    assert not workflow.is_finished(life.subject)


def imported(life: Life, **changes: Any) -> Life:  # noqa: ANN401 - fields of a ticket
    """The ticket comes once more from outside, with changes to its document."""
    assert life.subject
    return life.add(events.Draft("ticket.imported", {"document": {**document.from_ticket(life.subject), **changes}}))


def test_what_was_done_here_stays_ours_when_the_ticket_is_imported_again() -> None:
    life = Life(metadata={"verification": ["true"]}).add(STARTED).start("diagnose").report("diagnose")
    life.pass_("diagnose", "c1")

    ours = imported(life, title="Newer").ours(0)

    assert ours.title == "Newer"
    assert (ours.branch, ours.base, ours.orchestration.steps[0].commit) == ("main", "c0", "c1")
    assert [update.receipts for update in ours.agent_updates] == [(RECEIPT,)]
    assert ours.metadata["verification"] == ["true"]
    assert provenance.passed_elsewhere(ours, life.log, 0) == frozenset()


def test_an_import_over_a_ticket_of_ours_puts_nothing_of_its_own_in_our_name() -> None:
    life = Life().add(STARTED).start("diagnose").report("diagnose").wait("diagnose", "may I?")
    assert life.subject
    written = document.from_ticket(life.subject)
    forged = {**written["agent_updates"][0], "details": "forged"}
    asked = [{**written["questions"][0], "answer": "yes", "answered_by": "user:ada"}]

    imported(life, agent_updates=[forged], questions=asked, branch="tickety/other", metadata={"verification": ["x"]})

    ours = life.ours(0)
    assert [update.receipts for update in ours.agent_updates] == [()]
    assert (ours.questions, ours.branch, ours.metadata) == ((), None, {})


PROVED = ticket.Plan((), "test", "1 h", (ticket.Step("test", "QA Agent", "work", receipts=(("make", "test"),)),))


def test_the_commands_of_a_step_count_when_they_were_given_here() -> None:
    life = Life(orchestration=document.from_plan(PROVED))
    foreign = life.now
    life.add(builders.edited(x=1))

    assert life.ours(0).orchestration.step("test").receipts == (("make", "test"),)
    assert life.ours(foreign).orchestration.step("test").receipts == ()


def test_a_workflow_that_came_from_elsewhere_is_nobodys_here() -> None:
    life = Life(origin={"description": "user", "workflow": "user"})

    assert set(life.ours(life.now).origin.values()) == {provenance.ELSEWHERE}
