"""A file is put in place whole; what is no file is written to, and never replaced."""

import os
import stat
import threading
from pathlib import Path

import pytest

from tickety.core import errors
from tickety.papers import writing


def test_a_pipe_stays_a_pipe_and_gets_the_text(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[str] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    reader.start()

    writing.write(str(pipe), ["one\n", "two\n"])
    reader.join()

    assert heard == ["one\ntwo\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_name_that_is_none_is_refused_and_nothing_is_left_behind(tmp_path: Path) -> None:
    for name in ("", str(tmp_path), f"{tmp_path}/", f"{tmp_path}/missing/"):
        with pytest.raises(errors.Usage, match="not the name of a file"):
            writing.write(name, ["x"])
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "link").symlink_to("file")

    writing.write(str(tmp_path / "link"), ["new"])

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "new"
