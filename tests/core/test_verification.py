import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core import trees
from tickety.core import scripts as rules
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


MAKE = ("make", "test")
NPM = ("npm", "test")
NODE = {"check.js": "process.exit(1)\n", "lib/notes.js": "", "settings.mjs": ""}
SHELL = {"t.sh": "true\n", "ci/test.sh": "", "ci/check": "", "notes/cli.py": "", "notes/__main__.py": "", "c.cfg": ""}


@pytest.mark.parametrize(
    ("recipe", "scripts"),
    [
        ("test:\n\tsh t.sh", ["t.sh"]),
        ("test: ; @sh -eu ./t.sh --all", ["t.sh"]),
        ("test:\n\t@-./ci/check && /bin/bash -c 'X=1 sh t.sh; ./ci/test.sh'", ["ci/check", "ci/test.sh", "t.sh"]),
        ("test: unit\nunit: build\n\tcd ci && sh test.sh\nbuild:\n\tcc -o x notes.c\nall:\n\tsh t.sh", ["ci/test.sh"]),
        ("RUN := ci/$(NAME).sh\nNAME = test\ntest:\n\tenv A=b bash -o pipefail $(RUN)", ["ci/test.sh"]),
        ("test:\n\t$(MAKE) other\nother:\n\t$(PYTHON) ci/missing.py < t.sh", ["ci/missing.py", "t.sh"]),
        ("test:\n\tif true; then \\\n\t. t.sh; fi", ["t.sh"]),
        ("test:\n\tpython3 -m pytest -c c.cfg notes/cli.py", ["c.cfg"]),
        ("test:\n\tpython3 -m unittest -q\n\truff check notes/cli.py > out", []),
        ("test:\n\tpip install -r requirements.txt\n\tpython tests/test_notes.py", []),
        ("test:\n\tpython3 -m notes --self-test", ["notes/__main__.py"]),
        ("test:\n\tcoverage run tests/run_tests.py", ["tests/run_tests.py"]),
        ("test:\n\t/bin/true ../outside.sh\n\tsh ../outside.sh\n\tsh /tmp/x.sh\n\t# sh t.sh", []),
    ],
)
def test_the_scripts_behind_make_are_those_that_decide_what_the_target_runs(recipe: str, scripts: list[str]) -> None:
    tests = {**A_TEST, "tests/run_tests.py": "import notes\n", "requirements.txt": ""}
    files = trees.Files({**SHELL, **tests, "Makefile": f".PHONY: test\n{recipe}\n"})

    assert rules.behind(MAKE, files) == tuple(sorted(["Makefile", *scripts]))


@pytest.mark.parametrize(
    ("told", "scripts"),
    [
        ({"test": "node check.js"}, ["check.js"]),
        ({"test": "node ./missing.js"}, ["missing.js"]),
        ({"test": "node check"}, ["check.js"]),
        (
            {"pretest": "node -r ./settings.mjs a.js", "test": "jest", "posttest": "sh b.sh"},
            ["a.js", "b.sh", "settings.mjs"],
        ),
        (
            {"test": "npm run -s unit && eslint lib/notes.js", "unit": "tsx check.js", "build": "node c.js"},
            ["check.js"],
        ),
        ({"test": "node --test"}, []),
        ({"test": "node -e 'process.exit(0)' lib/notes.js"}, []),
    ],
)
def test_the_scripts_behind_npm_are_those_that_its_test_script_runs(told: dict[str, str], scripts: list[str]) -> None:
    files = trees.Files({**NODE, "package.json": json.dumps({"scripts": told})})

    assert rules.behind(NPM, files) == tuple(scripts)


@pytest.mark.parametrize(
    ("argv", "files", "scripts"),
    [
        (("sh", "ci/test.sh"), SHELL, ("ci/test.sh",)),
        (("./ci/check", "--all"), SHELL, ("ci/check",)),
        (("nosetests", "--config=c.cfg"), SHELL, ("c.cfg",)),
        (("make", "check"), {"Makefile": "test:\n\tsh a.sh\ncheck:\n\tsh b.sh\n"}, ("Makefile", "b.sh")),
        (("make",), {"Makefile": ".PHONY: a\nall:\n\tsh a.sh\n"}, ("Makefile", "a.sh")),
        (("make", "-C", "ci"), {"ci/Makefile": "all:\n\tsh a.sh\n"}, ("ci/Makefile", "ci/a.sh")),
        (
            verification.TOX,
            {"tox.ini": "[testenv]\ncommands =\n    sh {toxinidir}/t.sh {posargs}\n"},
            ("t.sh", "tox.ini"),
        ),
        (("tox",), {"pyproject.toml": "[tool.tox.env_run_base]\ncommands = [['python', 'run.py']]\n"}, ("run.py",)),
        (("nox",), {"noxfile.py": "session.run('python', 'run.py')\n"}, ("noxfile.py", "run.py")),
        (("pytest", "notes/cli.py"), SHELL, ()),
    ],
)
def test_every_command_has_its_own_scripts(
    argv: tuple[str, ...], files: dict[str, str], scripts: tuple[str, ...]
) -> None:
    assert rules.behind(argv, trees.Files(files)) == scripts


def test_what_is_found_knows_its_scripts() -> None:
    found = verification.find(trees.Files({"Makefile": "test:\n\tsh t.sh\n", "t.sh": ""}))

    assert found is not None
    assert found.scripts == ("Makefile", "t.sh")


def test_variables_that_multiply_each_other_end() -> None:
    bomb = "".join(f"V{at} = {f'$(V{at + 1})' * 200}\n" for at in range(9))
    files = trees.Files({"Makefile": f"{bomb}test: test other\n\tsh $(V0) $(V0)\nother: test\n\t$(MAKE) test\n"})

    assert "Makefile" in rules.behind(MAKE, files)


@given(st.text(st.sampled_from("ab./-'\"\\ \n\t$(){}&|;:=#<")))
def test_no_recipe_is_so_broken_that_looking_for_scripts_fails(text: str) -> None:
    files = trees.Files(
        {"Makefile": f"test:\n\tsh -c {text}\n", "package.json": json.dumps({"scripts": {"test": text}})}
    )

    for argv in (MAKE, NPM, ("sh", "-c", text)):
        assert all(path in files.paths or not path.startswith("/") for path in rules.behind(argv, files))


@given(trees.hostile())
def test_no_project_is_so_broken_that_looking_at_it_fails(files: trees.Files) -> None:
    found = verification.find(files)

    assert found is None or all(isinstance(word, str) for word in found.argv)
