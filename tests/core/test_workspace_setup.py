import pytest
from hypothesis import given

from tests.core import trees
from tickety.core import verification, workspace_setup

PYTEST = ("python3", "-m", "pytest", "-q")
UNITTEST = ("python3", "-m", "unittest")
MAKE = ("make", "test")
VENV = ("python3", "-m", "venv", ".venv")

PACKAGE = "[build-system]\n[project]\nname = 'notes'\n"


def pip(*arguments: str) -> tuple[tuple[str, ...], ...]:
    return (VENV, (".venv/bin/python", "-m", "pip", "install", "-q", *arguments))


@pytest.mark.parametrize(
    ("files", "argv", "commands"),
    [
        # nothing to set up
        ({"pyproject.toml": PACKAGE, "notes/cli.py": ""}, UNITTEST, ()),
        ({"pyproject.toml": PACKAGE, "notes/cli.py": "", "Makefile": "test:\n\tpython3 -m unittest\n"}, MAKE, ()),
        ({"Makefile": "test:\n\tcc x.c\n", "x.c": ""}, MAKE, ()),
        ({"package.json": '{"scripts": {"test": "node --test"}}'}, ("npm", "test"), ()),
        ({}, (), ()),
        # the package itself
        ({"pyproject.toml": PACKAGE, "src/notes/cli.py": ""}, UNITTEST, pip("-e", ".")),
        ({"pyproject.toml": PACKAGE + "dependencies = ['click']\n"}, UNITTEST, pip("-e", ".")),
        ({"pyproject.toml": PACKAGE + "dynamic = ['dependencies']\n"}, UNITTEST, pip("-e", ".")),
        ({"setup.py": "setup(install_requires=load())"}, UNITTEST, pip("-e", ".")),
        ({"setup.py": "setup(ext_modules=[Extension('a', ['a.c'])])", "a.c": ""}, UNITTEST, pip("-e", ".")),
        ({"pyproject.toml": "[build-system]\nbuild-backend = 'mesonpy'\n"}, UNITTEST, pip("-e", ".")),
        # pytest, where nothing else names it, and the plugins that its settings ask for
        ({"pyproject.toml": PACKAGE}, PYTEST, pip("-e", ".", "pytest")),
        ({"tests/test_a.py": ""}, PYTEST, pip("pytest")),
        ({"pytest.ini": "[pytest]\naddopts = --cov=notes\n"}, PYTEST, pip("pytest", "pytest-cov")),
        ({"requirements.txt": "pytest==8\n"}, PYTEST, pip("-r", "requirements.txt")),
        ({"Makefile": "test:\n\tpython3 -m pytest\n", "tests/test_a.py": ""}, MAKE, pip("pytest")),
        # extras and groups for tests, or else those for development
        (
            {
                "pyproject.toml": PACKAGE
                + "[project.optional-dependencies]\ntest = ['pytest']\ndev = ['x']\ndoc = ['y']\n"
            },
            PYTEST,
            pip("-e", ".[test]"),
        ),
        (
            {
                "pyproject.toml": PACKAGE
                + "[dependency-groups]\ndev = ['pytest>=8', {include-group = 'lint'}]\nlint = ['ruff']"
            },
            PYTEST,
            pip("-e", ".", "pytest>=8", "ruff"),
        ),
        (
            {"setup.cfg": "[metadata]\nname = a\n[options.extras_require]\ntesting =\n    pytest\n"},
            PYTEST,
            pip("-e", ".[testing]"),
        ),
        # lists of requirements
        (
            {"requirements.txt": "a\n", "requirements-dev.txt": "pytest\n", "requirements-docs.txt": "b\n"},
            PYTEST,
            pip("-r", "requirements-dev.txt", "-r", "requirements.txt"),
        ),
        (
            {"requirements.txt": "a==1 --hash=sha256:00\n", "setup.py": "setup()"},
            PYTEST,
            (*pip("-r", "requirements.txt"), *pip("-e", ".", "pytest")[1:]),
        ),
        # an application is no package: only what it needs
        (
            {"pyproject.toml": "[project]\nname = 'app'\ndependencies = ['click>=8']\n"},
            PYTEST,
            pip("click>=8", "pytest"),
        ),
        (
            {"pyproject.toml": "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nclick = '^8.1'\n"},
            PYTEST,
            pip("click>=8.1,<9", "pytest"),
        ),
        (
            {"tox.ini": "[tox]\n", "pyproject.toml": PACKAGE},
            verification.TOX,
            (*pip("-e", ".", "tox"), (".venv/bin/python", *verification.TOX[1:], "--notest")),
        ),
        # uv
        ({"uv.lock": "", "pyproject.toml": PACKAGE}, UNITTEST, (("uv", "sync", "--frozen"),)),
        (
            {
                "uv.lock": "",
                "pyproject.toml": "[dependency-groups]\ndev = ['pytest']\n[project.optional-dependencies]\na = ['b']",
            },
            PYTEST,
            (("uv", "sync", "--frozen", "--all-groups", "--all-extras"),),
        ),
        (
            {"uv.lock": "", "pyproject.toml": "[dependency-groups]\na = ['b']\n[tool.uv]\nconflicts = []\n"},
            PYTEST,
            (("uv", "sync", "--frozen"), ("uv", "pip", "install", "-q", "pytest")),
        ),
        # other ecosystems
        ({"package.json": "{}", "package-lock.json": "{}"}, (), (("npm", "ci", "--no-audit", "--no-fund"),)),
        ({"package.json": "{}", "pnpm-lock.yaml": ""}, (), (("pnpm", "install", "--frozen-lockfile"),)),
        ({"package.json": "{}", "yarn.lock": ""}, (), (("yarn", "install", "--frozen-lockfile"),)),
        (
            {"package.json": '{"devDependencies": {"a": "1"}}'},
            (),
            (("npm", "install", "--no-package-lock", "--no-audit", "--no-fund"),),
        ),
        ({"Cargo.toml": "", "Cargo.lock": ""}, (), (("cargo", "fetch", "--locked"),)),
        ({"Cargo.toml": ""}, (), (("cargo", "fetch"),)),
    ],
)
def test_what_a_project_needs_is_installed_and_nothing_else(
    files: dict[str, str], argv: tuple[str, ...], commands: tuple[tuple[str, ...], ...]
) -> None:
    assert workspace_setup.find(trees.Files(files), argv).commands == commands


def test_a_project_of_several_ecosystems_is_set_up_in_each() -> None:
    files = {
        "requirements.txt": "a\n",
        "package.json": "{}",
        "package-lock.json": "{}",
        "Cargo.toml": "",
        "x/Cargo.toml": "",
    }

    setup = workspace_setup.find(trees.Files(files), UNITTEST)

    assert [command[0] for command in setup.commands] == ["python3", ".venv/bin/python", "npm", "cargo"]
    assert setup.inputs == ("requirements.txt", "package.json", "package-lock.json", "Cargo.toml", "x/Cargo.toml")
    assert setup.source == "pip: requirements.txt; package-lock.json; Cargo.toml"
    assert setup.copy == setup.share == ()


def test_where_uv_is_absent_its_project_is_set_up_by_pip() -> None:
    files = trees.Files({"uv.lock": "", "pyproject.toml": PACKAGE + "[dependency-groups]\ndev = ['pytest']\n"})

    setup = workspace_setup.find(files, PYTEST, absent=frozenset({"uv"}))

    assert setup.commands == pip("-e", ".", "pytest")


def test_the_sources_of_an_extension_decide_whether_it_is_compiled_again() -> None:
    files = trees.Files({"setup.py": "setup(ext_modules=[e])", "src/a.pyx": "", "src/a.h": "", "docs/b.c": ""})

    assert workspace_setup.find(files, PYTEST).inputs == ("setup.py", "src/a.h", "src/a.pyx")


@pytest.mark.parametrize(
    "line",
    [
        "--index-url=https://example.com",
        "-e ../x",
        "./x",
        "/x",
        "x/y",
        "../x",
        "https://example.com/x.whl",
        "x y",
        "-rx",
    ],
)
def test_a_requirement_cannot_smuggle_an_option_or_a_path_into_pips_arguments(line: str) -> None:
    files = trees.Files({"pyproject.toml": f"[dependency-groups]\ntest = ['{line}', 'good']\n"})

    assert workspace_setup.find(files, UNITTEST).commands == pip("good")


@pytest.mark.parametrize(
    "line",
    ["a", "a-b.c_d>=1,<2", "a[x,y]==1.*", "a (>=1)", "a >= 1; python_version < '3.12'", "a @ https://x.org/a.whl"],
)
def test_plain_requirements_are_listed_as_they_stand(line: str) -> None:
    files = trees.Files({"pyproject.toml": f'[dependency-groups]\ntest = ["{line}"]\n'})

    assert workspace_setup.find(files, UNITTEST).commands == pip(line)


@given(trees.hostile())
def test_no_project_is_so_broken_that_looking_at_it_fails(files: trees.Files) -> None:
    setup = workspace_setup.find(files, PYTEST)

    assert set(setup.inputs) <= files.paths
    assert all("\0" not in word for command in setup.commands for word in command)
