"""The verbs as scripts use them: JSON, exit codes, and what is stored."""

import json

import pytest

from tests.stories import house as houses


def test_new_opens_and_plans_and_runs_nothing(notes: houses.House) -> None:
    opened = notes.tickety("new", houses.SENTENCE, "--json")

    assert opened.code == 0
    ticket = opened.data
    assert (ticket["type"], ticket["priority"], ticket["status"]) == ("bug", "high", "open")
    assert [step["state"] for step in ticket["orchestration"]["steps"]] == ["ready", "pending", "pending"]
    assert ticket["orchestration"]["workflow"] == "diagnose -> fix -> test"
    assert ticket["branch"] is None
    assert notes.git("for-each-ref", "refs/heads/tickety") == ""


def test_new_takes_what_the_words_do_not_say(notes: houses.House) -> None:
    words = ("--type", "security", "--priority", "low", "--title", "Lock it", "--tag", "auth", "--tag", "urgent")
    ticket = notes.tickety("new", "Anyone can read the notes", *words, "--json").data

    assert ticket["id"].startswith("SEC-")
    assert (ticket["title"], ticket["priority"], ticket["tags"]) == ("Lock it", "low", ["auth", "urgent"])


@pytest.mark.parametrize(("option", "known"), [("--type", "bug, feature"), ("--priority", "critical, high")])
def test_an_unknown_type_or_priority_names_the_known_ones(notes: houses.House, option: str, known: str) -> None:
    refused = notes.tickety("new", "It fails", option, "enormous", "--json")

    assert refused.code == 2
    assert known in refused.error["hint"]


def test_a_dry_run_shows_the_ticket_and_stores_nothing(notes: houses.House) -> None:
    assert notes.tickety("new", houses.SENTENCE, "--dry-run", "--json").data["type"] == "bug"
    assert notes.tickety(houses.SENTENCE, "--dry-run", "--json").ticket["type"] == "bug"
    assert not (notes.path / ".git" / "tickety").exists()


def test_plan_only_opens_the_ticket_and_asks_for_no_trust(notes: houses.House) -> None:
    ended = notes.tickety(houses.SENTENCE, "--plan-only")

    assert ended.code == 0
    assert "1. Research Agent (investigator) will investigate the root cause" in ended.out
    assert "tickety run BUG-" in ended.out
    assert "trust" not in ended.err


def test_options_may_stand_before_the_words(notes: houses.House) -> None:
    assert notes.tickety("--plan-only", "--json", houses.SENTENCE).ticket["type"] == "bug"


def test_list_pages_by_priority_and_goes_on_where_it_stopped(notes: houses.House) -> None:
    for priority in ("low", "critical", "medium"):
        notes.tickety("new", f"A matter of {priority} weight", "--priority", priority)

    first = notes.tickety("list", "--json", "--limit", "2").data
    rest = notes.tickety("list", "--json", "--cursor", first["next"]).data

    assert [ticket["priority"] for ticket in first["tickets"]] == ["critical", "medium"]
    assert [ticket["priority"] for ticket in rest["tickets"]] == ["low"]
    assert rest["next"] is None
    assert first["schema"] == 1


def test_an_empty_list_is_no_error(notes: houses.House) -> None:
    listed = notes.tickety("list", "--json")

    assert (listed.code, listed.data) == (0, {"schema": 1, "tickets": [], "next": None})
    assert not (notes.path / ".git" / "tickety").exists()


def test_a_ticket_is_named_by_its_id_or_its_number(notes: houses.House) -> None:
    whole = notes.tickety("new", "It fails", "--json").data["id"]
    year = whole.split("-")[1]

    for typed in (whole, whole.lower(), "BUG-1", "1", "001"):
        assert notes.tickety("show", typed, "--json").data["id"] == whole, typed
    assert notes.tickety("show", "11", "--json").code == 3
    assert notes.tickety("show", f"FEAT-{year}-001", "--json").code == 3
    assert notes.tickety("show", "../../etc", "--json").code == 2


def test_a_number_that_several_types_have_is_asked_about(notes: houses.House) -> None:
    notes.tickety("new", "It fails")
    notes.tickety("new", "Add colours", "--type", "feature")

    asked = notes.tickety("show", "1", "--json")

    assert asked.code == 2
    assert "BUG-" in asked.error["message"]
    assert "FEAT-" in asked.error["message"]


def test_the_log_is_gapless_and_tells_who_did_what(notes: houses.House) -> None:
    notes.tickety(houses.SENTENCE, "--yes", "--json")

    log = notes.tickety("log", "1", "--json").lines

    assert [event["n"] for event in log] == list(range(1, len(log) + 1))
    assert log[0]["type"] == "ticket.opened"
    assert log[0]["by"] == "user:ada"
    assert log[-1]["type"] == "ticket.closed"
    assert log[-1]["by"] == "agent:PM"


def test_a_live_run_prints_each_stored_event_once_and_the_result_last(notes: houses.House) -> None:
    ended = notes.tickety(houses.SENTENCE, "--yes", "--json")

    told = [line for line in ended.lines if line["type"] not in {"notice", "result"}]
    stored = notes.tickety("log", "1", "--json").lines
    assert told == stored
    assert ended.ticket["version"] == len(stored)


def test_nothing_but_data_is_on_standard_output(notes: houses.House) -> None:
    ended = notes.tickety(houses.SENTENCE, "--json")

    assert ended.code == 5
    assert [json.loads(line)["type"] for line in ended.out.splitlines()] == ["ticket.opened", "result"]
    assert ended.error == {
        "kind": "waits",
        "message": "this repository's commands are not trusted; nothing was run",
        "hint": "a person can run: tickety trust",
        "exit_code": 5,
    }


@pytest.mark.slow
def test_run_without_anything_ready_does_nothing(notes: houses.House) -> None:
    assert notes.tickety("run").code == 0
    notes.tickety(houses.SENTENCE, "--yes")
    before = notes.tickety("log", "1", "--json").lines

    again = notes.tickety("run", "1", "--json")

    assert again.code == 0
    assert again.ticket["status"] == "closed"
    assert notes.tickety("log", "1", "--json").lines == before


@pytest.mark.slow
def test_run_takes_every_ticket_that_is_ready(notes: houses.House) -> None:
    notes.tickety("new", houses.SENTENCE)
    notes.tickety("new", "notes --version ends with an ImportError")

    ended = notes.tickety("run", "--yes", "--json")

    assert ended.code == 0, ended.err
    results = [line["ticket"]["resolution"] for line in ended.lines if line["type"] == "result"]
    assert results == ["fixed", "fixed"]


@pytest.mark.slow
def test_retry_of_a_closed_ticket_is_refused(notes: houses.House) -> None:
    notes.tickety(houses.SENTENCE, "--yes")

    assert notes.tickety("retry", "1", "--json").code == 4
    assert notes.tickety("retry", "1", "--step", "paint", "--json").code in {3, 4}


@pytest.mark.slow
def test_retry_of_an_earlier_step_does_what_came_after_it_again(notes: houses.House) -> None:
    notes.seat("Engineer", "from pathlib import Path\nPath('notes/about.py').write_text('')\n")
    notes.commit({"tickety.toml": (notes.path / "tickety.toml").read_text() + "\n[engine]\nrework = 0\n"})
    blocked = notes.tickety(houses.SENTENCE, "--yes", "--json").ticket

    again = notes.tickety("retry", "1", "--step", "fix", "--json")

    attempts = [(step["name"], step["attempt"], step["state"]) for step in again.ticket["orchestration"]["steps"]]
    assert blocked["status"] == "blocked"
    assert attempts[0] == ("diagnose", 1, "passed")
    assert attempts[1][:2] == ("fix", 2)


def test_diff_of_a_ticket_that_was_not_started_is_refused(notes: houses.House) -> None:
    notes.tickety("new", "It fails")

    refused = notes.tickety("diff", "1", "--json")

    assert refused.code == 4
    assert "tickety run" in refused.error["hint"]


def test_init_writes_what_was_found_and_never_overwrites(notes: houses.House) -> None:
    shown = notes.tickety("init", "--dry-run", "--json").data
    assert not (notes.path / "tickety.toml").exists()

    written = notes.tickety("init", "--json").data
    (notes.path / "tickety.toml").write_text("# mine\n")
    again = notes.tickety("init", "--json").data

    assert shown["written"] == []
    assert sorted(written["written"]) == [".tickety/README.md", "tickety.toml"]
    assert '["make", "test"]' in written["files"]["tickety.toml"]
    assert again["written"] == []
    assert (notes.path / "tickety.toml").read_text() == "# mine\n"


@pytest.mark.slow
def test_what_init_writes_is_read_back_and_works(notes: houses.House) -> None:
    notes.tickety("init")
    notes.commit(message="Set Tickety up")

    assert notes.tickety(houses.SENTENCE, "--yes", "--json").ticket["resolution"] == "fixed"


@pytest.mark.slow
def test_bare_tickety_shows_what_needs_a_person(notes: houses.House) -> None:
    notes.seat("Engineer", "raise SystemExit('I give up')\n")
    notes.tickety(houses.SENTENCE, "--yes")
    notes.tickety("new", "Add colours", "--type", "feature")

    seen = notes.tickety("--json").data
    told = notes.tickety()

    assert [row["id"][:4] for row in seen["blocked"]] == ["BUG-"]
    assert [row["id"][:4] for row in seen["open"]] == ["FEAT"]
    assert "I give up" in told.out
    assert "Currently tracking 1 active ticket and 1 blocked; 1 of them needs you." in told.err


def test_who_acts_can_be_said_and_nobody_is_refused(notes: houses.House) -> None:
    assert notes.tickety("new", "It fails", "--as", "user:grace", "--json").data["reporter"] == "user:grace"
    assert notes.tickety("new", "It fails", "--as", "agent:qa", "--json").data["reporter"] == "agent:QA"
    assert notes.tickety("new", "It fails", "--as", "grace", "--json").code == 2
    assert notes.tickety("new", "It fails", "--json", TICKETY_TOKEN="stolen").code == 4  # noqa: S106


@pytest.mark.parametrize("verb", ["new", "list", "show", "log", "run", "retry", "diff", "trust", "init"])
def test_every_verb_explains_itself_with_examples(notes: houses.House, verb: str) -> None:
    told = notes.tickety(verb, "--help")

    assert told.code == 0
    assert f"tickety {verb}" in told.out.split("Examples:")[1]


def test_it_works_from_a_subfolder_and_from_another_worktree(notes: houses.House) -> None:
    notes.tickety("new", "It fails")
    notes.git("worktree", "add", "-q", str(notes.home / "other"))

    assert len(notes.tickety("list", "--json", cwd=notes.path / "notes").data["tickets"]) == 1
    assert len(notes.tickety("list", "--json", cwd=notes.home / "other").data["tickets"]) == 1
