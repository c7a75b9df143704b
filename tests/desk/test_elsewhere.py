"""A ticket that came with another store's log, or as a document: what it says of itself is never acted on."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.stories import house as houses
from tickety import places, store
from tickety.bootstrap import desk as bootstrap
from tickety.bootstrap import memory
from tickety.core import document, errors, events, lifecycle, receipt, ticket, trusted
from tickety.desk import bench, checkup, dispatch, epics, ports, retry, run, trusting

FOREIGN = {"branch": "main", "base": "f" * 40, "target": "main"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ports.Ports]:
    """A desk on the example project, trusted, without a ticket."""
    house = houses.notes(tmp_path)
    found = places.find(str(house.path), {"XDG_STATE_HOME": str(tmp_path / "state")})
    made = bootstrap.open_desk(found, memory.open_memory(found, "user:ada", builders.HandClock()), lambda _: None)
    trusting.trust(made, trusted.stake(made.settings_at(made.workspaces.head().commit)))
    yield made
    made.store.close()


def adopt(desk: ports.Ports, subject: ticket.Ticket, *drafts: events.Draft, **opened: Any) -> None:  # noqa: ANN401 - fields of a ticket
    """The ticket and what happened to it come with a log, by the very user that runs it here."""
    given = {"description": houses.SENTENCE, **opened}

    def work(transaction: store.Transaction) -> None:
        for number, draft in enumerate((builders.opening(**given), *drafts), 1):
            transaction.adopt(events.stamp(draft, builders.author(), subject.uid, number))

    desk.store.change(desk.author(), work)


def begin(desk: ports.Ports) -> dispatch.Attempt:
    (work,) = desk.store.work(None)
    attempt = builders.open_attempt(desk, work)
    assert attempt
    return attempt


def test_a_command_that_this_user_typed_here_is_run(desk: ports.Ports) -> None:
    builders.open_one(desk.store, description=houses.SENTENCE, metadata={"verification": ["true"]})

    attempt = begin(desk)

    assert attempt.ticket.metadata["reported_command"]["run"]
    assert attempt.ticket.metadata["verification"] == ["true"]


def test_words_and_commands_of_an_adopted_log_run_nothing_whoever_it_names(desk: ports.Ports) -> None:
    adopt(desk, builders.opened(), metadata={"verification": ["touch", "x"], "reproduction": ["touch", "y"]})

    attempt = begin(desk)

    assert not attempt.ticket.metadata["reported_command"]["run"]
    assert attempt.ticket.metadata.keys().isdisjoint({"verification", "reproduction"})


def test_a_branch_that_another_store_names_is_left_alone_and_a_new_one_is_made(desk: ports.Ports) -> None:
    adopt(desk, builders.opened(), events.Draft("ticket.started", FOREIGN))
    head = desk.workspaces.head().commit

    attempt = begin(desk)

    assert attempt.ticket.branch != "main"
    assert (attempt.base, attempt.head) == (head, head)
    assert desk.store.load(attempt.ticket.uid).branch == attempt.ticket.branch
    assert desk.workspaces.branch_head("main") == head


def test_the_branch_that_was_made_here_is_found_again(desk: ports.Ports) -> None:
    adopt(desk, builders.opened(), events.Draft("ticket.started", FOREIGN))
    first = begin(desk)
    dispatch.release(desk, first, builders.INTERRUPTED)

    second = begin(desk)

    assert (second.ticket.branch, second.base) == (first.ticket.branch, first.base)
    assert [event.type for event in desk.store.log(first.ticket.uid)].count("ticket.started") == 2


def test_commits_on_a_branch_that_another_store_names_are_nobodys_work_here(desk: ports.Ports) -> None:
    subject = builders.opened()
    adopt(desk, subject, events.Draft("ticket.started", FOREIGN))

    assert retry.by_hand(desk, subject.uid) is None


def test_a_step_that_runs_for_nobody_is_taken_over(desk: ports.Ports) -> None:
    subject = builders.opened()
    started = lifecycle.start_step(subject, "diagnose", builders.holder("far/away/1/2"))
    adopt(desk, subject, *started)

    attempt = begin(desk)

    assert attempt.number == 2
    assert [event.data.get("reason") for event in desk.store.log(subject.uid) if event.type == "step.released"] == [
        "its worker is gone"
    ]


def test_a_step_that_was_claimed_meanwhile_is_not_taken_from_its_holder(desk: ports.Ports) -> None:
    builders.open_one(desk.store)
    (work,) = desk.store.work(None)
    first = builders.open_attempt(desk, work)

    assert first
    assert builders.open_attempt(desk, work) is None
    assert desk.store.load(work.ticket_uid).orchestration.step(work.step).attempt == 1


@pytest.mark.parametrize("name", ["../../x", "a/b", "..", "", "A", "a" * 41, "-x", "x.lock", "é"])
def test_a_step_that_cannot_name_a_folder_is_refused_before_anything_is_made(desk: ports.Ports, name: str) -> None:
    plan = document.from_plan(builders.opened().orchestration)
    plan["steps"] = [{**plan["steps"][0], "name": name}]
    subject = builders.open_one(desk.store, orchestration=plan)

    with pytest.raises(errors.Refused, match="cannot be the name of a step"):
        asyncio.run(run.run_one(desk, subject.uid))

    assert not desk.runs.exists()
    assert desk.store.load(subject.uid) == subject


def test_a_circle_of_parents_is_shown_once_and_named_by_the_check_up(desk: ports.Ports) -> None:
    whole = builders.open_one(desk.store, kind="epic", parent="EPIC-2026-002")
    builders.open_one(desk.store, kind="epic", parent=whole.id)

    assert [node.document["id"] for node in epics.tree(desk, whole.uid)] == ["EPIC-2026-001", "EPIC-2026-002"]
    (found,) = checkup.contradictions(desk.store)
    assert "EPIC-2026-001 -> EPIC-2026-002 -> EPIC-2026-001" in found.sentence
    assert not found.is_mendable
    assert found.remedy


def test_what_is_no_digest_is_no_part_of_a_path(desk: ports.Ports) -> None:
    (desk.runs / "BUG-2026-001" / "outputs").mkdir(parents=True)
    (desk.runs.parent / "secret").write_text("secret")

    assert bench.output_of(desk, "BUG-2026-001", "../../../secret") == ""
    assert not receipt.is_digest("A" * 64)


def test_a_ticket_that_was_verified_elsewhere_is_not_fixed_here(desk: ports.Ports) -> None:
    subject = builders.opened()
    passed = tuple(replace(step, state=ticket.State.PASSED) for step in subject.orchestration.steps)
    plan = document.from_plan(replace(subject.orchestration, steps=passed))
    adopt(desk, subject, events.Draft("ticket.started", FOREIGN), orchestration=plan)

    asyncio.run(run.run_one(desk, subject.uid))

    assert desk.store.load(subject.uid).resolution is ticket.Resolution.DONE
