"""What a person is asked, and sees, on a terminal."""

import os
import pty
import subprocess
import sys

import pytest

from tests.stories import house as houses


class Terminal:
    """A call of the command line with a person in front of it."""

    def __init__(self, house: houses.House, *words: str) -> None:
        self._screen, inside = pty.openpty()
        environment = {**house.environment, "TERM": "xterm", "COLUMNS": "120"}
        self.seen = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tickety", *words],
            stdin=inside, stdout=inside, stderr=inside, cwd=house.path, env=environment, close_fds=True,
        )  # fmt: skip
        os.close(inside)

    def answer(self, question: str, answer: str) -> None:
        """Read until the question is there, then type."""
        while question not in self.seen:
            part = self._read()
            assert part, f"it ended without asking {question!r}: {self.seen}"
            self.seen += part
        os.write(self._screen, f"{answer}\n".encode())

    def end(self) -> int:
        """Read to the end; the exit code."""
        while part := self._read():
            self.seen += part
        os.close(self._screen)
        return self.process.wait()

    def _read(self) -> str:
        try:
            return os.read(self._screen, 4096).decode(errors="replace")
        except OSError:  # how Linux says that nobody holds the other end any more
            return ""


@pytest.mark.slow
def test_trust_is_asked_once_and_a_no_runs_nothing(notes: houses.House) -> None:
    first = Terminal(notes, houses.SENTENCE)
    first.answer("Do you trust this repository? [y/N]:", "n")
    assert first.end() == 5
    assert "make test" in first.seen
    assert "is kept" in first.seen

    second = Terminal(notes, "run", "1")
    second.answer("Do you trust this repository? [y/N]:", "y")
    assert second.end() == 0
    assert "fixed" in second.seen
    assert "fix: mechanic works since" in second.seen

    third = Terminal(notes, "notes --version ends with an ImportError")
    assert third.end() == 0
    assert "Do you trust" not in third.seen


def test_a_project_without_a_verification_is_asked_for_one(empty: houses.House) -> None:
    empty.commit({"hello.txt": "hello\n"})

    asked = Terminal(empty, "The greeting is wrong", "--yes")
    asked.answer("Which one does", "grep -q hallo hello.txt")
    assert asked.end() == 5

    ticket = empty.tickety("show", "1", "--json").data
    receipts = [receipt for update in ticket["agent_updates"] for receipt in update["receipts"]]
    assert [receipt["command"] for receipt in receipts] == [["grep", "-q", "hallo", "hello.txt"]]
    assert receipts[0]["exit_code"] == 1


def test_a_number_that_several_tickets_have_is_asked_about(empty: houses.House) -> None:
    empty.tickety("new", "It fails")
    empty.tickety("new", "Add colours", "--type", "feature")

    asked = Terminal(empty, "vote", "1")
    asked.answer("Which one do you mean?", "doc")
    asked.answer("answer with one of: BUG-", "feat")

    assert asked.end() == 0
    assert "Add colours" in asked.seen
    assert empty.tickety("show", "FEAT-1", "--json").data["metadata"]["user_votes"] == 1
    assert empty.tickety("vote", "1").code == 2


def test_what_is_asked_for_is_kept_and_decides_nothing_but_the_date(empty: houses.House) -> None:
    asked = Terminal(empty, "new", "Rename the command", "--ask")
    asked.answer("why it matters", "it is long")
    asked.answer("who is affected", "the users")
    asked.answer("when it is needed", "2020-01-01")
    asked.answer("2020-01-01 is in the past", "2 weeks")

    assert asked.end() == 0
    ticket = empty.tickety("show", "1", "--json").data
    assert ticket["type"] == "task"
    assert ticket["due_at"] > ticket["created_at"][:10] + "T24"
    assert "Why: it is long" in ticket["description"]
    assert "missing" not in empty.tickety("show", "1").out
