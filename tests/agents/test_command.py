"""Any command as an agent, with real scripts: what each kind of ending comes to."""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.agents import workshop
from tickety import agent
from tickety.agents import command
from tickety.core import report
from tickety.runners import groups, process

BEGIN = """
import json, os, signal, subprocess, sys, time
from pathlib import Path
path = Path(os.environ["REPORT"])
def report(**said):
    path.write_text(json.dumps(said))
def wait():
    time.sleep(300)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[workshop.Workshop]:
    made = workshop.open_workshop(tmp_path, {"app.py": "1\n"})
    (made.run_folder / "prompt.md").write_text("the prompt")
    yield made
    for note in made.run_folder.glob("*.pid"):
        assert not groups.is_alive(int(note.read_text()))


def run(shop: workshop.Workshop, code: str, *, timeout: float = 30, stall: float | None = None) -> agent.Ending:
    return asyncio.run(work(shop, (sys.executable, "-c", BEGIN + code), timeout, stall))


async def work(shop: workshop.Workshop, argv: tuple[str, ...], timeout: float, stall: float | None) -> agent.Ending:  # noqa: ASYNC109  # it is the agent's
    environment = {"PATH": os.environ["PATH"], "REPORT": str(shop.run_folder / "report.json")}
    assignment = replace(shop.assignment(), environment=environment, timeout=timeout, stall=stall)
    return await command.CommandAgent(argv, process.ProcessRunner(patience=0.2)).work(assignment)


def broke(ending: agent.Ending) -> tuple[str, str]:
    assert isinstance(ending, agent.Broke), ending
    return ending.kind, ending.reason


def reported(ending: agent.Ending) -> report.Report:
    assert isinstance(ending, report.Report), ending
    return ending


# --------------------------------------------------------------------------------------------------- what it can say


def test_a_report_is_what_the_agent_says(shop: workshop.Workshop) -> None:
    said = reported(
        run(shop, 'report(status="failed", summary="tried", error="no", steps=[{"name": "more"}]); exit(9)')
    )
    assert (said.status, said.summary, said.error) == (report.Status.FAILED, "tried", "no")
    assert said.steps == ({"name": "more"},)


def test_it_reads_the_prompt_and_works_in_its_place(shop: workshop.Workshop) -> None:
    code = 'Path("made").write_text("x"); report(status="passed", summary=sys.stdin.read())'
    assert reported(run(shop, code)).summary == "the prompt"
    assert shop.changed() == ["made"]


def test_of_two_reports_the_last_one_counts_however_it_was_written(shop: workshop.Workshop) -> None:
    twice = 'report(status="failed", summary="one"); report(status="passed", summary="two")'
    assert reported(run(shop, twice)).summary == "two"
    at_once = 'new = path.with_name("new"); path.rename(new); report(status="passed"); path.unlink(); new.rename(path)'
    assert reported(run(shop, f'report(status="failed", summary="three")\n{at_once}')).summary == "three"


def test_without_a_report_the_exit_code_speaks_and_the_last_lines_are_the_words(shop: workshop.Workshop) -> None:
    passed = reported(run(shop, 'for n in range(9): print("line", n)'))
    assert (passed.status, passed.summary) == (report.Status.PASSED, "\n".join(f"line {n}" for n in range(4, 9)))
    failed = reported(run(shop, 'print("it is wrong"); exit(3)'))
    assert failed.status is report.Status.FAILED
    assert str(failed.error).endswith("ended with exit code 3: it is wrong")
    assert str(reported(run(shop, "exit(1)")).error).endswith("ended with exit code 1")


@pytest.mark.parametrize(
    ("code", "until"),
    [
        ("print('all busy'); exit(75)", None),
        ("report(status='limited', summary='all busy', until='2026-11-22T12:00:00+01:00')", "2026-11-22T11:00:00Z"),
        ("report(status='limited', summary='all busy'); exit(1)", None),
    ],
)
def test_an_agent_that_is_limited_did_not_fail(shop: workshop.Workshop, code: str, until: str | None) -> None:
    assert run(shop, code) == agent.Limited("all busy", until)


def test_an_agent_that_is_not_let_in_did_not_fail(shop: workshop.Workshop) -> None:
    assert run(shop, "print('noise'); print('please log in: agent login'); exit(77)") == agent.NotLoggedIn(
        "please log in: agent login"
    )
    assert isinstance(run(shop, "exit(77)"), agent.NotLoggedIn)
    assert isinstance(run(shop, "exit(75)"), agent.Limited)


def test_a_report_counts_more_than_an_exit_code(shop: workshop.Workshop) -> None:
    for code in (75, 77, 137):
        assert reported(run(shop, f'report(status="passed", summary="done"); exit({code})')).summary == "done"


# ------------------------------------------------------------------------------------------------------ how it breaks


@pytest.mark.parametrize("words", ["wait()", "signal.signal(signal.SIGTERM, signal.SIG_IGN); wait()"])
def test_an_agent_that_hangs_silently_is_stalled(shop: workshop.Workshop, words: str) -> None:
    kind, why = broke(run(shop, f"print('at work', flush=True); report(status='passed')\n{words}", stall=0.5))
    assert kind == "stalled"
    assert "without a word for 0.5 s" in why


@pytest.mark.slow
def test_an_agent_that_hangs_while_it_speaks_is_timed_out(shop: workshop.Workshop) -> None:
    argv = ("sh", "-c", "while true; do echo still here; sleep 0.05; done")
    kind, why = broke(asyncio.run(work(shop, argv, timeout=2, stall=1.2)))
    assert kind == "timed_out"
    assert "still running after 2 s" in why


@pytest.mark.slow
def test_an_agent_that_floods_us_is_timed_out_and_its_output_is_bounded(shop: workshop.Workshop) -> None:
    assert broke(run(shop, "while True: print('x' * 4096)", timeout=2))[0] == "timed_out"
    assert (shop.run_folder / "output.txt").stat().st_size <= 8 * 1024 * 1024


@pytest.mark.parametrize("signal", ["SIGSEGV", "SIGKILL", "SIGABRT"])
def test_an_agent_that_a_signal_ended_crashed_whatever_it_reported(shop: workshop.Workshop, signal: str) -> None:
    kind, why = broke(run(shop, f"report(status='passed'); os.kill(os.getpid(), signal.{signal})"))
    assert kind == "crashed"
    assert signal in why


def test_an_agent_that_crashed_in_its_wrapper_crashed(shop: workshop.Workshop) -> None:
    argv = ("sh", "-c", "sh -c 'kill -SEGV $$'; exit $?")
    assert broke(asyncio.run(work(shop, argv, 30, None))) == ("crashed", "sh was ended by signal 11 (SIGSEGV)")
    assert broke(run(shop, "exit(128 + 32 - 1)"))[0] == "crashed"
    assert reported(run(shop, "exit(255)")).status is report.Status.FAILED


def test_a_program_that_is_not_there_crashed(shop: workshop.Workshop) -> None:
    kind, why = broke(asyncio.run(work(shop, ("no-such-agent",), 30, None)))
    assert (kind, why) == (
        "crashed",
        "no-such-agent cannot be started: no-such-agent was not found, or the interpreter it names was not",
    )


def test_nothing_of_an_agent_stays_behind(shop: workshop.Workshop) -> None:
    """Children that ignore to be asked, in its group and out of it; the fixture sees that they are gone."""
    child = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(int(sys.argv[1]), b"ready")
time.sleep(300)
"""
    code = f"""
folder = path.parent
for number, more in enumerate(({{}}, {{"process_group": 0}}, {{"start_new_session": True}})):
    reading, writing = os.pipe()
    started = subprocess.Popen([sys.executable, "-c", {child!r}, str(writing)], pass_fds=[writing], **more)
    os.read(reading, 5)
    (folder / f"{{number}}.pid").write_text(str(started.pid))
report(status="passed", summary="done")
"""
    assert reported(run(shop, code)).summary == "done"
    assert len(list(shop.run_folder.glob("*.pid"))) == 3


def test_a_cancelled_agent_is_gone_in_under_five_seconds(shop: workshop.Workshop) -> None:
    code = (
        BEGIN
        + "signal.signal(signal.SIGTERM, signal.SIG_IGN); (path.parent / '0.pid').write_text(str(os.getpid())); wait()"
    )

    async def cancel() -> float:
        working = asyncio.ensure_future(work(shop, (sys.executable, "-c", code), 60, None))
        async with asyncio.timeout(20):
            while not list(shop.run_folder.glob("*.pid")):  # noqa: ASYNC110  # what is waited for happens elsewhere
                await asyncio.sleep(0)
        began = time.monotonic()
        working.cancel()
        await asyncio.wait({working})
        assert working.cancelled()
        return time.monotonic() - began

    assert asyncio.run(cancel()) < 5


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("path.write_text('{\"status\": ')", "not JSON"),
        ("path.write_text('passed')", "not JSON"),
        ("path.write_text('')", "not JSON"),
        ('path.write_bytes(b\'{"status": "\\xff"}\')', "not JSON"),
        ('path.write_text(\'{"status": "passed", "outputs": {"a": NaN}}\')', "NaN"),
        ('path.write_text(\'{"status": "passed", "outputs": \' + \'[\' * 100_000)', "nested"),
        ("path.write_text('x' * 10_000_000)", "larger than 1,048,576 bytes"),
        ("report(status='triumph')", "status is none of"),
        ("report(status='passed', outputs={'a': 'x' * 300_000})", "bytes of JSON"),
        ("report(status='passed', steps=[{}] * 21)", "21 steps"),
        ("path.symlink_to(os.environ['REPORT'] + '.other'); report(status='passed')", "cannot be read"),
        ("path.symlink_to('/nowhere')", "cannot be read"),
        ("path.mkdir()", "no plain file"),
        ("os.mkfifo(path)", "no plain file"),
    ],
)
def test_a_report_that_is_not_as_agreed_is_malformed(shop: workshop.Workshop, code: str, why: str) -> None:
    kind, reason = broke(run(shop, code))
    assert kind == "malformed"
    assert reason.startswith("its report ")
    assert why in reason


def test_a_pipe_as_a_report_that_somebody_holds_open_is_not_waited_for(shop: workshop.Workshop) -> None:
    holds = "import sys; open(sys.argv[1], 'r+'); input()"
    code = f"os.mkfifo(path); subprocess.Popen([sys.executable, '-c', {holds!r}, str(path)])"
    assert broke(run(shop, code))[0] == "malformed"


def test_signals_that_nobody_can_know_are_dropped_and_it_is_said(shop: workshop.Workshop) -> None:
    said = reported(
        run(shop, "report(status='passed', summary='done', signals=['security_issue', 'Not One', 1, '\\x07'])")
    )
    assert said.signals == ("security_issue",)
    assert "not taken as signals: 'Not One', 1" in said.summary


@pytest.mark.parametrize(
    ("argv", "name"),
    [
        (("/usr/bin/my-agent", "-x"), "my-agent"),
        (("python3.11", "tools/agent.py"), "agent.py"),
        (("python3", "-m", "agent"), "python3"),
    ],
)
def test_an_agent_is_called_by_its_program(argv: tuple[str, ...], name: str) -> None:
    assert command.CommandAgent(argv, process.ProcessRunner()).name == name
