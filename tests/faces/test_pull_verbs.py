"""``claim``, ``renew``, ``report`` and ``release`` as agents use them, and as they slip."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.faces import calling
from tests.stories import house as houses
from tickety.cli import main
from tickety.core import report_form

PASSED = ("--status", "passed", "--summary", "done")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> calling.Call:
    """``tickety`` in this process, in the example project, which is trusted and has one ticket."""
    house = houses.notes(tmp_path)
    for name in ("NO_COLOR", "TICKETY_TOKEN", "CLAUDECODE", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**house.environment, "USER": "ada"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(house.path)

    def tickety(*words: str, stdin: bytes = b"") -> calling.Told:
        monkeypatch.setattr("sys.argv", ["tickety", *words])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            main.main()
        told = capsys.readouterr()
        return calling.Told(int(ended.value.code or 0), told.out, told.err)

    tickety("trust", "--yes")
    tickety("new", houses.SENTENCE)
    return tickety


@pytest.fixture
def claimed(here: calling.Call) -> dict[str, Any]:
    """What the agent was told that took the first step."""
    taken: dict[str, Any] = here("claim", "--next", "--json").data
    return taken


def state(here: calling.Call, name: str = "diagnose") -> tuple[str, int]:
    steps = here("show", "1", "--json").data["orchestration"]["steps"]
    return next((step["state"], step["attempt"]) for step in steps if step["name"] == name)


# Claiming.


def test_a_claim_tells_all_that_is_needed_to_work(here: calling.Call) -> None:
    taken = here("claim", "1/diagnose", "--as", "research", "--json").data

    assert (taken["step"], taken["attempt"], taken["agent"]) == ("diagnose", 1, "Research Agent")
    assert (Path(taken["worktree"]) / "notes" / "cli.py").is_file()
    prompt = Path(taken["prompt"]).read_text()
    assert "tickety report --file -" in prompt
    assert "TICKETY_REPORT names" not in prompt
    assert json.loads(Path(taken["ticket_path"]).read_text())["id"] == taken["ticket"]
    assert taken["token"].startswith(f"{taken['ticket']}/diagnose/1/")


def test_people_are_told_the_same(here: calling.Call) -> None:
    told = here("claim", "1")

    assert "/diagnose is yours, attempt 1, as the Research Agent." in told.out
    assert "export TICKETY_TOKEN=BUG-" in told.out


def test_the_store_keeps_no_token(here: calling.Call, claimed: dict[str, Any]) -> None:
    secret = claimed["token"].rpartition("/")[2].encode()

    kept = [path.read_bytes() for path in Path(".git/tickety").rglob("*") if path.is_file()]
    assert kept
    assert not any(secret in content for content in kept)
    assert secret.decode() not in here("show", "1", "--json").out + here("log", "1", "--json").out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("claim",), 2, "say which step"),
        (("claim", "1", "--next"), 2, "say which step"),
        (("claim", "../../etc/passwd"), 2, "'..' is not a ticket's id"),
        (("claim", "1/../diagnose"), 3, "has no step '../diagnose'"),
        (("claim", "1/"), 3, "has no step ''"),
        (("claim", "99"), 3, "99"),
        (("claim", "1/nothing"), 3, "has no step 'nothing'"),
        (("claim", "--next", "--as", "agent:Wizard"), 2, "there is no role"),
        (("claim", "--next", "--as", "qa"), 3, "no step for the QA Agent is ready"),
        (("claim", "1/fix"), 4, "/fix is not ready: it is pending"),
        (("claim", "1/diagnose", "--as", "agent:QA"), 4, "/diagnose is for the Research Agent"),
        (("claim", "1", "--as", "qa"), 4, "no step for the QA Agent of BUG-"),
        (("claim", "1", "--lease", "soon"), 2, "'soon' is not a length of time"),
        (("claim", "1", "--lease", "0s"), 2, "a lease lasts some seconds"),
        (("claim", "1", "--lease", "9 weeks"), 2, "a week at the most"),
    ],
)
def test_what_cannot_be_claimed_says_why(here: calling.Call, words: tuple[str, ...], code: int, said: str) -> None:
    refused = here(*words)

    assert (refused.code, said in refused.err) == (code, True), refused.err
    assert state(here) == ("ready", 0)


def test_a_step_that_somebody_holds_is_not_given_twice(here: calling.Call, claimed: dict[str, Any]) -> None:
    refused = here("claim", "1/diagnose")

    assert (refused.code, "is held by pull/Research/user:ada/" in refused.err) == (4, True)
    assert here("claim", "--next").code == 3
    assert state(here) == ("running", claimed["attempt"])


def test_what_needs_a_person_first_is_not_handed_out(tmp_path: Path) -> None:
    house = houses.empty(tmp_path)
    house.commit({"app.py": "print(1)\n"})
    house.tickety("trust", "--yes")
    house.tickety("new", "app.py --version fails", "--type", "bug")

    waits = house.tickety("claim", "--next", "--json")

    assert waits.code == 5
    assert "no command is known that verifies this project" in waits.error["message"]
    assert "no command is known" in house.tickety("show", "1", "--json").data["waiting_for"]


def test_nothing_is_handed_out_of_a_repository_that_nobody_trusts(notes: houses.House) -> None:
    notes.tickety("new", houses.SENTENCE)

    assert notes.tickety("claim", "--next").code == 5
    assert notes.tickety("show", "1", "--json").data["status"] == "open"


# Renewing and giving back.


def test_a_renewed_claim_lasts_from_now_on(here: calling.Call, claimed: dict[str, Any]) -> None:
    renewed = here("renew", "--token", claimed["token"], "--lease", "2h", "--json").data

    assert renewed["lease_until"] > claimed["lease_until"]
    assert "until" in here("renew", f"{claimed['ticket']}/diagnose", "--token", claimed["token"]).out


def test_a_step_that_is_given_back_is_ready_and_its_token_worth_nothing(
    here: calling.Call, claimed: dict[str, Any]
) -> None:
    released = here("release", "--token", claimed["token"], "--because", "too hard", "--json").data

    assert (released["state"], released["attempt"]) == ("ready", 1)
    assert "too hard" in here("log", "1", "--json").out
    for verb in ("release", "renew"):
        assert here(verb, "--token", claimed["token"]).code == 4
    assert here("claim", "1", "--json").data["attempt"] == 2


# Reporting.


def test_a_report_moves_the_ticket_on(here: calling.Call, claimed: dict[str, Any]) -> None:
    more = ("--signal", "security_issue", "--output", "file=cli.py", "--output", "line=a=b")
    told = here("report", *PASSED, *more, "--token", claimed["token"], "--json").data

    assert (told["said"], told["result"], told["status"]) == ("passed", "passed", "in_progress")
    (update,) = here("show", "1", "--json").data["agent_updates"]
    assert (update["signals"], update["outputs"]) == (["security_issue"], {"file": "cli.py", "line": "a=b"})
    assert update["usage"]["tokens"] is None
    assert update["usage"]["seconds"] >= 0
    assert {receipt["phase"] for receipt in update["receipts"]} == {"before"}


def test_a_report_may_come_from_a_pipe_or_a_file(here: calling.Call, claimed: dict[str, Any], tmp_path: Path) -> None:
    form = {"status": "needs_human", "summary": "two files", "question": "Which one?"}
    (tmp_path / "report.json").write_text(json.dumps(form))
    asked = here("report", "--file", str(tmp_path / "report.json"), "--token", claimed["token"], "--json")

    assert (asked.code, asked.data["result"]) == (0, "needs_human")
    assert "Which one?" in asked.data["waiting_for"]


def test_a_failed_step_blocks_its_ticket(here: calling.Call, claimed: dict[str, Any]) -> None:
    form = json.dumps({"status": "failed", "summary": "no", "error": "no such file"}).encode()
    told = here("report", "--file", "-", "--token", claimed["token"], "--json", stdin=form)

    assert (told.code, told.data["status"]) == (0, "blocked")
    assert here("show", "1", "--json").data["blocker"] == "Research Agent reported: no such file"


def test_done_with_nothing_changed_is_not_done(here: calling.Call, claimed: dict[str, Any]) -> None:
    here("report", *PASSED, "--token", claimed["token"])
    token = here("claim", "1/fix", "--json").data["token"]

    told = here("report", *PASSED, "--token", token, "--json")

    assert (told.code, told.data["said"], told.data["result"]) == (1, "passed", "failed")
    assert "nothing has changed" in told.data["details"]


def test_a_step_that_verifies_passes_on_what_tickety_sees_and_not_on_the_words(
    here: calling.Call, claimed: dict[str, Any]
) -> None:
    here("report", *PASSED, "--token", claimed["token"])
    fix = here("claim", "1/fix", "--json").data
    (Path(fix["worktree"]) / "CHANGES.md").write_text("nothing much\n")
    here("report", *PASSED, "--token", fix["token"])
    token = here("claim", "1/test", "--as", "agent:QA", "--json").data["token"]

    told = here("report", *PASSED, "--token", token, "--json")

    assert (told.code, told.data["result"]) == (1, "failed")
    assert here("show", "1", "--json").data["status"] != "closed"


@pytest.mark.parametrize(
    ("words", "stdin", "code", "said"),
    [
        (("--status", "perfect"), b"", 2, "perfect"),
        ((), b"", 2, "how did it end?"),
        (("--file", "-"), b"", 2, "not JSON"),
        (("--file", "-"), b"{", 2, "not JSON"),
        (("--file", "-"), b"[1]", 2, "no JSON object"),
        (("--file", "-"), b'{"status": "perfect"}', 2, "its status is none of"),
        (("--file", "-"), b'"' + b"x" * report_form.LIMIT + b'"', 2, "larger than"),
        (("--file", "-"), b'{"status": "passed", "outputs": {"a": "' + b"x" * 300_000 + b'"}}', 2, "are the most"),
        (("--file", "-"), b'{"status": "passed", "summary": 7}', 2, "summary is no text"),
        (("--file", "nowhere.json"), b"", 2, "cannot be read"),
        (("--file", "a\0b"), b"", 2, "cannot be read"),
        (("--file", "-", *PASSED), b'{"status": "passed"}', 2, "the whole report"),
        ((*PASSED, "--signal", "Not A Signal"), b"", 2, "is no signal"),
        ((*PASSED, "--output", "alone"), b"", 2, "a name and a value"),
        ((*PASSED, "--as", "agent:QA"), b"", 4, "the token is the Research Agent's"),
        ((*PASSED, "--as", "wizard"), b"", 2, "there is no role"),
        (("99/diagnose", *PASSED), b"", 3, "99"),
        (("1/fix", *PASSED), b"", 4, "the token is not that of 1/fix"),
        (("../../etc/passwd", *PASSED), b"", 2, "is not a ticket's id"),
    ],
)
def test_a_report_that_cannot_be_taken_changes_nothing(  # noqa: PLR0913, PLR0917 - a row of the table
    here: calling.Call, claimed: dict[str, Any], words: tuple[str, ...], stdin: bytes, code: int, said: str
) -> None:
    before = here("log", "1").out
    refused = here("report", *words, "--token", claimed["token"], stdin=stdin)

    assert (refused.code, said in refused.err) == (code, True), refused.err
    assert here("log", "1").out == before
    assert state(here) == ("running", 1)


@pytest.mark.parametrize("verb", ["report", "renew", "release"])
def test_a_token_that_is_not_right_opens_nothing(here: calling.Call, claimed: dict[str, Any], verb: str) -> None:
    named, _, secret = claimed["token"].rpartition("/")
    words = PASSED if verb == "report" else ()
    wrong = {
        "no token": None,
        "another secret": f"{named}/{'0' * len(secret)}",
        "another attempt": f"{named.removesuffix('1')}2/{secret}",
        "another step": f"{claimed['ticket']}/fix/1/{secret}",
        "another ticket": f"BUG-2020-999/diagnose/1/{secret}",
        "a path": f"../../{secret}",
        "nonsense": "\N{SNOWMAN} /// ",
    }
    ended = {kind: here(verb, *words, *(("--token", token) if token else ())).code for kind, token in wrong.items()}

    assert ended == {**dict.fromkeys(wrong, 4), "no token": 2}
    assert state(here) == ("running", 1)


def test_the_secret_alone_is_a_token_too(here: calling.Call, claimed: dict[str, Any]) -> None:
    assert here("report", *PASSED, "--token", claimed["token"].rpartition("/")[2]).code == 0


def test_a_report_is_taken_once(here: calling.Call, claimed: dict[str, Any]) -> None:
    here("report", *PASSED, "--token", claimed["token"])
    before = here("log", "1").out

    again = here("report", *PASSED, "--token", claimed["token"])

    assert (again.code, "diagnose is passed" in again.err, "nothing was changed" in again.err) == (4, True, True)
    assert here("log", "1").out == before


def test_signals_that_are_words_for_people_are_dropped_from_a_file(here: calling.Call, claimed: dict[str, Any]) -> None:
    form = json.dumps({"status": "passed", "summary": "ok", "signals": ["security_issue", "Look here!", 7]}).encode()
    here("report", "--file", "-", "--token", claimed["token"], stdin=form)

    (update,) = here("show", "1", "--json").data["agent_updates"]
    assert update["signals"] == ["security_issue"]
    assert "(not taken as signals: 'Look here!', 7)" in update["details"]


def test_a_ticket_that_was_cancelled_meanwhile_takes_no_report(here: calling.Call, claimed: dict[str, Any]) -> None:
    here("cancel", "1")

    late = here("report", *PASSED, "--token", claimed["token"])

    assert (late.code, "is closed" in late.err) == (4, True)


def test_a_ticket_that_was_closed_meanwhile_takes_no_report(here: calling.Call, claimed: dict[str, Any]) -> None:
    here("close", "1", "--resolution", "wont_fix")

    assert here("report", *PASSED, "--token", claimed["token"]).code == 4
    assert here("renew", "--token", claimed["token"]).code == 4


# What waits for a role.


def test_next_shows_the_steps_of_a_role(here: calling.Call) -> None:
    assert "claim" in here("next", "--as", "research").out
    assert "nothing is ready for the QA Agent" in here("next", "--as", "agent:QA").err
    (step,) = here("next", "--as", "research", "--json").data["steps"]
    assert (step["do"], step["step"], step["state"]) == ("claim", "diagnose", "ready")
    assert here("next", "type:bug", "--as", "qa").code == 2
    assert here("next", "--as", "wizard").code == 2
