import pytest
from hypothesis import given

from tests.core import trees
from tickety.core import programs

MAIN = ("python3", "-c", "import sys; from notes.cli import main; sys.argv[0] = 'notes'; sys.exit(main())")


def found(files: dict[str, str]) -> dict[str, programs.Program]:
    return {f"{program.kind}: {program.name}": program for program in programs.find(trees.Files(files))}


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "[project.scripts]\nnotes = 'notes.cli:main'\n"},
        {"pyproject.toml": "[project.gui-scripts]\nnotes = 'notes.cli : main [gui]'\n"},
        {"pyproject.toml": "[tool.poetry.scripts]\nnotes = {reference = 'notes.cli:main', type = 'console'}\n"},
        {"pyproject.toml": "[tool.poetry.scripts]\nnotes = {callable = 'notes.cli:main'}\n"},
        {"setup.cfg": "[options.entry_points]\nconsole_scripts =\n    notes = notes.cli:main\n"},
        {"setup.py": "setup(entry_points={'console_scripts': ['notes=notes.cli:main']})"},
        {"setup.py": "setuptools.setup(entry_points='''\n[console_scripts]\nnotes = notes.cli:main\n''')"},
    ],
)
def test_an_entry_point_is_found_in_every_manifest_of_python(files: dict[str, str]) -> None:
    program = programs.Program("notes", programs.Kind.ENTRY_POINT, (".venv/bin/notes",), MAIN, "notes.cli:main")

    assert programs.find(trees.Files(files)) == (program,)


def test_the_attribute_of_an_entry_point_may_be_dotted() -> None:
    files = {"pyproject.toml": "[project.scripts]\nnotes = 'notes.cli:App.run'\n"}

    code = found(files)["entry point: notes"].direct[2]
    assert code == "import sys; from notes.cli import App; sys.argv[0] = 'notes'; sys.exit(App.run())"


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("notes", "notes.cli"),
        ("notes", "notes.cli:main()"),
        ("notes", "os:system; import x"),
        ("notes", "notes-cli:main"),
        ("../notes", "notes.cli:main"),
        ("-notes", "notes.cli:main"),
        ("", "notes.cli:main"),
    ],
)
def test_an_entry_point_that_is_not_plain_is_left_out(name: str, reference: str) -> None:
    assert found({"pyproject.toml": f"[project.scripts]\n'{name}' = '{reference}'\n"}) == {}


def test_packages_modules_tests_and_scripts_are_found_by_their_names() -> None:
    files = {
        "src/notes/__init__.py": "",
        "src/notes/__main__.py": "",
        "src/notes/cli.py": "",
        "tests/test_notes.py": "",
        "manage.py": "",
        "bin/notes-dev": "#!/usr/bin/env python3.11\n",
        "bin/deploy": "#!/bin/sh\n",
        "bin/data": "1",
        "scripts/check.js": "",
        "deep/er/tool.sh": "",
        "setup.py": "",
        "LICENSE": "free",
        "-x.py": "",
    }

    assert list(found(files)) == [
        "package: notes",
        "module: manage",
        "module: notes.__main__",
        "module: notes.cli",
        "module: tests.test_notes",
        "pytest: tests/test_notes.py",
        "unittest: tests.test_notes",
        "script: bin/deploy",
        "script: bin/notes-dev",
        "script: manage.py",
        "script: scripts/check.js",
    ]


@pytest.mark.parametrize(
    ("name", "installed", "direct"),
    [
        ("package: notes", (".venv/bin/python", "-m", "notes"), ("python3", "-m", "notes")),
        ("pytest: tests/test_a.py", (".venv/bin/python", "-m", "pytest"), ("python3", "-m", "pytest")),
        ("unittest: tests.test_a", (".venv/bin/python", "-m", "unittest"), ("python3", "-m", "unittest")),
        ("script: tool.py", (".venv/bin/python", "tool.py"), ("python3", "tool.py")),
        ("script: bin/run.sh", ("sh", "bin/run.sh"), ("sh", "bin/run.sh")),
        ("entry point: greet", ("node", "lib/greet.js"), ("node", "lib/greet.js")),
        ("binary: tool", ("cargo", "run", "-q", "--bin", "tool", "--"), ("cargo", "run", "-q", "--bin", "tool", "--")),
    ],
)
def test_a_program_says_how_it_is_run(name: str, installed: tuple[str, ...], direct: tuple[str, ...]) -> None:
    files = {
        "notes/__main__.py": "",
        "tests/test_a.py": "",
        "tool.py": "",
        "bin/run.sh": "",
        "package.json": '{"name": "@x/greet", "bin": "./lib/greet.js"}',
        "Cargo.toml": "[[bin]]\nname = 'tool'\n",
    }

    program = found(files)[name]

    assert (program.installed, program.direct) == (installed, direct)


def test_the_binaries_of_every_member_of_a_cargo_workspace_are_found() -> None:
    files = {
        "Cargo.toml": "[workspace]\n",
        "a/Cargo.toml": "[package]\nname = 'a'\n",
        "a/src/main.rs": "",
        "a/src/bin/helper.rs": "",
        "b/Cargo.toml": "[package]\nname = 'library'\n",
        "b/src/lib.rs": "",
        "b/src/bin/big/main.rs": "",
    }

    assert list(found(files)) == ["binary: a", "binary: helper", "binary: big"]


@pytest.mark.parametrize("path", ["../x.js", "/x.js", "-x.js", "a/../../x.js"])
def test_a_bin_of_a_package_json_stays_within_the_project(path: str) -> None:
    assert found({"package.json": f'{{"name": "x", "bin": {{"x": "{path}"}}}}'}) == {}


@given(trees.hostile())
def test_no_project_is_so_broken_that_looking_at_it_fails_and_every_program_is_plain(files: trees.Files) -> None:
    for program in programs.find(files):
        words = [program.name, *program.installed[:1], *program.direct[:2], *program.installed[3:]]
        assert not any(".." in word or word.startswith("/") or "\0" in word for word in words)
        assert not program.name.startswith("-")
