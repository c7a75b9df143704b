"""`tickety init --timer` shows a timer before it puts it in, in the user's own folder, and takes it out again."""

import os
import shlex
import sys
from pathlib import Path

import pytest

from tests.faces import calling

RECORD = """\
#!{python}
import os, sys
with open({log!r}, "a") as file:
    print(*sys.argv[1:], file=file)
is_asked = "is-active" in sys.argv
active = {active!r}
if "enable" in sys.argv: open(active, "w").close()
if "disable" in sys.argv and os.path.exists(active): os.unlink(active)
sys.exit({code} or (is_asked and not os.path.exists(active)))
"""


class Machine:
    """A machine with a systemd that only writes down what it is told."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "my programs"
        self.config = folder / "my config"
        self.log = folder / "systemctl.log"
        self.folder.mkdir()
        monkeypatch.setenv("PATH", str(self.folder))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(self.config))
        monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))

    def install(self, code: int = 0) -> None:
        path = self.folder / "systemctl"
        active = str(self.folder / "active")
        path.write_text(RECORD.format(python=sys.executable, log=str(self.log), active=active, code=code))
        path.chmod(0o700)

    @property
    def units(self) -> list[str]:
        return sorted(path.suffix for path in self.config.rglob("tickety-*"))

    @property
    def told(self) -> list[str]:
        """What systemctl was told to change, without the timer's name."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        words = [" ".join(word for word in line.split() if not word.startswith("tickety-")) for line in lines]
        return [
            line.removeprefix("--user ") for line in words if "show-environment" not in line and "is-active" not in line
        ]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr("sys.platform", "linux")
    made = Machine(tmp_path, monkeypatch)
    made.install()
    return made


def test_a_timer_is_shown_and_nothing_is_written_under_dry_run(call: calling.Call, machine: Machine) -> None:
    told = call("init", "--timer", "--dry-run")

    assert told.code == 0
    assert "OnCalendar=*:0/5" in told.err
    assert "run systemctl --user enable --now tickety-" in told.err
    assert (machine.units, machine.told) == ([], [])


def test_without_a_yes_nothing_is_written(call: calling.Call, machine: Machine) -> None:
    told = call("init", "--timer")

    assert (told.code, machine.units, machine.told) == (5, [], [])
    assert "ExecStart=" in told.err
    assert "tickety init --timer --yes" in told.err


def test_an_agents_yes_is_none(call: calling.Call, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUDECODE", "1")

    assert (call("init", "--timer", "--yes").code, machine.units) == (5, [])


def test_a_timer_that_is_wanted_is_written_and_started(call: calling.Call, machine: Machine, tmp_path: Path) -> None:
    told = call("init", "--timer", "--yes")

    assert told.code == 0
    assert machine.units == [".service", ".timer"]
    assert machine.told == ["daemon-reload", "enable --now"]
    (service,) = machine.config.rglob("*.service")
    words = service.read_text()
    assert service.parent == machine.config / "systemd" / "user"
    assert f"WorkingDirectory={tmp_path}\n" in words
    assert f'ExecStart=:"{sys.executable}" "-P" "-m" "tickety" "run" "--rules-only"\n' in words
    assert f'Environment="PATH={machine.folder}"\n' in words
    assert f'Environment="XDG_STATE_HOME={tmp_path}/state"\n' in words
    assert "every 5 minutes" in told.err
    assert "enable-linger" in told.err


def test_the_same_again_changes_nothing_and_needs_no_yes(call: calling.Call, machine: Machine) -> None:
    call("init", "--timer", "--yes")
    before = machine.told

    told = call("init", "--timer")

    assert (told.code, machine.told) == (0, before)
    assert "there already" in told.err


def test_a_timer_that_somebody_stopped_is_started_again(call: calling.Call, machine: Machine) -> None:
    call("init", "--timer", "--yes")
    (machine.folder / "active").unlink()

    assert call("init", "--timer").code == 0
    assert machine.told[-2:] == ["daemon-reload", "enable --now"]


def test_a_timer_that_is_not_as_it_should_be_is_written_anew(call: calling.Call, machine: Machine) -> None:
    call("init", "--timer", "--yes")
    (service,) = machine.config.rglob("*.service")
    wanted = service.read_text()
    service.write_text("[Service]\n")

    assert call("init", "--timer", "--yes").code == 0
    assert service.read_text() == wanted
    assert machine.told == ["daemon-reload", "enable --now", "disable --now", "daemon-reload", "enable --now"]


def test_off_takes_it_out_and_off_again_does_nothing(call: calling.Call, machine: Machine) -> None:
    call("init", "--timer", "--yes")

    assert call("init", "--timer", "off").code == 5
    assert call("init", "--timer", "off", "--dry-run").code == 0
    assert machine.units == [".service", ".timer"]
    gone, again = call("init", "--timer", "off", "--yes"), call("init", "--timer", "off")

    assert (gone.code, again.code, machine.units) == (0, 0, [])
    assert machine.told[-2:] == ["disable --now", "daemon-reload"]
    assert "there is no timer" in again.err


def test_where_systemd_does_not_answer_the_files_are_written_and_the_rest_is_said(
    call: calling.Call, machine: Machine
) -> None:
    machine.install(code=1)

    told = call("init", "--timer", "--yes")

    assert (told.code, machine.units) == (0, [".service", ".timer"])
    assert machine.told == []
    assert "systemctl --user daemon-reload\n" in told.err
    assert "systemctl --user enable --now tickety-" in told.err


def test_without_a_scheduler_there_is_the_line_for_cron(call: calling.Call, machine: Machine) -> None:
    (machine.folder / "systemctl").unlink()

    told = call("init", "--timer", "--yes", "--json")

    assert (told.code, machine.units) == (1, [])
    assert "crontab -e" in told.err
    assert "*/5 * * * * cd " in told.err
    assert shlex.quote(sys.executable) in told.err


def test_what_was_done_is_said_as_json_too(call: calling.Call, machine: Machine) -> None:
    shown = call("init", "--timer", "--dry-run", "--json").data
    done = call("init", "--timer", "--yes", "--json").data
    gone = call("init", "--timer", "off", "--yes", "--json").data

    assert shown["timer"] == done["timer"] == gone["timer"] == "systemd"
    assert shown["files"] == done["files"]
    assert (shown["changed"], sorted(done["changed"]), sorted(gone["changed"])) == (
        [],
        sorted(done["files"]),
        sorted(done["files"]),
    )
    assert done["left"] == gone["left"] == []
    assert machine.units == []


def test_a_path_that_moves_along_with_us_is_no_place_for_programs(
    call: calling.Call, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join((".", "", "bin", str(machine.folder))))

    call("init", "--timer", "--yes")

    (service,) = machine.config.rglob("*.service")
    assert f'Environment="PATH={machine.folder}"\n' in service.read_text()


def test_on_macos_it_is_an_agent_of_launchd(
    call: calling.Call, machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")

    told = call("init", "--timer", "--yes")

    (path,) = (tmp_path / "Library" / "LaunchAgents").iterdir()
    assert (told.code, path.suffix, machine.units) == (0, ".plist", [])
    assert f"launchctl bootstrap gui/{os.getuid()} {path}" in told.err
    assert call("init", "--timer", "off", "--yes").code == 0
    assert not path.exists()


def test_without_a_project_there_is_nothing_to_look_after(
    call: calling.Call, machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    (tmp_path / ".tickety" / "tickety.db").unlink()

    assert (call("init", "--timer", "--yes").code, machine.units) == (3, [])
