"""The verbs by which people decide, and see what needs them: JSON, exit codes, what a dry run leaves alone."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import builders
from tests.faces import calling
from tickety.core import events, times
from tickety.stores import sqlite

PROPOSED: dict[str, object] = {
    "name": "document",
    "agent": "Documentation",
    "task": "write it up",
    "needs": ["diagnose"],
}


@pytest.fixture
def kept(call: calling.Call, tmp_path: Path) -> sqlite.SqliteStore:
    """The store of the project in which ``call`` calls."""
    assert call("new", "It fails", "--json").code == 0
    return sqlite.SqliteStore(str(tmp_path / ".tickety" / "tickety.db"))


def asks(kept: sqlite.SqliteStore, kind: str = "question", *, steps: tuple[dict[str, object], ...] = ()) -> str:
    """The first step of the first ticket asks a person."""
    (uid, _), *_ = [(event.ticket_uid, event) for event in kept.since(0, 1)]
    builders.start(kept, uid, "diagnose")
    asked = {"step": "diagnose", "id": "diagnose-1", "kind": kind, "text": "Which of the two?"}
    if steps:
        drafts = [
            events.Draft("step.passed", {"step": "diagnose", "commit": None, "outputs": {}, "signals": []}, 1),
            events.Draft("question.asked", {**asked, "steps": list(steps)}, 1),
        ]
    else:
        drafts = [
            events.Draft("step.waiting", {"step": "diagnose", "reason": "Which of the two?"}, 1),
            events.Draft("question.asked", asked, 1),
        ]
    builders.append(kept, uid, drafts, at=times.as_text(datetime.now(UTC)))
    return uid


def test_an_answer_lets_the_step_go_on_and_the_same_again_changes_nothing(
    call: calling.Call, kept: sqlite.SqliteStore
) -> None:
    asks(kept)

    (item,) = call("inbox", "--json").data["items"]
    assert (item["kind"], item["name"], item["text"]) == ("question", "diagnose-1", "Which of the two?")
    assert item["command"] == f'tickety answer {item["ticket_id"]} diagnose-1 "…"'

    tried = call("answer", "1", "The second.", "--dry-run", "--json").data
    assert tried["questions"][0]["answer"] == "The second."
    assert call("inbox", "--json").data["items"]

    done = call("answer", "1", "The second.", "--json").data
    assert (done["questions"][0]["answer"], done["questions"][0]["answered_by"]) == ("The second.", "user:ada")
    assert done["orchestration"]["steps"][0]["state"] == "ready"
    assert call("inbox", "--json").data["items"] == []

    again = call("answer", "1", "The second.", "--json")
    assert (again.code, again.data["version"]) == (0, done["version"])
    assert call("answer", "1", "diagnose-1", "The first.").code == 4


def test_an_answer_may_come_from_a_pipe(call: calling.Call, kept: sqlite.SqliteStore) -> None:
    asks(kept)

    done = call("answer", "1", "-", "--json", stdin=b"The second.\n")

    assert done.data["questions"][0]["answer"] == "The second."


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("answer", "1", "x"), 4, "waits for no answer"),
        (("answer", "1"), 2, "it is not said what the answer is"),
        (("answer", "1", "  "), 2, "the answer is empty"),
        (("approve", "1"), 4, "waits for no approval"),
        (("approve", "9"), 3, "there is no ticket"),
        (("reject", "1"), 2, "it is not said why"),
        (("reject", "1", "--because", "no"), 4, "waits for no approval"),
        (("ack", "1", "blocked"), 3, "has no escalation"),
        (("ack", "blocked"), 2, "is no ticket"),
    ],
)
def test_a_slip_is_told_and_changes_nothing(
    call: calling.Call, kept: sqlite.SqliteStore, words: tuple[str, ...], code: int, said: str
) -> None:
    before = kept.end()

    refused = call(*words)

    assert refused.code == code, refused.err
    assert said in refused.err
    assert "try:" in refused.err
    assert kept.end() == before


def test_a_question_that_is_not_there_names_those_that_are(call: calling.Call, kept: sqlite.SqliteStore) -> None:
    asks(kept)

    refused = call("answer", "1", "diagnose-9", "x")

    assert (refused.code, "it asks: diagnose-1" in refused.err) == (3, True)


@pytest.mark.parametrize("words", [("approve", "1"), ("reject", "1", "--because", "no"), ("answer", "1", "yes")])
def test_an_agent_does_not_decide(
    call: calling.Call, kept: sqlite.SqliteStore, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    asks(kept, "question" if words[0] == "answer" else "approval")
    before = kept.end()
    monkeypatch.setenv("CLAUDECODE", "1")

    refused = call(*words, "--json")
    assert (refused.code, json.loads(refused.err)["error"]["kind"]) == (4, "refused")
    assert call(*words, "--dry-run", "--json").code == 0
    assert kept.end() == before


def test_nobody_says_yes_in_an_agents_name(call: calling.Call, kept: sqlite.SqliteStore) -> None:
    asks(kept, "approval")

    assert call("approve", "1", "--as", "agent:QA").code == 4


def test_steps_that_were_proposed_become_part_of_the_plan_with_the_yes(
    call: calling.Call, kept: sqlite.SqliteStore
) -> None:
    uid = asks(kept, "approval", steps=(PROPOSED,))
    (item,) = call("inbox", "--json").data["items"]
    assert item["kind"] == "proposal"

    done = call("approve", "1", "--json").data

    assert [step["name"] for step in done["orchestration"]["steps"]][-1] == "document"
    assert done["waiting_for"] is None
    one, other = kept.log(uid)[-2:]
    assert (one.type, other.type) == ("question.answered", "plan.changed")
    assert one.command_id == other.command_id
    assert other.data["proposal"] == "diagnose-1"
    assert call("approve", "1", "--json").data["version"] == done["version"]


def test_steps_that_were_rejected_are_dropped(call: calling.Call, kept: sqlite.SqliteStore) -> None:
    asks(kept, "approval", steps=(PROPOSED,))

    done = call("reject", "1", "--because", "too much", "--json").data

    assert (len(done["orchestration"]["steps"]), done["status"]) == (3, "open")
    assert done["questions"][0]["answer"] == "rejected: too much"


def test_a_no_to_work_blocks_its_ticket(call: calling.Call, kept: sqlite.SqliteStore) -> None:
    asks(kept, "approval")

    done = call("reject", "1", "--because", "not on a Friday", "--json").data

    assert (done["status"], done["blocker"]) == ("blocked", "user:ada rejected it: not on a Friday")
    assert call("escalations", "--json").data["escalations"][0]["rule"] == "blocked"
    assert call("reject", "1", "--because", "not on a Friday").code == 0


def test_escalations_are_raised_with_the_change_and_seen_once(call: calling.Call, kept: sqlite.SqliteStore) -> None:
    del kept
    call("block", "1", "the vendor has to answer")

    (raised,) = call("escalations", "--json").data["escalations"]
    assert (raised["rule"], raised["owner"], raised["due_now"]) == ("blocked", "user:ada", False)
    assert [item["kind"] for item in call("inbox", "--json").data["items"]] == ["escalation"]
    home = call("--json").data
    assert (home["escalated"], home["escalations"][0]["name"]) == (1, raised["name"])
    assert "Escalated" in call().out

    assert call("ack", "1", "--dry-run").code == 0
    assert call("ack", "1", "blocked", "--json").data["escalations"][0]["acknowledged_by"] == "user:ada"
    assert call("inbox", "--json").data["items"] == []
    assert call("list", "is:escalated", "--json").data["tickets"]
    assert call("ack", "1").out.endswith("was seen already\n")

    call("unblock", "1")
    assert call("escalations", "--json").data["escalations"] == []
    assert call("escalations", "--all", "--json").data["escalations"][0]["acknowledged_by"] == "user:ada"


def test_what_is_due_is_shown_to_who_looks_and_written_by_nobody(call: calling.Call, kept: sqlite.SqliteStore) -> None:
    builders.open_one(kept, priority="critical", kind="task")
    before = kept.end()

    for words in (("list",), ("show", "TASK-1"), ("why", "TASK-1")):
        assert "due now: TASK-2026-001 is critical" in call(*words).err
    assert "due now" in call().out
    assert "due now" in call("escalations").out
    assert call("escalations", "--json").data["escalations"][0]["due_now"] is True
    assert kept.end() == before


def test_the_inbox_looks_over_all_projects_and_says_which_one_cannot_be_looked_at(
    call: calling.Call, kept: sqlite.SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(kept)
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    monkeypatch.setenv("TICKETY_STORE", str(other / "tickets.db"))
    call("new", "Something else")
    monkeypatch.delenv("TICKETY_STORE")
    (other / "tickets.db").write_bytes(b"no store at all" * 100)
    monkeypatch.chdir(tmp_path)

    found = call("inbox", "--all", "--json").data["projects"]
    said = call("inbox", "--all")

    assert [len(one.get("items", ())) for one in found] == [1, 0]
    assert "error" in found[1]
    assert (said.code, "cannot be looked at" in said.err, "Which of the two?" in said.out) == (0, True, True)


def test_a_file_on_messages_that_cannot_be_read_is_told_and_stops_nothing(
    call: calling.Call, kept: sqlite.SqliteStore, tmp_path: Path
) -> None:
    del kept
    folder = tmp_path / ".config" / "tickety"
    folder.mkdir(parents=True)
    (folder / "notify.toml").write_text("[notify]\non = [")

    assert call("comment", "1", "Still here.").code == 0
    looked = call("inbox")

    assert (looked.code, "messages do not leave" in looked.err) == (0, True)


def test_a_limit_and_a_pause_need_nobody(call: calling.Call, kept: sqlite.SqliteStore) -> None:
    (event,) = kept.since(0, 1)
    builders.start(kept, event.ticket_uid, "diagnose")
    data = {"step": "diagnose", "reason": "a rate limit", "cause": "limited", "not_before": "2099-01-01T00:00:00Z"}
    builders.append(kept, event.ticket_uid, [events.Draft("step.released", data, 1)])

    home = call("--json").data

    assert (home["counts"]["waiting"], home["counts"]["later"]) == (0, 1)
    (item,) = (one for one in call("inbox", "--json").data["items"] if one["kind"] == "pause")
    assert "a rate limit" in item["text"]


@pytest.mark.parametrize("verb", ["inbox", "answer", "approve", "reject", "ack", "escalations"])
def test_help_begins_with_what_it_does_and_shows_examples(call: calling.Call, verb: str) -> None:
    shown = call(verb, "--help")

    assert (shown.code, "Examples:" in shown.out) == (0, True)
