import pytest
from hypothesis import given

from tests.core import trees
from tickety.core import manifests


def test_every_manifest_is_there_and_empty_when_the_file_is_not() -> None:
    project = manifests.read(trees.Files({"package.json": '{"name": "x"}', "setup.cfg": None, "Makefile": "a:\n"}))

    assert {path: said for path, said in project.items() if said} == {"package.json": {"name": "x"}}
    assert manifests.at(project, "setup.cfg", "metadata", "name") is None
    assert manifests.table(project, "package.json", "name") == {}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("pyproject.toml", "[a]\nb = 1\n", {"a": {"b": 1}}),
        ("setup.cfg", "[A]\nb = 1\nB = 2\n", {"A": {"b": "1", "B": "2"}}),
        ("package.json", '{"a": [1]}', {"a": [1]}),
        ("setup.py", "setup(a='b')\n", {"a": "b"}),
    ],
)
def test_a_byte_order_mark_changes_nothing(name: str, text: str, said: dict[str, object]) -> None:
    assert manifests.parse(name, text) == manifests.parse(name, "\ufeff" + text) == said


@pytest.mark.parametrize(
    ("name", "text"),
    [("pyproject.toml", "[a"), ("package.json", "[]"), ("package.json", ""), ("setup.py", "def"), ("a.yml", "a: b")],
)
def test_what_cannot_be_read_says_nothing(name: str, text: str) -> None:
    assert manifests.parse(name, text) == {}


def test_a_setup_py_is_read_and_never_run() -> None:
    text = "raise SystemExit\nneeded = ['a']\nsetup(install_requires=needed, tests_require=load(), name='\\d')\n"

    read = manifests.read(trees.Files({"setup.py": text}))

    assert read["setup.py"] == {"install_requires": ["a"], "tests_require": None, "name": "\\d"}


@given(trees.hostile())
def test_no_manifest_is_so_broken_that_reading_it_fails(files: trees.Files) -> None:
    assert all(isinstance(said, dict) for said in manifests.read(files).values())


@pytest.mark.parametrize(
    "text",
    [
        "[tool.tox]\n" + ".".join(["a"] * 100_000) + " = 1\n",
        "[tool.tox." + ".".join(["'a,='"] * 100_000) + "]\n",
        "[tool.tox]\na = {" + ".".join(['"]"'] * 100_000) + " = 1}\n",
        "[tool.tox]\na = " + "{a = " * 60 + "1" + "}" * 60 + "\n",
        "[tool.tox]\na = " + "[" * 100_000 + "\n",
    ],
)
def test_a_manifest_that_is_nested_without_end_counts_as_unreadable(text: str) -> None:
    assert manifests.parse("pyproject.toml", text) == {}
