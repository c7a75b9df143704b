"""What people type for a workflow: a ticket, a name, words, a file, standard input; and what goes wrong with it."""

import json
import os
from pathlib import Path

import pytest

from tests.faces import calling

FORK = "research -> (implement | document) -> test"


def test_words_are_shown_without_any_ticket(call: calling.Call) -> None:
    told = call("workflow", "show", FORK)

    assert told.code == 0
    assert told.out.splitlines()[0] == FORK
    assert "  4. test       QA Agent: verify the resolution, after implement and document" in told.out


def test_a_ticket_a_type_and_a_template_are_shown_by_their_names(call: calling.Call) -> None:
    call("new", "It fails", "--type", "bug")

    assert call("workflow", "show", "1", "--json").data["id"].startswith("BUG-")
    assert call("workflow", "show", "bug", "--json").data["workflow"] == "diagnose -> fix -> test"
    assert call("workflow", "show", "security_vulnerability", "--json").data["workflow"] == "assess -> patch -> verify"
    assert "feature        research -> implement -> document -> test" in call("workflow", "show").out
    assert set(call("workflow", "show", "--json").data["types"]) >= {"bug", "epic"}


def test_a_drawing_is_in_the_json_when_it_is_asked_for(call: calling.Call) -> None:
    told = call("workflow", "show", FORK, "--as", "mermaid", "--json").data

    assert told["shown"].startswith("flowchart LR\n")
    assert "shown" not in call("workflow", "show", FORK, "--json").data


def test_a_workflow_is_piped(call: calling.Call) -> None:
    assert "It is sound: a line, 4 steps" in call("workflow", "check", "-", stdin=FORK.encode()).out
    assert (
        call("workflow", "show", "-", "--json", stdin=b'{"steps": [{"name": "fix"}]}').data["steps"][0]["name"] == "fix"
    )


def test_a_check_says_what_it_is(call: calling.Call) -> None:
    told = call("workflow", "check", FORK).out

    assert told == (
        "It is sound: a line, 4 steps, by Research, Engineer, Documentation, QA; up to 2 run side by side.\n"
    )
    checked = call("workflow", "check", FORK, "--json").data
    assert (checked["form"], checked["together"], len(checked["steps"])) == ("a line", 2, 4)


@pytest.mark.parametrize(
    ("typed", "said", "code"),
    [
        ("nowhere.toml", "there is no file nowhere.toml", 3),
        ("a/b", "there is no file a/b", 3),
        ("paint", "nobody knows whose step 'paint' is", 2),
        ("", "the workflow is empty", 2),
        ("./", "is no file", 2),
        ("./pipe", "is no file", 2),
        ("pipe", "nobody knows whose step 'pipe' is", 2),
        ("large.toml", "is no file of at most", 2),
        ("binary.json", "is not UTF-8 text", 2),
        ("fix -> fix", "'fix' twice", 2),
        ("x = [", "is no TOML", 2),
        ("{", "is no JSON", 2),
        ("fix -> " * 150_000, "32,768 are the most", 2),
    ],
)
def test_what_is_no_workflow_is_named(call: calling.Call, typed: str, said: str, code: int) -> None:
    os.mkfifo("pipe")
    Path("large.toml").write_text("x" * 1_000_000)
    Path("binary.json").write_bytes(b"\xff\xfe{}")

    for verb in ("check", "show"):
        told = call("workflow", verb, typed)
        assert (told.code, said in told.err) == (code, True), told.err


def test_a_megabyte_that_is_piped_is_refused(call: calling.Call) -> None:
    told = call("new", "It fails", "--workflow", "-", stdin=b"fix -> " * 150_000)

    assert (told.code, "32,768 are the most" in told.err) == (2, True)


def test_words_and_workflow_are_not_both_piped(call: calling.Call) -> None:
    assert "cannot both be piped" in call("new", "-", "--workflow", "-", stdin=b"x").err


def test_what_is_done_in_a_usual_step_its_type_knows(call: calling.Call) -> None:
    made = call("new", "It is slow", "--workflow", FORK, "--dry-run", "--json").data

    assert [step["name"] for step in made["orchestration"]["steps"]] == ["research", "implement", "document", "test"]
    assert made["type"] == "performance"
    assert made["orchestration"]["steps"][3]["task"] == "verify that nothing else changed"


def test_a_file_that_would_move_the_cursor_is_refused(call: calling.Call) -> None:
    Path("w.toml").write_text('# \u202eevil\n[[steps]]\nname = "fix"\n')

    told = call("workflow", "show", "w.toml")

    assert (told.code, "control characters" in told.err) == (2, True)


def test_a_file_of_another_system_is_read(call: calling.Call) -> None:
    Path("w.toml").write_bytes(b'\xef\xbb\xbf[[steps]]\r\nname = "fix"\r\n')

    assert call("workflow", "show", "w.toml", "--json").data["workflow"] == '[[steps]]\nname = "fix"'


def test_a_ticket_without_steps_says_so(call: calling.Call) -> None:
    made = call("new", "Everything", "--type", "epic", "--json").data["id"]

    assert call("workflow", "show", made, "--as", "tree").err == "it has no steps\n"


# Another workflow for a ticket that is there.


@pytest.fixture
def bug(call: calling.Call) -> str:
    made: str = call("new", "It fails", "--type", "bug", "--json").data["id"]
    return made


def test_a_ticket_gets_another_workflow_and_the_log_tells_why(call: calling.Call, bug: str) -> None:
    told = call("workflow", "set", bug, "diagnose -> (fix | document) -> test", "--reason", "it needs words, too")
    again = call("workflow", "set", bug, "diagnose -> (fix | document) -> test")

    assert told.out == f"{bug} has another workflow: diagnose, fix, document, test\n"
    assert again.out == f"{bug} has this workflow already\n"
    *_, last = (json.loads(line) for line in call("log", bug, "--json").out.splitlines())
    assert (last["type"], last["data"]["reason"], last["data"]["proposal"]) == (
        "plan.changed", "it needs words, too", None,
    )  # fmt: skip
    assert call("show", bug, "--json").data["orchestration"]["workflow"] == "diagnose -> (fix | document) -> test"


def test_a_dry_run_changes_no_workflow(call: calling.Call, bug: str) -> None:
    before = call("show", bug, "--json").data

    assert len(call("workflow", "set", bug, "fix -> test", "--dry-run", "--json").data["orchestration"]["steps"]) == 2
    assert call("workflow", "set", bug, "fix -> test", "--dry-run").out.startswith("would be: ")
    assert call("show", bug, "--json").data == before


def test_a_workflow_that_was_written_out_and_is_set_again_changes_nothing(call: calling.Call) -> None:
    made = call("new", "It is slow", "--template", "performance_issue", "--json").data
    Path("plan.toml").write_text(call("workflow", "show", made["id"], "--as", "toml").out)

    told = call("workflow", "set", made["id"], "plan.toml", "--json").data

    assert told["orchestration"]["steps"] == made["orchestration"]["steps"]


def test_the_workflow_of_a_closed_ticket_stays(call: calling.Call, bug: str) -> None:
    call("close", bug)
    told = call("workflow", "set", bug, "fix")

    assert (told.code, f"tickety reopen {bug}" in told.err) == (4, True)


def test_an_agent_does_not_change_a_plan(call: calling.Call, bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUDECODE", "1")

    told = call("workflow", "set", bug, "fix")

    assert (told.code, "a person has to say yes" in told.err) == (4, True)


def test_commands_that_a_person_gave_stay_and_others_are_not_piped_in(call: calling.Call) -> None:
    Path("plan.toml").write_text('[[steps]]\nname = "test"\nreceipts = [["true"]]\n[[steps]]\nname = "deploy"\n')
    made = call("new", "Prove it", "--workflow", "plan.toml", "--json").data["id"]
    shown = call("workflow", "show", made, "--as", "toml").out

    same = call("workflow", "set", made, "-", stdin=shown.replace("deploy it", "ship it").encode())
    other = call("workflow", "set", made, "-", stdin=shown.replace('"true"', '"rm"').encode())

    assert (same.code, other.code) == (0, 2)
    assert "cannot name commands" in other.err
