import json

import pytest
from hypothesis import given

from tests.core import trees
from tickety.core import verification

PYTEST = ("python3", "-m", "pytest", "-q")
A_TEST = {"tests/test_notes.py": "def test_it(): pass\n"}
A_UNITTEST = {"tests/test_notes.py": "import unittest\n"}


@pytest.mark.parametrize(
    ("files", "source"),
    [
        ({"pytest.ini": "[pytest]\n"}, "pytest.ini"),
        ({"pyproject.toml": "[tool.pytest.ini_options]\n"}, "pyproject.toml: [tool.pytest.ini_options]"),
        ({"pyproject.toml": "[tool.pytest]\n"}, "pyproject.toml: [tool.pytest]"),
        ({"setup.cfg": "[tool:pytest]\n"}, "setup.cfg: [tool:pytest]"),
        ({"tox.ini": "[pytest]\n[testenv]\ndeps = pytest\n"}, "tox.ini: [pytest]"),
        ({"tests/conftest.py": ""}, "tests/conftest.py"),
        ({"requirements-dev.txt": "ruff\nPyTest>=8  # runs the tests\n", **A_TEST}, "requirements-dev.txt"),
        (
            {"pyproject.toml": "[dependency-groups]\nall = [{include-group = 'x'}]\nx = ['pytest']\n", **A_TEST},
            "pyproject.toml: [dependency-groups] all",
        ),
        (
            {"pyproject.toml": "[project.optional-dependencies]\ntest = ['pytest-cov']\n", **A_TEST},
            "pyproject.toml: [project.optional-dependencies] test",
        ),
        (
            {"pyproject.toml": "[tool.poetry.group.dev.dependencies]\npytest = '^8'\n", **A_TEST},
            "pyproject.toml: [tool.poetry.group.dev] dependencies",
        ),
        ({"setup.py": "setup(extras_require={'test': ['pytest']})", **A_TEST}, "setup.py: [extras_require] test"),
        ({"tox.ini": "[testenv]\ndeps =\n    pytest\n", **A_TEST}, "tox.ini: [testenv] deps"),
        ({"lib/test_x.py": "import pytest\n"}, "lib/test_x.py"),
    ],
)
def test_pytest_is_found_wherever_a_project_says_so(files: dict[str, str], source: str) -> None:
    assert verification.find(trees.Files(files)) == verification.Verification(PYTEST, source, "")


@pytest.mark.parametrize(
    ("files", "argv"),
    [
        ({"tox.ini": "[tox]\n", **A_UNITTEST, "Makefile": "test:\n"}, verification.TOX),
        ({"pyproject.toml": "[tool.tox]\nenv_list = ['py']\n", "Makefile": "test:\n"}, verification.TOX),
        ({"tox.ini": "[flake8]\n", **A_UNITTEST, "Makefile": "test:\n"}, ("make", "test")),
        ({"package.json": '{"scripts": {"test": "node --test"}}', "Makefile": "test:\n"}, ("npm", "test")),
        ({"package.json": '\ufeff{"scripts": {"test": "vitest"}}', "pnpm-lock.yaml": ""}, ("pnpm", "test")),
        ({"package.json": '{"scripts": {"test": "jest"}}', "yarn.lock": ""}, ("yarn", "test")),
        ({"package.json": '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}'}, None),
        ({"Cargo.toml": "[package]\n", "Makefile": "test:\n"}, ("cargo", "test")),
        ({"Makefile": ".PHONY: test\ncheck test: build\n", **A_UNITTEST}, ("make", "test")),
        ({"Makefile": "test := 1\nTEST: a\ntests: b\n\ttest:\n# test:\n"}, None),
        ({"GNUmakefile": "all:\n", "Makefile": "test:\n"}, None),
        ({"requirements.txt": "pytest\n"}, None),
        ({"node_modules/x/conftest.py": "", "docs/conftest.py": ""}, None),
        ({}, None),
    ],
)
def test_the_first_rule_that_fits_wins(files: dict[str, str], argv: tuple[str, ...] | None) -> None:
    found = verification.find(trees.Files(files))

    assert (found.argv if found else None) == argv


@pytest.mark.parametrize(
    ("paths", "where"),
    [
        (["test_notes.py"], ()),
        (["tests/test_notes.py"], ("-s", "tests")),
        (["tests/__init__.py", "tests/test_notes.py"], ("-s", "tests", "-t", ".")),
        (["tests/unit/test_a.py", "tests/unit/test_b.py", "more/test_c.py"], ("-s", "tests/unit")),
        (
            ["src/notes/__init__.py", "src/notes/tests/__init__.py", "src/notes/tests/test_a.py"],
            ("-s", "src/notes", "-t", "src"),
        ),
    ],
)
def test_plain_unittest_is_the_last_resort_and_starts_where_it_finds_the_tests(
    paths: list[str], where: tuple[str, ...]
) -> None:
    found = verification.find(trees.Files(dict.fromkeys(paths, "import unittest\n")))

    assert found is not None
    assert found.argv == ("python3", "-m", "unittest", "discover", *where)


def test_the_definition_is_what_changes_when_another_command_would_be_run() -> None:
    scripts = {"posttest": "c", "test": "b", "pretest": "a"}
    node = verification.find(trees.Files({"package.json": json.dumps({"scripts": {**scripts, "build": "d"}})}))
    make = verification.find(trees.Files({"Makefile": "test:\n\tcurl example.com\n"}))
    tox = verification.find(trees.Files({"tox.ini": "[tox]\n"}))

    assert node is not None
    assert json.loads(node.definition) == scripts
    assert make is not None
    assert make.definition == "test:\n\tcurl example.com\n"
    assert tox is not None
    assert tox.definition == "[tox]\n"


@given(trees.hostile())
def test_no_project_is_so_broken_that_looking_at_it_fails(files: trees.Files) -> None:
    found = verification.find(files)

    assert found is None or all(isinstance(word, str) for word in found.argv)
