"""The desktop is told by a program that is found on PATH; what it gets are arguments, and none is an option."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notifiers import messages
from tickety import notifier
from tickety.notifiers import desktop

SAY = """\
#!{python}
import json, sys
with open({record!r}, "w") as file:
    json.dump(sys.argv[1:], file)
sys.exit({code})
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are found."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(folder: Path, name: str, code: int = 0) -> Path:
    """A program that keeps what it was called with."""
    record = folder / f"{name}.json"
    path = folder / name
    path.write_text(SAY.format(python=sys.executable, record=str(record), code=code))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return record


@pytest.mark.parametrize("words", messages.HOSTILE)
def test_notify_send_gets_the_words_behind_its_options(folder: Path, words: str) -> None:
    record = program(folder, "notify-send")

    desktop.Desktop().send(messages.of(title=words or "-", body="body"))

    assert json.loads(record.read_text()) == ["--app-name=Tickety", "--urgency=normal", "--", words or "-", "body"]


def test_an_escalation_is_urgent(folder: Path) -> None:
    record = program(folder, "notify-send")

    desktop.Desktop().send(messages.of(title="x", kind="escalation"))

    assert "--urgency=critical" in json.loads(record.read_text())


@given(st.text())
def test_a_body_is_shown_as_it_is_written_whatever_markup_or_escape_it_looks_like(words: str) -> None:
    sent = desktop.markup(words)

    assert not {"<", ">"} & set(sent)
    unescaped = sent.replace("\\\\", "\0")
    assert "\\" not in unescaped
    assert len(sent.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\\\\", "\\")) == len(words)


@pytest.mark.parametrize("words", messages.HOSTILE)
def test_osascript_gets_the_words_as_data_of_a_script_that_is_always_the_same(folder: Path, words: str) -> None:
    record = program(folder, "osascript")

    desktop.Desktop().send(messages.of(title=words, body=words))

    argv = json.loads(record.read_text())
    assert argv[::2][:3] == ["-e", "-e", "-e"]
    assert argv[6:] == ["Tickety", words, words]
    assert "argv" in argv[3]


def test_without_such_a_program_it_is_not_here(folder: Path) -> None:
    here = desktop.Desktop()

    assert not here.is_here()
    with pytest.raises(notifier.Undelivered, match="neither") as refused:
        here.send(messages.PLAIN)
    assert refused.value.is_final
    program(folder, "osascript")
    assert here.is_here()


def test_a_program_that_fails_is_asked_again_another_time(folder: Path) -> None:
    program(folder, "notify-send", code=1)

    with pytest.raises(notifier.Undelivered, match="ended with 1") as refused:
        desktop.Desktop().send(messages.PLAIN)
    assert not refused.value.is_final


def test_a_program_that_hangs_is_ended(folder: Path) -> None:
    path = folder / "notify-send"
    path.write_text(f"#!{sys.executable}\nimport signal\nsignal.pause()\n")
    path.chmod(0o700)

    with pytest.raises(notifier.Undelivered, match="did not answer"):
        desktop.Desktop(limit=0.3).send(messages.PLAIN)


def test_a_program_that_cannot_be_started_is_no_crash(folder: Path) -> None:
    path = folder / "notify-send"
    path.write_bytes(b"\x7fELF nonsense")
    path.chmod(0o700)

    with pytest.raises(notifier.Undelivered, match="cannot be told"):
        desktop.Desktop().send(messages.PLAIN)


@pytest.mark.skipif(not os.path.exists("/usr/bin/osascript"), reason="needs macOS")  # noqa: PTH110 - one look
def test_the_real_osascript_understands_the_script() -> None:
    subprocess.run(["/usr/bin/osacompile", "-o", os.devnull, "-e", desktop.SCRIPT], check=True)
