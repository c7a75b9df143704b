"""Something else is broken than what a ticket is about: it is named, and its mend is not the ticket's."""

import pytest

from tests.stories import house as houses

pytestmark = pytest.mark.slow

OTHER = "`ImportError: cannot import name 'version_text' from 'notes.about'"
NOT_SPOKEN_OF = "(notes/cli.py:72) is broken too, but the ticket does not speak of it"
NO_RUFF = "#!/bin/sh\necho 'ruff: not found'\nexit 127\n"


def test_a_bug_is_not_closed_by_mending_another(notes: houses.House) -> None:
    ended = notes.tickety("--yes", "--json", "Exporting notes as CSV loses the last line")

    assert_waits(notes, ended)
    assert OTHER in ended.ticket["waiting_for"]
    assert NOT_SPOKEN_OF in ended.ticket["waiting_for"]
    assert f"tickety retry {ended.ticket['id']} --repro" in ended.ticket["waiting_for"]


def test_a_feature_is_not_built_by_mending_a_bug(notes: houses.House) -> None:
    ended = notes.tickety("--yes", "--json", "I want to export notes as HTML")

    assert_waits(notes, ended)
    assert "outside of what rules can do" in ended.ticket["waiting_for"]
    assert OTHER in ended.ticket["waiting_for"]
    assert NOT_SPOKEN_OF in ended.ticket["waiting_for"]


def test_lint_is_asked_of_ruff_and_of_nothing_else(notes: houses.House) -> None:
    programs = notes.home / "bin"
    programs.mkdir()
    (programs / "ruff").write_text(NO_RUFF)
    (programs / "ruff").chmod(0o755)

    path = f"{programs}:{notes.environment['PATH']}"
    ended = notes.tickety("--yes", "--json", "lint: remove unused imports", PATH=path)

    assert_waits(notes, ended)
    assert "ruff is not installed where this project runs" in ended.ticket["waiting_for"]


def test_a_person_who_shows_that_the_other_fault_is_meant_gets_it_mended(notes: houses.House) -> None:
    vague = notes.tickety("--yes", "--json", "The program crashes on start with an error").ticket

    ended = notes.tickety("retry", vague["id"], "--repro", "notes --version", "--json")

    assert NOT_SPOKEN_OF in vague["waiting_for"]
    assert (ended.ticket["status"], ended.ticket["resolution"]) == ("closed", "fixed")


@pytest.mark.parametrize("words", [houses.SENTENCE, "`version_text` cannot be imported"])
def test_words_from_a_pipe_that_name_the_fault_are_enough(notes: houses.House, words: str) -> None:
    ended = notes.tickety("-", "--yes", "--json", stdin=words)

    assert ended.code == 0, ended.out
    assert (ended.ticket["status"], ended.ticket["resolution"]) == ("closed", "fixed")


def assert_waits(house: houses.House, ended: houses.Result) -> None:
    """Nothing is closed, a person is asked, and the branch is where it began."""
    assert ended.code == 5, ended.out
    assert (ended.ticket["status"], ended.ticket["resolution"]) == ("in_progress", None)
    assert house.branch
    assert house.git("rev-parse", house.branch) == house.git("rev-parse", "main")
