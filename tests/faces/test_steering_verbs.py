"""``pause``, ``resume`` and ``cancel``: one command over many tickets, and what it says."""

import pytest

from tests.faces import calling


@pytest.fixture
def two(call: calling.Call) -> calling.Call:
    for words in ("It fails", "It fails again"):
        call("new", words, "--type", "bug")
    return call


def status(call: calling.Call, typed: str = "1") -> tuple[str, str | None, str | None]:
    shown = call("show", typed, "--json").data
    return shown["status"], shown["resolution"], shown["waiting_for"]


def test_a_paused_ticket_is_not_ready_and_goes_on_when_it_is_resumed(two: calling.Call) -> None:
    assert "is paused; go on with it: tickety resume BUG-" in two("pause", "1", "--because", "the server is down").out
    assert status(two) == ("open", None, "paused by user:ada")
    assert [ticket["id"][-3:] for ticket in two("next", "--json").data["tickets"]] == ["002"]
    assert "was paused already, by user:ada" in two("pause", "1").out

    assert "can go on: tickety run BUG-" in two("resume", "1").out
    assert status(two) == ("open", None, None)
    assert "is not paused" in two("resume", "1").out


def test_a_pause_can_be_taken_back_and_done_again(two: calling.Call) -> None:
    two("pause", "1", "2")
    two("undo")
    assert [status(two, typed)[2] for typed in ("1", "2")] == [None, None]
    two("redo")
    assert [status(two, typed)[2] for typed in ("1", "2")] == ["paused by user:ada"] * 2


def test_cancelled_tickets_are_closed_with_all_their_steps(two: calling.Call) -> None:
    told = two("cancel", "1", "2", "--because", "we drop it")

    assert told.out.count("is cancelled") == 2
    assert status(two) == ("closed", "cancelled", None)
    steps = two("show", "1", "--json").data["orchestration"]["steps"]
    assert {step["state"] for step in steps} == {"cancelled"}
    assert "was cancelled already" in two("cancel", "1").out


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
def test_a_dry_run_changes_nothing(two: calling.Call, verb: str) -> None:
    before = two("log", "1").out
    assert two(verb, "1", "--dry-run").code == 0
    assert two(verb, "1", "--dry-run", "--json").data["id"].endswith("001")
    assert two("log", "1").out == before


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
@pytest.mark.parametrize(("typed", "code"), [("99", 3), ("../etc", 2), ("BUG-2026-001/fix", 2), ("", 2)])
def test_what_is_no_ticket_stops_the_whole_command(two: calling.Call, verb: str, typed: str, code: int) -> None:
    before = two("log", "1").out
    assert two(verb, "1", typed).code == code
    assert two("log", "1").out == before


@pytest.mark.parametrize("verb", ["pause", "cancel"])
def test_what_is_closed_otherwise_is_neither_paused_nor_cancelled(two: calling.Call, verb: str) -> None:
    two("close", "1")
    refused = two(verb, "2", "1")

    assert (refused.code, "is closed, fixed" in refused.err) == (4, True)
    assert status(two, "2") == ("open", None, None)


def test_an_agent_does_not_cancel_in_a_persons_place(two: calling.Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUDECODE", "1")

    assert two("cancel", "1").code in {4, 5}
    assert status(two)[0] == "open"
