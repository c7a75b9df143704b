"""Finding tickets at the command line: what is next, why, by words, as figures, and with the shell's help."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.stories import house as houses

HOT = ("tickety.core.ticket", "tickety.core.document", "tickety.core.events", "tickety.stores.rows")


@pytest.fixture
def stocked(empty: houses.House) -> houses.House:
    """A project with two tickets and no commit."""
    empty.tickety("new", "The --version command fails with an ImportError", "--tag", "cli")
    empty.tickety("new", "Add colours to the list", "--type", "feature", "--priority", "low")
    return empty


def test_next_tells_what_to_work_on_and_how_much_time_is_left(stocked: houses.House) -> None:
    shown = stocked.tickety("next").out.splitlines()
    first = stocked.tickety("next", "--limit", "1", "--json").data
    none = stocked.tickety("next", "type:doc")

    assert [line.split()[0].split("-")[0] for line in shown] == ["BUG", "FEAT"]
    assert "due in 24 h" in shown[0]
    assert [ticket["type"] for ticket in first["tickets"]] == ["bug"]
    assert first["next"]
    assert (none.code, none.out) == (0, "")
    assert "tickety list is:waiting" in none.err


def test_next_makes_no_ticket_to_show_a_line(stocked: houses.House) -> None:
    script = (
        "import sys\nfrom tickety.cli import main\nsys.argv[1:] = ['next']\n"
        "try:\n    main.main()\nexcept SystemExit:\n    pass\nprint(*sys.modules, file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, cwd=stocked.path, env=stocked.environment, text=True,
        check=True,
    )  # fmt: skip

    assert not set(HOT) & set(ended.stderr.split())


def test_why_answers_with_the_reason_and_the_command_to_try(stocked: houses.House) -> None:
    told = stocked.tickety("why", "BUG-1")
    data = stocked.tickety("why", "FEAT-1", "--json").data

    assert "1st of 2 ready tickets" in told.out
    assert "next    tickety run BUG-" in told.out
    assert (data["schema"], data["is_ready"], data["place"]) == (1, True, {"number": 2, "total": 2})
    assert stocked.tickety("why", "DOC-1", "--json").code == 3


def test_search_finds_what_people_would_grep_for(stocked: houses.House) -> None:
    found = stocked.tickety("search", "import", "error", "-tag:ui", "--json").data
    none = stocked.tickety("search", '"import colour"')

    assert [ticket["title"] for ticket in found["tickets"]] == ["The --version command fails with an ImportError"]
    assert set(found) == {"schema", "tickets", "next", "snippets"}
    assert (none.code, none.out) == (0, "")
    assert "nothing found" in none.err


def test_search_explains_its_language_and_refuses_a_slip(stocked: houses.House) -> None:
    text = stocked.tickety("search", "--help").out
    refused = stocked.tickety("search", "statsu:open", "--json")

    assert text.index("Examples:") < text.index("priority:>=high") < text.index("Options:")
    assert refused.code == 2
    assert "did you mean status:open" in refused.error["hint"]


def test_show_takes_several_tickets(stocked: houses.House) -> None:
    shown = stocked.tickety("show", "BUG-1", "FEAT-1").out
    data = stocked.tickety("show", "BUG-1", "FEAT-1", "--json").data

    assert "tags cli" in shown
    assert "not said: " in shown
    assert [ticket["type"] for ticket in data["tickets"]] == ["bug", "feature"]


def test_stats_tell_what_the_guide_tells_and_a_review_is_markdown(stocked: houses.House) -> None:
    figures = stocked.tickety("stats").out
    review = stocked.tickety("stats", "--review").out

    assert figures.startswith("Currently tracking 2 active tickets:\n  BUG-")
    assert stocked.tickety("stats", "--json").data["by_priority"] == {"high": 1, "low": 1}
    assert "**Next up** (2)" in review


def test_hygiene_of_a_tidy_project_has_nothing_to_say(stocked: houses.House) -> None:
    ended = stocked.tickety("hygiene", "--fix")

    assert (ended.code, ended.out, ended.err) == (0, "", "all is tidy\n")


@pytest.fixture
def shell(stocked: houses.House, tmp_path: Path) -> houses.House:
    """A house with a ``tickety`` on its PATH."""
    program = tmp_path / "bin" / "tickety"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nfrom tickety.cli.main import main\nmain()\n")
    program.chmod(0o755)
    stocked.extra["PATH"] = f"{program.parent}:{stocked.environment['PATH']}"
    return stocked


def completed(shell: houses.House, *words: str) -> list[str]:
    """What bash offers for a line, the last word of which is unfinished."""
    typed = " ".join(f"'{word}'" for word in words)
    script = (
        f'eval "$(tickety completion bash)"\nCOMP_WORDS=({typed})\nCOMP_CWORD={len(words) - 1}\n'
        '_tickety_completion tickety\nprintf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    ended = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, cwd=shell.path, env=shell.environment, text=True,
        check=True,
    )  # fmt: skip
    assert ended.stderr == ""
    return ended.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("show", "BUG-"), ["BUG-"]),
        (("vote", "FEAT-1", "fe"), ["FEAT-"]),
        (("sho",), ["show"]),
        (("show", "--j"), ["--json"]),
        (("show", "DOC-"), []),
        (("a whole sentence", "--"), []),
    ],
)
def test_bash_completes_verbs_options_and_ids(shell: houses.House, words: tuple[str, ...], offered: list[str]) -> None:
    found = completed(shell, "tickety", *words)

    assert len(found) == len(offered) or words[-1] == "--"
    assert all(word.startswith(start) for word, start in zip(found, offered, strict=False))


def test_zsh_and_fish_are_told_the_titles_beside_the_ids(shell: houses.House) -> None:
    asked = {"_TICKETY_COMPLETE": "zsh_complete", "COMP_WORDS": "tickety show BUG-", "COMP_CWORD": "2"}
    ended = subprocess.run(
        ["tickety"], capture_output=True, cwd=shell.path, env={**shell.environment, **asked}, text=True, check=False
    )

    kind, ticket_id, title = ended.stdout.splitlines()
    assert (kind, ticket_id[:4]) == ("plain", "BUG-")
    assert title.startswith("The --version command fails")
    assert "_TICKETY_COMPLETE" in shell.tickety("completion", "zsh").out
    assert "complete" in shell.tickety("completion", "fish").out


def test_outside_a_project_a_shell_is_told_nothing(shell: houses.House, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    shell.path = tmp_path / "elsewhere"

    assert completed(shell, "tickety", "show", "BUG-") == []
