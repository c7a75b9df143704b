"""A job in each scheduler's words. Where systemd is there, systemd itself says what it understood."""

import os
import plistlib
import shlex
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import errors, timer

NAME = "tickety-notes-0123456789ab"
PLAIN = timer.Job(NAME, ("/usr/bin/python3", "-P", "-m", "tickety", "run"), "/home/ada/notes", (("PATH", "/usr/bin"),))
PATHS = (
    "/home/ada/notes", "/home/ada/my notes", "/srv/%h 100%/x", "/srv/\"quoted\" and 'quoted'", "/srv/$HOME ${HOME} $$",
    "/srv/back\\slash\\n", "/srv/a;b & c | d # e", "/srv/-n", "/srv/ä ✓", "/srv/~user *?[x]", "/srv/`id` $(id)",
    "/srv/@x:+!-y", "/srv/a=b",
)  # fmt: skip


def test_the_files_of_systemd_read_as_somebody_would_write_them() -> None:
    files = timer.units(PLAIN)

    assert list(files) == [f"{NAME}.service", f"{NAME}.timer"]
    assert 'ExecStart=:"/usr/bin/python3" "-P" "-m" "tickety" "run"\n' in files[f"{NAME}.service"]
    assert "WorkingDirectory=/home/ada/notes\n" in files[f"{NAME}.service"]
    assert "OnCalendar=*:0/5\nPersistent=true\n" in files[f"{NAME}.timer"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_understands_every_path_as_it_is(tmp_path: Path) -> None:
    jobs = [job_at(tmp_path / str(number) / path.lstrip("/"), path) for number, path in enumerate(PATHS)]

    understood = judged(
        [timer.units(replace(wanted, name=f"t{number}")) for number, wanted in enumerate(jobs)], tmp_path
    )

    commands = [said(line) for line in understood if line.startswith("Command Line: ")]
    for path, wanted in zip(PATHS, jobs, strict=True):
        assert f"WorkingDirectory: {wanted.folder}" in understood
        assert f"ConditionPathIsDirectory: {wanted.folder} untested" in understood
        assert {f"Environment: PATH={path}", f"Environment: XDG_STATE_HOME={path} x"} <= understood
        start = ["/usr/bin/env"] if {'"', "'", "\\"} & {*path} else []
        assert [*start, *wanted.argv] in commands


def job_at(folder: Path, path: str) -> timer.Job:
    """A job in whose every part the path stands; its program and its folder are there."""
    folder.mkdir(parents=True)
    program = folder / "python"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return timer.Job(NAME, (str(program), "-P", path), str(folder), (("PATH", path), ("XDG_STATE_HOME", f"{path} x")))


def judged(jobs: list[dict[str, str]], folder: Path) -> set[str]:
    """What systemd says that it understood, line by line."""
    units = folder / "units"
    units.mkdir()
    for name, words in (entry for files in jobs for entry in files.items()):
        (units / name).write_text(words)
    ended = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(path) for path in units.iterdir())],
        capture_output=True,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "debug", "SYSTEMD_LOG_TARGET": "console"},
        check=False,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return {line.strip() for line in (ended.stdout + ended.stderr).splitlines()}


def said(line: str) -> list[str]:
    """The words of a command as systemd shows them: for a shell, which would expand more than ``shlex`` does."""
    return shlex.split(line.removeprefix("Command Line: ").replace("\\$", "$").replace("\\`", "`"))


@given(st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1), min_size=1, max_size=4), st.data())
def test_a_unit_has_a_line_for_everything_whatever_stands_in_a_path(words: list[str], data: st.DataObject) -> None:
    folder = data.draw(st.sampled_from(words))
    try:
        wanted = timer.job(NAME, tuple(words), folder, {"PATH": words[0]})
    except errors.Refused:
        return
    plain = timer.units(PLAIN)[f"{NAME}.service"]

    service = timer.units(wanted)[f"{NAME}.service"]

    assert [line.partition("=")[0] for line in service.split("\n")] == [
        line.partition("=")[0] for line in plain.split("\n")
    ]
    assert service.replace("%%", "").count("%") == 0


@pytest.mark.parametrize("path", PATHS)
def test_launchd_and_cron_get_every_path_as_it_is(path: str) -> None:
    wanted = timer.job(NAME, (f"{path}/python", "-P"), path, {"PATH": "/usr/bin", "XDG_STATE_HOME": path})

    (words,) = timer.agent(wanted).values()
    content = plistlib.loads(words.encode())
    line = timer.crontab(wanted)

    assert content["ProgramArguments"] == [f"{path}/python", "-P"]
    assert (content["WorkingDirectory"], content["EnvironmentVariables"]["XDG_STATE_HOME"]) == (path, path)
    assert content["StartInterval"] == 300
    assert line.startswith("*/5 * * * * cd ")
    assert line.replace("\\%", "").count("%") == 0
    assert shlex.split(line.replace("\\%", "%"))[5:] == [
        "cd",
        path,
        "&&",
        f"XDG_STATE_HOME={path}",
        f"{path}/python",
        "-P",
    ]


@pytest.mark.parametrize(
    "path", ["/srv/a\nExecStart=/bin/evil", "/srv/a\x00", "/srv/x\\", "/srv/x ", "/srv/\udcff", "/srv/\x1b[31m"]
)
def test_what_no_scheduler_can_be_told_of_is_refused(path: str) -> None:
    with pytest.raises(errors.Refused, match="no scheduler"):
        timer.job(NAME, ("/usr/bin/python3",), path, {})
    with pytest.raises(errors.Refused, match="no scheduler"):
        timer.job(NAME, (path,), "/srv", {})


def test_a_variable_that_cannot_be_written_down_is_left_out() -> None:
    assert timer.job(NAME, ("/x",), "/y", {"PATH": "/usr/bin\nExecStart=/bin/evil", "A": "b"}).environment == (
        ("A", "b"),
    )
