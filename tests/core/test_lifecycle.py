import pytest

from tests import builders
from tickety.core import document, errors, events, lifecycle, report, ticket

FAILED, NEEDS_HUMAN = report.Status.FAILED, report.Status.NEEDS_HUMAN
READY, PENDING, RUNNING, PASSED = ticket.State.READY, ticket.State.PENDING, ticket.State.RUNNING, ticket.State.PASSED


def states(subject: ticket.Ticket) -> list[str]:
    return [step.state.value for step in subject.orchestration.steps]


def start(subject: ticket.Ticket, step: str, gone: int | None = None) -> list[events.Draft]:
    return lifecycle.start_step(subject, step, builders.holder("here/1/2/3"), gone)


def closed_while_running() -> ticket.Ticket:
    running = builders.started(builders.opened(), "diagnose")
    return builders.after(running, [events.Draft("ticket.closed", {"resolution": "wont_fix"})])


# The beginning.


def test_a_new_ticket_is_open_and_its_first_step_ready() -> None:
    subject = builders.opened(tags=["cli"])

    assert (subject.status, subject.version, subject.created_at) == (ticket.Status.OPEN, 1, builders.AT)
    assert states(subject) == ["ready", "pending", "pending"]
    assert subject.tags == ("cli",)


def test_the_first_attempt_puts_the_ticket_in_progress_on_its_branch() -> None:
    subject = builders.started(builders.opened(), "diagnose")

    assert subject.status is ticket.Status.IN_PROGRESS
    assert (subject.branch, subject.base, subject.target) == ("b", "c0", "main")


# Starting a step.


def test_a_ready_step_starts_with_its_first_attempt_in_its_workers_name() -> None:
    (draft,) = start(builders.opened(), "diagnose")

    assert draft == events.Draft(
        "step.started", {"step": "diagnose", "agent": "somebody", "worker": "here/1/2/3", "reserved": None}, 1
    )


def test_a_started_step_runs_under_its_workers_claim() -> None:
    step = builders.after(builders.opened(), start(builders.opened(), "diagnose")).orchestration.step("diagnose")

    assert (step.state, step.attempt, step.claimed_by) == (RUNNING, 1, "here/1/2/3")
    assert (step.started_at, step.ended_at) == (builders.AT, None)


@pytest.mark.parametrize(
    ("subject", "step", "reason"),
    [
        (builders.opened(), "fix", "it needs diagnose"),
        (builders.opened(), "test", "it needs fix"),
        (builders.started(builders.opened(), "diagnose"), "diagnose", "it is running"),
        (builders.done(builders.opened(), "diagnose"), "diagnose", "it is passed"),
        (builders.reported(builders.started(builders.opened(), "diagnose"), "diagnose", FAILED), "diagnose", "blocked"),
        (builders.done(builders.opened(), "diagnose", "fix", "test"), "test", "the ticket is closed"),
    ],
)
def test_a_step_that_is_not_ready_is_not_started_and_the_reason_is_given(
    subject: ticket.Ticket, step: str, reason: str
) -> None:
    with pytest.raises(errors.Refused, match=f"BUG-2026-001/{step} is not ready: .*{reason}"):
        start(subject, step)


def test_a_step_that_does_not_exist_is_not_found_and_the_others_are_named() -> None:
    with pytest.raises(errors.NotFound, match="no step 'deploy'") as refusal:
        start(builders.opened(), "deploy")

    assert refusal.value.hint == "its steps: diagnose, fix, test"


# Taking a step over.


def test_a_step_whose_attempt_is_gone_is_released_and_started_again() -> None:
    running = builders.started(builders.opened(), "diagnose")

    drafts = start(running, "diagnose", gone=1)

    assert [(draft.type, draft.attempt) for draft in drafts] == [("step.released", 1), ("step.started", 2)]
    assert builders.after(running, drafts).orchestration.step("diagnose").attempt == 2


@pytest.mark.parametrize("gone", [None, 0, 2])
def test_an_attempt_that_is_not_the_one_that_is_gone_is_not_taken_over(gone: int | None) -> None:
    with pytest.raises(errors.Refused, match="it is running"):
        start(builders.started(builders.opened(), "diagnose"), "diagnose", gone)


def test_two_workers_that_find_the_same_attempt_gone_do_not_both_get_the_step() -> None:
    running = builders.started(builders.opened(), "diagnose")
    taken = builders.after(running, start(running, "diagnose", gone=1))

    with pytest.raises(errors.Refused):
        start(taken, "diagnose", gone=1)


def test_a_leftover_claim_does_not_keep_a_ready_step_from_starting() -> None:
    subject = builders.started(builders.opened(), "diagnose")
    released = builders.after(subject, lifecycle.release_step(subject, "diagnose", 1, builders.INTERRUPTED))

    assert [draft.type for draft in start(released, "diagnose", gone=1)] == ["step.started"]


def test_nothing_is_taken_over_in_a_ticket_that_was_closed_meanwhile() -> None:
    with pytest.raises(errors.Refused, match="the ticket is closed"):
        start(closed_while_running(), "diagnose", gone=1)


# The fence.


@pytest.mark.parametrize("attempt", [1, 3])
def test_only_the_running_attempt_passes_the_fence(attempt: int) -> None:
    subject = builders.started(builders.opened(), "diagnose")
    second = builders.after(subject, start(subject, "diagnose", gone=1))

    lifecycle.require_running(second, "diagnose", 2)
    with pytest.raises(errors.Refused, match=f"attempt {attempt} .* changes nothing"):
        lifecycle.require_running(second, "diagnose", attempt)


def test_the_right_number_does_not_pass_the_fence_when_its_step_has_ended() -> None:
    with pytest.raises(errors.Refused, match="changes nothing"):
        lifecycle.require_running(builders.done(builders.opened(), "diagnose"), "diagnose", 1)


# Giving a step back.


def test_a_released_step_is_ready_again_and_says_why() -> None:
    running = builders.started(builders.opened(), "diagnose")

    step = builders.after(
        running, lifecycle.release_step(running, "diagnose", 1, builders.INTERRUPTED)
    ).orchestration.step("diagnose")

    assert (step.state, step.attempt, step.reason, step.claimed_by) == (READY, 1, "interrupted", None)


def test_the_next_attempt_after_a_release_has_the_next_number() -> None:
    running = builders.started(builders.opened(), "diagnose")
    released = builders.after(running, lifecycle.release_step(running, "diagnose", 1, builders.INTERRUPTED))

    assert start(released, "diagnose")[-1].attempt == 2


def test_an_older_attempt_cannot_release_the_newer_one() -> None:
    running = builders.started(builders.opened(), "diagnose")
    second = builders.after(running, start(running, "diagnose", gone=1))

    with pytest.raises(errors.Refused):
        lifecycle.release_step(second, "diagnose", 1, builders.INTERRUPTED)


# Trying again.


def test_the_step_that_failed_is_the_one_that_is_tried_again_and_the_ticket_goes_on() -> None:
    failed = builders.reported(builders.started(builders.opened(), "diagnose"), "diagnose", FAILED)

    again = builders.after(failed, lifecycle.retry(failed, None), by="user:ada")

    assert states(again) == ["ready", "pending", "pending"]
    assert (again.status, again.blocker) == (ticket.Status.IN_PROGRESS, None)


def test_a_step_that_waits_is_tried_again_and_its_question_is_answered_by_that() -> None:
    waiting = builders.reported(builders.started(builders.opened(), "diagnose"), "diagnose", NEEDS_HUMAN)

    again = builders.after(waiting, lifecycle.retry(waiting, None), by="user:ada")

    (question,) = again.questions
    assert (question.answer, question.answered_by) == ("tried again", "user:ada")
    assert (again.waiting_for, states(again)) == (None, ["ready", "pending", "pending"])
    assert [draft.type for draft in lifecycle.retry(waiting, None)] == ["step.retried"]


def test_an_answer_that_was_given_before_stays_as_it_was() -> None:
    waiting = builders.reported(builders.started(builders.opened(), "diagnose"), "diagnose", NEEDS_HUMAN)
    once = builders.after(waiting, lifecycle.retry(waiting, None), by="user:ada")
    twice = builders.reported(builders.started(once, "diagnose"), "diagnose", FAILED)

    again = builders.after(twice, lifecycle.retry(twice, None), by="user:bob")

    assert again.questions[0].answered_by == "user:ada"


def test_with_an_earlier_step_all_that_came_after_it_is_set_back() -> None:
    subject = builders.done(builders.opened(), "diagnose", "fix")
    failed = builders.reported(builders.started(subject, "test"), "test", FAILED)

    again = builders.after(failed, lifecycle.retry(failed, "diagnose"))

    assert states(again) == ["ready", "pending", "pending"]
    assert [step.reason for step in again.orchestration.steps] == [None, None, None]
    assert states(builders.done(again, "diagnose")) == ["passed", "ready", "pending"]


@pytest.mark.parametrize("step", [None, "diagnose", "fix"])
def test_nothing_is_tried_again_while_a_step_is_running(step: str | None) -> None:
    running = builders.started(builders.done(builders.opened(), "diagnose"), "fix")

    with pytest.raises(errors.Refused, match="BUG-2026-001/fix is running"):
        lifecycle.retry(running, step)


def test_attempts_are_counted_on_over_a_retry() -> None:
    failed = builders.reported(builders.started(builders.opened(), "diagnose"), "diagnose", FAILED)
    again = builders.after(failed, lifecycle.retry(failed, None))

    assert start(again, "diagnose")[-1].attempt == 2


@pytest.mark.parametrize(
    ("subject", "step"),
    [
        (builders.opened(), None),
        (builders.opened(), "diagnose"),
        (builders.opened(), "test"),
    ],
)
def test_what_neither_failed_nor_waits_nor_passed_is_not_tried_again(subject: ticket.Ticket, step: str | None) -> None:
    with pytest.raises(errors.Refused, match="nothing in BUG-2026-001 waits to be tried again"):
        lifecycle.retry(subject, step)


@pytest.mark.parametrize("step", [None, "fix"])
def test_nothing_is_tried_again_in_a_closed_ticket(step: str | None) -> None:
    with pytest.raises(errors.Refused, match="BUG-2026-001 is closed, fixed"):
        lifecycle.retry(builders.done(builders.opened(), "diagnose", "fix", "test"), step)


def test_trying_again_a_step_that_does_not_exist_names_the_others() -> None:
    with pytest.raises(errors.NotFound, match="no step 'deploy'"):
        lifecycle.retry(builders.opened(), "deploy")


# What events do.


def test_an_edit_adds_to_the_metadata_and_overwrites_nothing_else() -> None:
    subject = builders.opened(metadata={"votes": 1, "error": "E"})

    edited = builders.after(subject, [builders.edited(votes=2, repro=["pytest"])])

    assert edited.metadata == {"votes": 2, "error": "E", "repro": ["pytest"]}
    assert subject.metadata == {"votes": 1, "error": "E"}


def test_a_closed_ticket_knows_when_and_by_whom_and_waits_for_nothing() -> None:
    waiting = builders.reported(builders.started(builders.opened(), "diagnose"), "diagnose", NEEDS_HUMAN)
    drafts = [events.Draft("ticket.closed", {"resolution": "wont_fix"})]

    closed = builders.after(waiting, drafts, by="user:ada", at="2026-11-22T10:00:00Z")

    assert (closed.status, closed.resolution) == (ticket.Status.CLOSED, ticket.Resolution.WONT_FIX)
    assert (closed.closed_at, closed.closed_by, closed.waiting_for) == ("2026-11-22T10:00:00Z", "user:ada", None)


def test_a_waiting_step_shows_in_the_ticket_what_it_waits_for() -> None:
    waiting = builders.reported(builders.started(builders.opened(), "diagnose"), "diagnose", NEEDS_HUMAN)

    assert (waiting.status, waiting.waiting_for) == (ticket.Status.IN_PROGRESS, "so it is")


def test_every_event_moves_the_version_and_the_time_of_the_last_change() -> None:
    edited = builders.after(builders.opened(), [builders.edited(a=1), builders.edited(b=2)], at="2026-11-22T11:00:00Z")

    assert (edited.version, edited.updated_at, edited.created_at) == (3, "2026-11-22T11:00:00Z", builders.AT)


@pytest.mark.parametrize("kind", sorted(events.VERSIONS.keys() - {"ticket.opened", "ticket.imported"}))
def test_every_documented_type_of_event_can_be_applied(kind: str) -> None:
    running = builders.started(builders.opened(), "diagnose")
    data: dict[str, object] = {
        "changes": {}, "ticket_id": "BUG-2026-002", "relationship": "blocks", "votes": 1, "origin": "user",
        "branch": "b", "base": "c", "target": None, "blocker": "it failed", "resolution": "done",
        "step": "diagnose", "agent": "a", "worker": "w", "commit": None, "outputs": {}, "signals": [],
        "by_hand": None, "approved": [], "reserved": None, "cause": "interrupted", "not_before": None,
        "percent": 25, "answer": "yes", "due_at": None, "orchestration": document.from_plan(running.orchestration),
        "reason": "it failed", "id": "q", "kind": "question", "text": "what now?",
        "update": {**vars_of(builders.update(running, "diagnose")), "receipts": []},
    }  # fmt: skip
    exactly = {
        "ticket.started": ("branch", "base", "target"),
        "escalation.raised": ("id", "rule", "cause", "owner", "sentence"),
    }
    data |= {"rule": "blocked", "cause": "event 1", "owner": "user:ada", "sentence": "so it is"}
    wanted = {name: data[name] for name in exactly.get(kind, data)}
    if kind == "question.answered":
        running = builders.after(running, [events.Draft("question.asked", data, 1)])

    changed = builders.after(running, [events.Draft(kind, wanted, 1)])

    assert changed.version == running.version + 1


def vars_of(update: ticket.Update) -> dict[str, object]:
    return {name: getattr(update, name) for name in ticket.Update.__dataclass_fields__}
