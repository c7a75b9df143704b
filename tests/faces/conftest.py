"""The fixture of everything that is tried in this process."""

import io
from pathlib import Path

import pytest

from tests.faces import calling
from tickety.cli import main


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> calling.Call:
    """``tickety`` with these words, in a project outside of git that has an empty store; ``stdin`` is piped."""
    for name, value in {"HOME": str(tmp_path), "USER": "ada", "GIT_CEILING_DIRECTORIES": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    for name in ("NO_COLOR", "TICKETY_TOKEN", "CLAUDECODE", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def tickety(*words: str, stdin: bytes = b"") -> calling.Told:
        monkeypatch.setattr("sys.argv", ["tickety", *words])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            main.main()
        told = capsys.readouterr()
        return calling.Told(int(ended.value.code or 0), told.out, told.err)

    tickety("init")
    return tickety
