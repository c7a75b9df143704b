"""What every implementation of the runner port promises, on real processes."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tickety import runner
from tickety.core import errors
from tickety.runners import groups, process

Made = Callable[..., runner.Command]


@pytest.fixture
def command(tmp_path: Path) -> Made:
    """A command of this test: Python code, or the words given."""

    def make(*argv: str, code: str = "", timeout: float = 30, **more: object) -> runner.Command:
        words = argv or (sys.executable, "-c", code)
        made = runner.Command(words, tmp_path, {"PATH": os.environ["PATH"]}, tmp_path / "output", timeout)
        return replace(made, **more)  # type: ignore[arg-type]  # the fields of a command

    return make


PROGRAMS: runner.Runner = process.ProcessRunner(patience=0.2)


def run(command: runner.Command) -> runner.Exit:
    return asyncio.run(PROGRAMS.run(command))


def says(command: runner.Command) -> str:
    return command.output.read_text()


def is_running(pid: int) -> bool:
    return groups.identity(pid) is not None and pid in groups.members(os.getpgid(pid))


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something that happens outside of this process."""
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110  # what is waited for happens in another process
            await asyncio.sleep(0)


# ------------------------------------------------------------------------------------------------------------ endings


def test_a_program_runs_to_its_end_and_its_output_is_kept_in_order(command: Made) -> None:
    made = command(code="import sys; print('out', flush=True); print('err', file=sys.stderr, flush=True); print('end')")
    ended = run(made)
    assert (ended.ended, ended.code, ended.reason) == ("exited", 0, "")
    assert 0 < ended.seconds < 20
    assert says(made) == "out\nerr\nend\n"
    assert made.output.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in made.output.parent.iterdir()] == ["output"]


@pytest.mark.parametrize(("code", "exit_code"), [("exit(3)", 3), ("import os; os.kill(os.getpid(), 11)", -11)])
def test_an_exit_code_or_the_signal_that_ended_it_is_told(command: Made, code: str, exit_code: int) -> None:
    ended = run(command(code=code))
    assert (ended.ended, ended.code) == ("exited", exit_code)


def test_it_gets_its_own_environment_folder_session_and_empty_input(command: Made, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    told = (
        "os.environ.keys() - {'LC_CTYPE', 'TICKETY_MARK'}, os.getcwd(), os.getsid(0) == os.getpid(), sys.stdin.read()"
    )
    made = command(code=f"import os, sys; print({told})", env={"ONLY": "1"}, cwd=tmp_path / "here")
    run(made)
    assert says(made) == f"{{'ONLY'}} {tmp_path / 'here'} True \n"


def test_its_input_may_be_a_file(command: Made, tmp_path: Path) -> None:
    (tmp_path / "words").write_text("some words")
    made = command("cat", stdin=tmp_path / "words")
    assert run(made).code == 0
    assert says(made) == "some words"


def test_words_are_never_read_by_a_shell(command: Made) -> None:
    made = command("echo", "$HOME; `id` *", "--", "a\nb")
    run(made)
    assert says(made) == "$HOME; `id` * -- a\nb\n"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("no-such-program",), "not found"),
        (("./plain-file",), "may not be executed"),
        (("./odd-script",), "was not found, or the interpreter"),
        (("./no-program",), "could not be started"),
        (("echo", "x" * 10_000_000), "too many arguments"),
        (("echo", "a\0b"), "cannot be passed on"),
    ],
)
def test_what_cannot_be_started_says_why(command: Made, tmp_path: Path, words: tuple[str, ...], reason: str) -> None:
    (tmp_path / "plain-file").touch(0o644)
    (tmp_path / "odd-script").write_text("#!/no/such/interpreter\n")
    (tmp_path / "odd-script").chmod(0o755)
    (tmp_path / "no-program").write_bytes(b"\x7fELF nonsense")
    (tmp_path / "no-program").chmod(0o755)
    ended = run(command(*words))
    assert (ended.ended, ended.code) == ("not_started", None)
    assert reason in ended.reason


def test_a_folder_or_an_input_that_is_missing_says_so(command: Made, tmp_path: Path) -> None:
    assert "gone does not exist" in run(command("true", cwd=tmp_path / "gone")).reason
    assert "gone does not exist" in run(command("true", stdin=tmp_path / "gone")).reason
    assert run(command("true", argv=())).ended == "not_started"


def test_an_output_that_cannot_be_written_is_an_error_with_a_remedy(command: Made, tmp_path: Path) -> None:
    with pytest.raises(errors.Failed) as caught:
        run(command("true", output=tmp_path / "gone" / "output"))
    assert caught.value.hint


def test_a_full_disk_ends_the_program_and_is_an_error(command: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """With /dev/full in place of the output file: a disk that is full from the first byte on."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    opened = os.open

    def on_full_disk(path: os.PathLike[str] | str, flags: int, mode: int = 0o777) -> int:
        return opened("/dev/full", os.O_RDWR) if Path(path).name == "output" else opened(path, flags, mode)

    monkeypatch.setattr(os, "open", on_full_disk)
    with pytest.raises(errors.Failed, match="No space left"):
        run(command(code="import time; print('x', flush=True); time.sleep(60)"))


def test_a_link_left_at_the_place_of_the_output_is_not_followed(command: Made, tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "output").symlink_to(tmp_path / "victim")
    run(command("echo", "new"))
    assert (tmp_path / "victim").read_text() == "precious"
    assert not (tmp_path / "output").is_symlink()


# ------------------------------------------------------------------------------------------------------------- output


def test_a_long_output_keeps_its_beginning_and_its_end(command: Made) -> None:
    made = command(code="for n in range(200_000): print('line', n)", output_limit=512 * 1024)
    assert run(made).code == 0
    text = says(made)
    whole = sum(len(f"line {n}\n") for n in range(200_000))
    before, notice, after = text.partition("\n[")
    assert len(text) <= 512 * 1024
    assert text.startswith("line 0\nline 1\n")
    assert len(before) == 64 * 1024
    assert after.endswith("line 199998\nline 199999\n")
    cut, _, end = after.partition(" bytes of output were cut out here]\n")
    assert notice
    assert len(before) + int(cut) + len(end) == whole
    assert end.startswith("line ")


@pytest.mark.parametrize("size", [0, 1, 999, 1000, 1001, 1999, 2001, 50_000])
def test_an_output_never_passes_its_limit(command: Made, size: int) -> None:
    made = command(code=f"import sys; sys.stdout.write('x' * {size})", output_limit=1000)
    run(made)
    assert len(says(made)) == size if size <= 1000 else 900 < len(says(made)) <= 1000


def test_bytes_that_are_no_text_are_kept_as_they_are(command: Made) -> None:
    made = command(code="import sys; sys.stdout.buffer.write(bytes(range(256)))")
    run(made)
    assert made.output.read_bytes() == bytes(range(256))


def test_output_can_be_followed_while_the_program_runs(command: Made, tmp_path: Path) -> None:
    made = command(code="import os; print('first', flush=True)\nwhile not os.path.exists('go'): pass")

    async def follow() -> runner.Exit:
        running = asyncio.ensure_future(PROGRAMS.run(made))
        await until(lambda: made.output.exists() and "first" in says(made))
        (tmp_path / "go").touch()
        return await running

    assert asyncio.run(follow()).code == 0


# ------------------------------------------------------------------------------------------------- nothing left behind

WAITS = "sleep 300 & echo $!; wait"
STUBBORN = f"trap '' TERM; {WAITS}"
LEAVES = """
import subprocess, sys
print(subprocess.Popen(["sleep", "300"]{0}).pid, flush=True)
"""


@pytest.mark.parametrize("words", [WAITS, STUBBORN])
def test_at_the_time_limit_the_whole_group_is_ended_be_it_by_force(command: Made, words: str) -> None:
    made = command("sh", "-c", words, timeout=0.5)
    ended = run(made)
    assert (ended.ended, ended.code, ended.reason) == ("timed_out", None, "still running after 0.5 s")
    assert not is_running(int(says(made)))


def test_a_program_may_tidy_up_when_its_time_is_up(command: Made) -> None:
    made = command("sh", "-c", "trap 'echo tidied; exit' TERM; sleep 300 & wait", timeout=2.0)
    assert run(made).ended == "timed_out"
    assert says(made) == "tidied\n"


@pytest.mark.parametrize("more", ["", ", stdout=2", ", process_group=0"])
def test_what_a_program_left_running_is_ended_and_does_not_hold_it_up(command: Made, more: str) -> None:
    """A grandchild that still holds the output, or made itself a group of its own in the session."""
    made = command(code=LEAVES.format(more))
    ended = run(made)
    assert (ended.ended, ended.code) == ("exited", 0)
    assert ended.seconds < 20
    assert not is_running(int(says(made)))


def test_a_daemon_that_left_the_session_and_its_mark_and_holds_the_output_does_not_hang_it(command: Made) -> None:
    made = command(code=LEAVES.format(", start_new_session=True, env={}"))
    try:
        assert run(made).code == 0
    finally:
        os.kill(int(says(made)), signal.SIGKILL)


# Tells its own number and that of a daemon, which forked twice into a session of its own; neither goes willingly.
DAEMON = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
reading, writing = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(writing, str(os.getpid()).encode())
        time.sleep(300)
    os._exit(0)
os.wait()
print(os.getpid(), os.read(reading, 100).decode(), flush=True)
"""


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only there can it be seen who a daemon belongs to")
def test_a_daemon_that_left_the_session_is_ended_with_the_program(command: Made) -> None:
    made = command(code=DAEMON)
    assert run(made).code == 0
    assert [is_running(int(number)) for number in says(made).split()] == [False, False]


@pytest.mark.slow
@pytest.mark.parametrize("words", ["import time; time.sleep(300)", "while True: print('at work', flush=True)"])
def test_what_does_not_want_to_go_is_gone_five_seconds_after_it_was_cancelled(command: Made, words: str) -> None:
    """With the patience that everybody has: two seconds of it are given to the program."""
    made = command(code=f"{DAEMON}{words}")
    expected = 2 if Path("/proc/self/environ").exists() else 1

    async def cancel() -> float:
        running = asyncio.ensure_future(process.ProcessRunner().run(made))
        await until(lambda: made.output.exists() and says(made).count("\n") > 0)
        began = time.monotonic()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        return time.monotonic() - began

    assert asyncio.run(cancel()) < 5
    numbers = says(made).split("\n")[0].split()
    assert [is_running(int(number)) for number in numbers][:expected] == [False] * expected


def test_a_program_that_was_stopped_is_ended_all_the_same(command: Made) -> None:
    made = command(code="import os, signal; print(os.getpid(), flush=True); os.kill(0, signal.SIGSTOP)", timeout=0.5)
    assert run(made).ended == "timed_out"
    assert not is_running(int(says(made)))


def test_a_program_that_says_nothing_for_too_long_is_ended(command: Made) -> None:
    made = command("sh", "-c", f"echo one; {STUBBORN}", stall=0.5)
    ended = run(made)
    assert (ended.ended, ended.code, ended.reason) == ("stalled", None, "without a word for 0.5 s")
    assert says(made).startswith("one\n")
    assert not is_running(int(says(made).split()[1]))


@pytest.mark.slow
def test_a_program_that_goes_on_speaking_is_only_ended_by_its_time_limit(command: Made) -> None:
    made = command("sh", "-c", "while true; do echo on; sleep 0.05; done", timeout=2, stall=1.2)
    ended = run(made)
    assert (ended.ended, ended.reason) == ("timed_out", "still running after 2 s")


def test_a_silent_program_that_ends_in_time_is_not_stalled(command: Made) -> None:
    assert run(command("true", stall=20)).ended == "exited"


@pytest.mark.parametrize("times", [1, 3])
def test_when_cancelled_the_whole_group_is_dead_before_the_cancellation_goes_on(command: Made, times: int) -> None:
    made = command("sh", "-c", STUBBORN)

    async def cancel() -> bool:
        running = asyncio.ensure_future(PROGRAMS.run(made))
        await until(lambda: made.output.exists() and says(made).endswith("\n"))
        for _ in range(times):
            running.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await running
        return is_running(int(says(made)))

    assert asyncio.run(cancel()) is False
    assert [file.name for file in made.output.parent.iterdir()] == ["output"]


def test_cancelled_before_it_began_nothing_runs(command: Made, tmp_path: Path) -> None:
    made = command(code="open('ran', 'w').close(); import time; time.sleep(300)")

    async def cancel() -> None:
        running = asyncio.ensure_future(PROGRAMS.run(made))
        await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(cancel())
    assert not (tmp_path / "output.process").exists()


def test_many_run_side_by_side(command: Made, tmp_path: Path) -> None:
    async def many() -> list[runner.Exit]:
        runs = (command("sleep", "0.2", output=tmp_path / str(number)) for number in range(30))
        return await asyncio.gather(*map(PROGRAMS.run, runs))

    ended = asyncio.run(many())
    assert {each.code for each in ended} == {0}
