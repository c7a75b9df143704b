"""The verbs that change tickets, as people and scripts type them."""

import json

import pytest

from tests.stories import house as houses
from tests.stories.test_terminal import Terminal


@pytest.fixture
def desk(empty: houses.House) -> houses.House:
    """Two tickets of Ada's: a fault and a wish."""
    for kind in ("bug", "feature"):
        assert empty.tickety("new", f"A matter of some weight: {kind}", "--type", kind).code == 0
    return empty


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> houses.House:
    """The same for all that is refused: nothing of it changes anything."""
    house = houses.empty(tmp_path_factory.mktemp("refusals"))
    for kind in ("bug", "feature"):
        house.tickety("new", f"A matter of some weight: {kind}", "--type", kind)
    return house


def out(house: houses.House, *words: str, stdin: str = "") -> list[str]:
    ended = house.tickety(*words, stdin=stdin)
    assert ended.code == 0, ended.err
    return ended.out.splitlines()


def test_a_day_at_the_desk(desk: houses.House) -> None:
    year = json.loads(desk.tickety("list", "--json").out)["tickets"][0]["id"].split("-")[1]
    bug, feature = f"BUG-{year}-001", f"FEAT-{year}-001"

    assert out(desk, "edit", "bug-1", "--priority", "low", "--estimate", "4", "--log", "1.5")[0].startswith(
        f"{bug}: priority high -> low"
    )
    assert out(desk, "assign", "bug-1", "feat-1", "me") == [
        f"{bug} is assigned to user:ada",
        f"{feature} is assigned to user:ada",
    ]
    assert out(desk, "tag", "bug-1", "feat-1", "auth", "ui", "--remove", "old")[1] == f"{feature} is tagged auth, ui"
    assert out(desk, "comment", "bug-1", "-", stdin="It came\nthrough a pipe") == [f"{bug} has 1 comment"]
    assert out(desk, "block", "bug-1", "the vendor has to answer") == [f"{bug} is blocked: the vendor has to answer"]
    assert out(desk, "unblock", "bug-1") == [f"{bug} is open again"]
    assert out(desk, "link", "bug-1", "blocked-by", "feat-1") == [
        f"{bug} is blocked by {feature}",
        f"{feature} blocks {bug}",
    ]

    refused = desk.tickety("close", "bug-1", "--json")
    assert (refused.code, refused.error["kind"]) == (4, "refused")
    assert feature in refused.error["message"]

    assert out(desk, "close", "bug-1", "feat-1") == [f"{bug} is closed, fixed", f"{feature} is closed, done"]
    assert out(desk, "close", "bug-1") == [f"{bug} was closed already"]
    assert out(desk, "undo")[1] == f"{feature}: status closed -> open, resolution done -> none"
    assert out(desk, "redo")[0] == f"{bug}: status open -> closed, resolution none -> fixed"
    assert out(desk, "archive", "bug-1") == [f"{bug} is archived"]
    assert out(desk, "unarchive", "bug-1") == [f"{bug} is not archived any more"]
    assert out(desk, "reopen", "bug-1") == [f"{bug} is open again"]
    assert out(desk, "unlink", "bug-1", "feat-1")[0] == f"{bug} is blocked by {feature} no more"

    shown = desk.tickety("show", "bug-1", "--json").data
    assert (shown["assignee"], shown["tags"], shown["metadata"]["actual_hours"]) == ("user:ada", ["auth", "ui"], 1.5)
    assert [(said["by"], said["origin"]) for said in shown["comments"]] == [("user:ada", "import:stdin")]


def test_an_agent_does_not_close_or_undo_but_may_look_and_comment(desk: houses.House) -> None:
    for words in (["close", "bug-1"], ["undo"], ["redo"]):
        refused = desk.tickety(*words, "--json", CLAUDECODE="1")
        assert (refused.code, refused.error["kind"]) == (4, "refused")
        assert "person" in refused.error["message"]
    assert desk.tickety("close", "bug-1", "--dry-run", CLAUDECODE="1").code == 0
    said = desk.tickety("comment", "bug-1", "so", "--as", "agent:QA", "--json", CLAUDECODE="1").data
    assert (said["comments"][0]["by"], said["comments"][0]["origin"]) == ("agent:QA", "agent:claude")
    assert said["status"] == "open"


def test_a_person_at_the_terminal_says_yes_for_an_agent(desk: houses.House) -> None:
    desk.extra["CLAUDECODE"] = "1"
    asked = Terminal(desk, "close", "bug-1")
    asked.answer("Close bug-1? [y/N]:", "y")

    assert asked.end() == 0
    assert "is closed, fixed" in asked.seen


@pytest.mark.parametrize(("words", "code", "hint"), [
    (["edit", "bug-1"], 2, "--help"),
    (["edit", "bug-1", "--due", "2020-01-01"], 2, "later date"),
    (["edit", "bug-1", "--type", "epics"], 2, "did you mean epic"),
    (["block", "bug-1"], 2, "--because"),
    (["tag", "bug-1"], 2, "tickety tag bug-1"),
    (["tag", "bug-1", "a,b"], 2, "one word"),
    (["assign", "bug-1", "agent:King"], 2, "the roles are"),
    (["link", "bug-1", "hates", "feat-1"], 2, "blocked_by"),
    (["unlink", "bug-1"], 2, "tickety unlink"),
    (["close", "bug-1", "-r", "finished"], 2, "wont_fix"),
    (["close", "bug-77"], 3, "tickety list"),
    (["archive", "bug-1"], 4, "tickety close BUG-"),
    (["redo"], 4, "tickety undo"),
    (["comment", "bug-1", " "], 2, ""),
])  # fmt: skip
def test_what_cannot_be_done_says_why_and_what_can(kept: houses.House, words: list[str], code: int, hint: str) -> None:
    refused = kept.tickety(*words, "--json")

    assert refused.code == refused.error["exit_code"] == code
    assert hint in refused.error["hint"]


@pytest.mark.parametrize("option", ["--due", "--type", "--priority", "--log", "--title"])
def test_an_option_without_a_value_is_a_mistake_and_no_edit(empty: houses.House, option: str) -> None:
    empty.tickety("new", "It fails", "--type", "bug")

    assert empty.tickety("edit", "1", option, "").code == 2
