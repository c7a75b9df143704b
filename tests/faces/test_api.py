"""The Python API: the verbs of the command line as methods, on the same store."""

from collections.abc import Iterator
from typing import Any

import pytest

import tickety
from tests.stories import house as houses


@pytest.fixture
def desk(notes: houses.House, monkeypatch: pytest.MonkeyPatch) -> Iterator[tickety.Desk]:
    for name, value in notes.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CLAUDECODE", raising=False)
    monkeypatch.delenv("TICKETY_TOKEN", raising=False)
    assert notes.tickety("trust", "--yes").code == 0
    with tickety.open_desk(notes.path, "user:ada") as opened:
        yield opened


def test_what_the_desk_opens_the_command_line_shows(desk: tickety.Desk, notes: houses.House) -> None:
    opened = desk.open_ticket("The export forgets the last line", tags=("export",))

    shown = notes.tickety("show", opened.id, "--json").data

    assert shown == desk.as_json(opened)
    assert (shown["type"], shown["tags"], shown["reporter"]) == ("bug", ["export"], "user:ada")


def test_tickets_are_found_by_what_people_type(desk: tickety.Desk) -> None:
    opened = desk.open_ticket("It fails", type="bug")

    assert [desk.ticket(typed) for typed in (opened.id, "BUG-1", "1", opened.id.lower())] == [opened] * 4
    with pytest.raises(tickety.TicketyError, match="there is no ticket BUG-9"):
        desk.ticket("BUG-9")


def test_a_query_finds_what_it_asks_for(desk: tickety.Desk) -> None:
    bug, wish = desk.open_ticket("It fails", type="bug"), desk.open_ticket("Dark mode", type="feature", tags=("ui",))
    desk.close_ticket(bug.id, "wont_fix")

    assert [one.id for one in desk.find()] == [wish.id]
    assert [one.id for one in desk.find("is:closed")] == [bug.id]
    assert [one.id for one in desk.find("tag:ui type:feature dark")] == [wish.id]
    assert desk.get_active_tickets() == [wish]


def test_a_comment_and_a_resolution_are_kept(desk: tickety.Desk) -> None:
    opened = desk.open_ticket("It fails", type="bug")

    assert desk.comment(opened.id, "seen on Tuesday").comments[0].text == "seen on Tuesday"
    assert desk.close_ticket(opened.id).resolution == tickety.Resolution.FIXED


def test_qa_s_word_alone_closes_nothing(desk: tickety.Desk) -> None:
    opened = desk.open_ticket(houses.SENTENCE, type="qa")

    after = desk.handle_agent_completion(opened.id, "QA Agent", {"status": "passed", "summary": "all is well"})

    (update,) = after.agent_updates
    assert (after.status, update.result) == (tickety.Status.BLOCKED, "failed")
    assert any(receipt.exit_code for receipt in update.receipts)


def test_a_report_out_of_turn_is_refused(desk: tickety.Desk) -> None:
    opened = desk.open_ticket("It fails", type="bug")

    with pytest.raises(tickety.TicketyError, match="does not wait for the QA Agent: it waits for Research Agent"):
        desk.handle_agent_completion(opened.id, "qa", {"status": "passed"})
    with pytest.raises(tickety.TicketyError, match="'great' is not how a report can end"):
        desk.handle_agent_completion(opened.id, "research", {"status": "great"})


def test_running_a_ticket_closes_it_on_evidence(desk: tickety.Desk) -> None:
    opened = desk.open_ticket(houses.SENTENCE)

    assert desk.run(opened.id).resolution == tickety.Resolution.FIXED


def test_a_sprint_takes_what_fits_by_priority_and_effort(desk: tickety.Desk) -> None:
    small = desk.open_ticket("Small", type="task", metadata={"estimated_hours": 2})
    desk.open_ticket("Too large", type="task", priority="critical", metadata={"estimated_hours": 50})
    urgent = desk.open_ticket("Urgent", type="task", priority="high")

    assert list(desk.plan_sprint(10)) == [urgent, small]


@pytest.mark.parametrize(
    ("verb", "words", "given"),
    [
        ("ticket", (None,), {}),
        ("ticket", ("nonsense",), {}),
        ("should_escalate", (5,), {}),
        ("open_ticket", (5,), {}),
        ("comment", (None, "so it is"), {}),
        ("open_ticket", ("It fails",), {"tags": "auth"}),
        ("open_ticket", ("It fails",), {"heading": "It"}),
        ("open_ticket", ("It fails",), {"priority": 1}),
        ("open_ticket", ("It fails",), {"estimate": -1}),
        ("open_ticket", ("It fails",), {"metadata": {"by": object()}}),
        ("open_ticket", ("It fails",), {"metadata": {"at": float("nan")}}),
        ("open_ticket", ("It fails",), {"metadata": {"estimated_hours": "long"}}),
        ("open_ticket", ("It fails",), {"metadata": {"user_votes": -1}}),
        ("create_feature_ticket", ("Dark mode", "We want it", "many"), {}),
        ("create_bug_ticket", ("Down", 5), {}),
    ],
)
def test_what_a_program_gives_wrongly_is_an_error_of_ours_and_opens_nothing(
    desk: tickety.Desk, verb: str, words: tuple[Any, ...], given: dict[str, Any]
) -> None:
    with pytest.raises(tickety.TicketyError) as refused:
        getattr(desk, verb)(*words, **given)

    assert refused.value.hint
    assert list(desk.find()) == []


def test_a_ticket_is_judged_by_its_reference_too(desk: tickety.Desk) -> None:
    opened = desk.create_bug_ticket("Down", "Production is down", "Timeout")

    assert (opened.priority, opened.metadata["error_message"]) == ("critical", "Timeout")
    assert desk.should_escalate("BUG-1") is desk.should_escalate(opened) is False


def test_an_agents_words_are_the_agents_here_too(desk: tickety.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUDECODE", "1")
    opened = desk.open_ticket("It fails", type="bug")

    assert opened.origin["description"] == "agent:claude"
    assert desk.comment(opened.id, "so it is").comments[0].origin == "agent:claude"
    with pytest.raises(tickety.TicketyError, match="must be given by a person"):
        desk.open_ticket("It fails", reproduction=("touch", "x"))


def test_who_acts_is_gits_user_unless_somebody_is_named(desk: tickety.Desk, notes: houses.House) -> None:
    del desk
    with tickety.open_desk(notes.path) as unnamed:
        assert unnamed.open_ticket("It fails").reporter == "user:ada"
    for name in ("", "ada", "user:" + "a" * 100, "user:a\x1bb"):
        with pytest.raises(tickety.TicketyError, match="is nobody"), tickety.open_desk(notes.path, name):
            pass


def test_what_is_no_name_of_the_package_is_an_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        tickety.nonsense  # noqa: B018


@pytest.mark.parametrize("name", ["reproduction", "verification", "reported_command", "like", "understood"])
def test_metadata_names_no_command_and_nothing_that_tickety_keeps(desk: tickety.Desk, name: str) -> None:
    with pytest.raises(tickety.TicketyError, match=f"metadata cannot set {name}"):
        desk.open_ticket("It fails", type="bug", metadata={name: ["touch", "pwned"]})
