import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core import trees
from tickety.core import programs, reproduction

NOTES = programs.find(
    trees.Files(
        {
            "pyproject.toml": "[project.scripts]\nnotes = 'notes.cli:main'\n",
            "notes/__main__.py": "",
            "notes/cli.py": "",
            "tests/test_x.py": "",
            "tests/test_y.py": "",
            "tool.py": "",
            "bin/go": "#!/bin/sh\n",
        }
    )
)
SHELL = set(";|&><$`(){}*?~\n\r\\")


def run(text: str, known: tuple[programs.Program, ...] = NOTES) -> tuple[str, ...]:
    """The argument list found in a text; empty when nothing is run."""
    found = reproduction.reported(text, known)
    return reproduction.argv(found, is_installed=True) if isinstance(found, reproduction.Reported) else ()


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        # prose
        ("The notes --version command is throwing an ImportError", "--version"),
        ("Since 2.0 notes --version fails.", "--version"),
        ("notes --format=json -v, and then it hangs", "--format=json -v"),
        ("I see an error from notes --version (on Python 3.12)", "--version"),
        ("notes --version -> ImportError", "--version"),
        ("**notes --version** fails", "--version"),
        ("> notes --version fails", "--version"),
        ("The notes command throws", ""),
        # the short form
        ("The --version command is throwing an ImportError", "--version"),
        ("The `--version` option throws", "--version"),
        ("--version throws", "--version"),
        ("It breaks when running --list --json", "--list --json"),
        # code
        ("`notes list --all` fails", "list --all"),
        ("``notes list`` fails", "list"),
        ("running `notes` fails", ""),
        ("I typed \"notes add 'buy'\" and it broke", "add buy"),
        ("```\nnotes list --all\n```", "list --all"),
        ("```sh\nnotes list\nnotes add\n```", "list"),
        ("It fails:\n\n    notes list --all\n\nwith a traceback", "list --all"),
        # prompts
        ("$ notes list\nTraceback (most recent call last):\n", "list"),
        ("(venv) ada@host:~/notes$ notes list\n", "list"),
        ("$ notes add x\n$ notes list\nKeyError\n", "list"),
        ("$ notes add x\nadded\n$ notes list\nTraceback (most recent call last):\n", "list"),
        ("```console\n$ notes add x\nadded\n$ notes list\nTraceback (most recent call last):\n```", "list"),
        # by way of another program that only starts it
        ("$ uv run notes list", "list"),
        ("`poetry run notes list`", "list"),
        ("`.venv/bin/notes list`", "list"),
    ],
)
def test_the_entry_point_is_recognised(text: str, arguments: str) -> None:
    assert run(text) == (".venv/bin/notes", *arguments.split())


@pytest.mark.parametrize(
    ("text", "argv"),
    [
        ("python -m notes --version fails.", "python -m notes --version"),
        ("`python3.12 -m notes.cli list`", "python -m notes.cli list"),
        ("python -m pytest tests/test_x.py is red", "python -m pytest tests/test_x.py"),
        ("pytest tests/test_x.py::TestX::test_a fails", "python -m pytest tests/test_x.py::TestX::test_a"),
        (
            "$ pytest -x -k slow ./tests/test_x.py tests/test_y.py",
            "python -m pytest -x -k slow ./tests/test_x.py tests/test_y.py",
        ),
        ("`python -m unittest -v tests.test_x.T.test_a`", "python -m unittest -v tests.test_x.T.test_a"),
        ("python tool.py --fast breaks", "python tool.py --fast"),
        ("./tool.py --fast breaks", "python tool.py --fast"),
    ],
)
def test_modules_tests_and_scripts_are_recognised(text: str, argv: str) -> None:
    assert run(text) == tuple(f".venv/bin/{argv}".split())


def test_a_script_is_run_by_the_interpreter_that_it_names() -> None:
    assert run("`bin/go fast`") == run("`sh bin/go fast`") == ("sh", "bin/go", "fast")


def test_a_binary_of_cargo_is_recognised_by_its_name_and_by_cargo() -> None:
    known = programs.find(trees.Files({"Cargo.toml": "[[bin]]\nname = 'tool'\n[[bin]]\nname = 'other'\n"}))
    argv = ("cargo", "run", "-q", "--bin", "tool", "--", "-x")

    assert run("`tool -x`", known) == run("$ cargo run --bin tool -- -x", known) == argv
    assert run("$ cargo run -- -x", known) == run("$ cargo run --release -- -x", known[:1]) == ()
    assert run("$ cargo run -- -x", known[:1]) == argv


def test_before_the_set_up_a_program_is_run_from_the_source_tree() -> None:
    found = reproduction.reported("notes --version", NOTES)

    assert isinstance(found, reproduction.Reported)
    assert reproduction.argv(found, is_installed=False) == (*NOTES[0].direct, "--version")


@pytest.mark.parametrize(
    ("text", "words", "why"),
    [
        # somebody else's programs
        (
            "curl https://example.com/x | sh",
            "curl https://example.com/x",
            "`curl` is not one of this project's own programs",
        ),
        ("`curl https://example.com/x | sh`", "curl https://example.com/x | sh", "`curl` is not one"),
        ("please run rm -rf /", "rm -rf", "`rm` is not one"),
        ("`rm -rf .`", "rm -rf .", "`rm` is not one"),
        ("git push fails", "git push", "`git` is not one"),
        ("$ make bootstrap\n", "make bootstrap", "`make` is not one"),
        ("`sync --dry-run` deletes", "sync --dry-run", "`sync` is not one"),
        ("$ sudo notes list", "sudo notes list", "`sudo` is not one"),
        ("$ uv run rm x", "uv run rm x", "`rm` is not one"),
        ("`python -m http.server`", "python -m http.server", "`http.server` is not one"),
        ("`/usr/bin/notes list`", "/usr/bin/notes list", "`/usr/bin/notes` is not one"),
        ("`../notes list`", "../notes list", "`../notes` is not one"),
        ("`python -c pass`", "python -c pass", "only this project's own modules"),
        ("`python -m pip install .`", "python -m pip install .", "`pip` is not one"),
        # a shell
        ("`notes list && rm x`", "notes list && rm x", "`&` is for a shell"),
        ("$ notes list > out.txt", "notes list > out.txt", "`>` is for a shell"),
        ("$ notes list *.txt", "notes list *.txt", "`*` is for a shell"),
        ("$ notes list ~/x", "notes list ~/x", "`~` is for a shell"),
        ("$ notes list \\\n", "notes list \\", "`\\` is for a shell"),
        ("$ notes list # all", "notes list # all", "`#` is for a shell"),
        ("`notes add $HOME`", "notes add $HOME", "`$` is for a shell"),
        ("notes --version; rm -rf x", "notes --version", "part of a longer shell command"),
        ("notes --version | sh", "notes --version", "part of a longer shell command"),
        ("echo $(notes --version)", "notes --version", "part of a longer shell command"),
        ("DEBUG=1 notes --version fails", "notes --version", "part of a longer shell command"),
        ("`DEBUG=1 notes list`", "DEBUG=1 notes list", "it sets a variable"),
        ("$ notes add 'x", "notes add 'x", "quotes do not pair up"),
        # ways out of the project
        ("`notes show ../x`", "notes show ../x", "`../x` leads out"),
        ("`notes show a/..`", "notes show a/..", "`a/..` leads out"),
        ("`notes show /etc/passwd`", "notes show /etc/passwd", "`/etc/passwd` leads out"),
        ("`notes --out=/etc/passwd`", "notes --out=/etc/passwd", "leads out"),
        ("`notes -o/etc/passwd`", "notes -o/etc/passwd", "leads out"),
        ("`notes get file:///etc/passwd`", "notes get file:///etc/passwd", "leads out"),
        # a test runner's sharper tools
        ("`pytest tests/test_x.py --basetemp=.`", "pytest tests/test_x.py --basetemp=.", "harmless option"),
        ("`pytest -p x tests/test_x.py`", "pytest -p x tests/test_x.py", "harmless option"),
        ("`pytest other.py`", "pytest other.py", "neither a test module"),
        ("$ pytest", "pytest", "the verification runs them all"),
        # what the person says
        ("never run `notes wipe`, it deletes everything", "notes wipe", "the text says not to"),
        ("Please don't run notes --wipe", "notes --wipe", "the text says not to"),
    ],
)
def test_what_may_not_be_run_is_named_with_the_reason(text: str, words: str, why: str) -> None:
    found = reproduction.reported(text, NOTES)

    assert isinstance(found, reproduction.NotRun)
    assert found.words == words
    assert why in found.why


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "notes are lost",
        "'notes are lost' it says",
        "the `notes` table is empty",
        "`notes = []` should be a tuple",
        "```python\nnotes = load()\nprint(notes)\n```",
        "`str | None` is wrong",
        "`python 3.12` is not supported",
        "explain to users what --force really does",
        "a --json flag on the list command",
        "$ 5 is too much",
        "--- a separator",
        "notes -- the program -- is slow",
    ],
)
def test_prose_and_code_are_no_commands(text: str) -> None:
    assert reproduction.reported(text, NOTES) is None


def test_a_command_that_may_be_run_goes_before_one_that_may_not() -> None:
    assert run("After `pip install notes` the command notes --version fails") == (".venv/bin/notes", "--version")


def test_an_option_without_a_program_is_asked_about_when_there_are_several() -> None:
    text = "[project.scripts]\nnotes = 'notes:a'\nother = 'notes:b'\nalias = 'notes:a'\n"
    several = programs.find(trees.Files({"pyproject.toml": text}))

    found = reproduction.reported("The --version command throws", several)
    of_one = reproduction.reported("The --version command throws", (several[0], several[2]))

    assert found == reproduction.NotRun(
        "--version", "this project has several programs (`notes`, `other`): say which one"
    )
    assert isinstance(of_one, reproduction.Reported)
    assert (of_one.program, of_one.words) == (several[0], "--version")


def test_a_project_without_programs_runs_nothing() -> None:
    assert reproduction.reported("The --version command throws", ()) is None
    assert run("`notes list`", ()) == ()


_PIECES = st.sampled_from(
    (
        *("notes", " notes list", "python -m notes", "pytest tests/test_x.py", " --version", "/etc", "../", "X=1 "),
        *("`", "``", "```\n", "\n", "$ ", " ", "    ", "run ", "The ", " command", "never ", "\0", "\u201c"),
        *";|&><$(){}*?~\\'\"#=",
    )
)
_TEXTS = st.one_of(
    st.text(), st.lists(st.one_of(_PIECES, st.text(string.printable, max_size=4)), max_size=12).map("".join)
)


@given(_TEXTS)
def test_no_text_gets_a_shell_character_or_a_foreign_program_run(text: str) -> None:
    found = reproduction.reported(text, NOTES)

    assert found is None or found.words in text
    if isinstance(found, reproduction.Reported):
        assert found.program in NOTES
        assert SHELL.isdisjoint(found.words)
        assert SHELL.isdisjoint("".join(found.arguments))
        assert all(argument.isprintable() or "\t" in argument for argument in found.arguments)
        assert not any(argument.startswith("/") or "../" in argument for argument in found.arguments)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "\n",
        "`",
        "\u201c",
        "notes ",
        "run `",
        "notes --x ",
        "```\n",
        "~~~\n",
        "$ x\n",
        "a@b:",
        "1.1.",
        "    x\n\n",
    ],
)
def test_a_mebibyte_is_read_in_linear_time(piece: str) -> None:
    text = piece * (2**20 // len(piece))
    start = time.process_time()

    reproduction.reported(text, NOTES)

    assert time.process_time() - start < 20  # seconds of CPU; it takes about one, and hours if it were quadratic
