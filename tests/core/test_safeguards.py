import textwrap

import pytest

from tickety.core import change, safeguards

PYTEST = ("python3", "-m", "pytest", "-q")


def edit(path: str, old: str | None, new: str | None) -> change.Change:
    status = "added" if old is None else "deleted" if new is None else "modified"
    return change.Change(path, status, *(None if side is None else textwrap.dedent(side) for side in (old, new)))


def found(
    *changes: change.Change,
    command: tuple[str, ...] = PYTEST,
    source: str = "pytest.ini",
    scripts: tuple[str, ...] = (),
) -> tuple[str, ...]:
    return tuple(safeguards.changed(changes, command, source, scripts))


WHOLE = (
    *("conftest.py", "tests/conftest.py", "pytest.ini", ".pytest.ini", "pytest.toml", "tox.ini", "tox.toml"),
    *("noxfile.py", ".coveragerc", "sitecustomize.py", "src/usercustomize.py", "src/hook.pth", "tickety.toml"),
    *(".tickety/agents/qa.md", "jest.config.js", "vitest.config.ts", "vite.config.mjs", ".mocharc.yml", ".npmrc"),
    *("crates/a/.cargo/config.toml", "rust-toolchain", "node_modules/.bin/jest"),
)
STATUSES = {"was added": (None, "b"), "was changed": ("a", "b"), "was deleted": ("a", None)}


@pytest.mark.parametrize(("verb", "sides"), STATUSES.items())
@pytest.mark.parametrize("path", WHOLE)
def test_an_edit_of_what_decides_over_tests_is_found(
    path: str, verb: str, sides: tuple[str | None, str | None]
) -> None:
    assert f"{path} {verb}" in found(edit(path, *sides))


@pytest.mark.parametrize(
    "path",
    [".github/workflows/ci.yml", "docs/conftest.md", "examples/notes/tickety.toml", "Makefile", "src/config.toml"],
)
def test_an_edit_beside_the_verification_is_fine(path: str) -> None:
    assert [found(edit(path, *sides)) for sides in STATUSES.values()] == [(), (), ()]


def test_a_file_that_only_became_executable_is_fine() -> None:
    assert found(edit("conftest.py", "a", "a")) == ()


def test_a_file_that_is_no_text_counts_as_changed() -> None:
    assert found(change.Change("a.pth", "modified", None, None)) == ("a.pth was changed",)


@pytest.mark.parametrize(
    ("path", "command", "source"),
    [
        ("Makefile", ("make", "test"), "Makefile: target test"),
        ("build/rules.mk", ("make", "test"), "Makefile: target test"),
        ("Makefile", ("tox",), "Makefile: target test"),
        ("rules.mk", ("sh", "-c", "x"), "Makefile: target test"),
        ("GNUmakefile", ("make", "check"), ""),
        ("Makefile", ("gmake",), ""),
        ("justfile", ("just", "test"), "justfile"),
    ],
)
def test_what_the_command_was_found_in_counts(path: str, command: tuple[str, ...], source: str) -> None:
    assert found(edit(path, "a", "b"), command=command, source=source) == (f"{path} was changed",)


@pytest.mark.parametrize(("verb", "sides"), STATUSES.items())
def test_a_script_of_the_verification_counts_and_its_neighbour_does_not(
    verb: str, sides: tuple[str | None, str | None]
) -> None:
    changes = edit("ci/check.sh", *sides), edit("ci/deploy.sh", *sides)

    assert found(*changes, scripts=("ci/check.sh",)) == (f"ci/check.sh {verb}",)


@pytest.mark.parametrize(
    "source", ["tests/test_app.py", "requirements-dev.txt", "pyproject.toml: [project] dependencies"]
)
def test_where_the_runner_was_only_recognised_does_not_count(source: str) -> None:
    path = source.partition(":")[0]
    assert found(edit(path, "a = 1", "b = 1"), source=source) == ()


@pytest.mark.parametrize("path", ["tests/test_app.py", "notes/words.py"])
def test_what_a_runner_is_given_on_the_command_line_may_grow(path: str) -> None:
    assert found(edit(path, "a = 1", "a = 2"), command=("pytest", path)) == ()


@pytest.mark.parametrize("path", ["pytest.py", "src/unittest/__init__.py", "_pytest/main.py"])
def test_a_stand_in_for_the_runner_is_found(path: str) -> None:
    sentence = f"{path} was added, and would stand in for the test runner"
    assert found(edit(path, None, "")) == (sentence,)
    assert found(edit(path, "a", "b")) == ()


BASE = {
    "pyproject.toml": """
        [project]
        name = "app"
        version = "1"
        [tool.ruff]
        line-length = 100
        [tool.pytest.ini_options]
        addopts = "-q"
        """,
    "setup.cfg": "[metadata]\nname = app\n[tool:pytest]\naddopts = -q\n[testenv:py]\ndeps = x\n",
    "package.json": '{"name": "app", "version": "1", "scripts": {"test": "jest"}, "jest": {"bail": true}}',
    "Cargo.toml": '[package]\nname = "app"\nversion = "1"\n[profile.test]\nopt-level = 1\n[[test]]\nname = "it"\n',
}
PARTS = (
    ("pyproject.toml", 'version = "1"', 'version = "2"', ()),
    ("pyproject.toml", "line-length = 100", "line-length = 120", ()),
    ("pyproject.toml", 'addopts = "-q"', "addopts = '-q'  # the same", ()),
    ("pyproject.toml", '"-q"', '"-q --deselect tests/test_app.py"', ("[tool.pytest] was changed",)),
    ("pyproject.toml", "[tool.ruff]", "[tool.tox]\nenv_list = []\n[tool.ruff]", ("[tool.tox] was changed",)),
    (
        "pyproject.toml",
        "[tool.ruff]",
        "[tool.coverage.report]\nfail_under = 0\n[tool.ruff]",
        ("[tool.coverage] was changed",),
    ),
    (
        "pyproject.toml",
        "[tool.ruff]",
        "[tool.pytest-enabler]\nx = 1\n[tool.ruff]",
        ("[tool.pytest-enabler] was changed",),
    ),
    ("pyproject.toml", "[tool.ruff]", "[tool.hatch.envs.x]\ny = 1\n[tool.ruff]", ()),
    (
        "pyproject.toml",
        "[tool.ruff]",
        '[project.entry-points.pytest11]\nx = "y"\n[tool.ruff]',
        ('[project.entry-points."pytest11"] was changed',),
    ),
    ("pyproject.toml", "[project]", "[project", ("[tool.pytest] was changed",)),
    ("setup.cfg", "name = app", "name = other", ()),
    ("setup.cfg", "addopts = -q", "addopts = -q -k nothing", ("[tool:pytest] was changed",)),
    ("setup.cfg", "deps = x", "deps = y", ("[testenv:py] was changed",)),
    ("package.json", '"version": "1"', '"version": "2"', ()),
    ("package.json", '"test": "jest"', '"test": "true"', ('"scripts" was changed',)),
    ("package.json", '"bail": true', '"testPathIgnorePatterns": ["app"]', ('"jest" was changed',)),
    ("package.json", '"name"', "name", ('"jest" was changed', '"scripts" was changed')),
    ("Cargo.toml", 'version = "1"', 'version = "2"', ()),
    ("Cargo.toml", "opt-level = 1", "opt-level = 1\ndebug-assertions = false", ("profile.test was changed",)),
    ("Cargo.toml", 'name = "it"', 'name = "it"\nharness = false', ("test was changed",)),
    ("Cargo.toml", "[package]", "[lib]\ndoctest = false\n[package]", ("lib.doctest was changed",)),
)


@pytest.mark.parametrize(("path", "old", "new", "sentences"), PARTS)
def test_of_a_manifest_only_what_is_about_tests_counts(
    path: str, old: str, new: str, sentences: tuple[str, ...]
) -> None:
    before = textwrap.dedent(BASE[path])
    assert old in before
    expected = tuple(f"{path}: {sentence}" for sentence in sentences)
    assert found(edit(path, before, before.replace(old, new, 1))) == expected


def test_of_a_new_manifest_its_tests_count() -> None:
    assert found(edit("package.json", None, BASE["package.json"])) == (
        'package.json: "jest" was changed',
        'package.json: "scripts" was changed',
    )


def test_the_environments_of_the_program_that_runs_the_tests_count() -> None:
    changed = edit("pyproject.toml", "", "[tool.hatch.envs.default.scripts]\ntest = 'true'\n")
    assert found(changed, command=("hatch", "run", "test")) == ("pyproject.toml: [tool.hatch] was changed",)
