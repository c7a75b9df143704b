import pytest

from tests.core import trees
from tickety.core import manifests, requirements


def found(files: trees.Files) -> tuple[requirements.Requirements, ...]:
    return requirements.find(files, manifests.read(files))


@pytest.mark.parametrize(
    ("constraint", "line"),
    [
        ("'^1.2.3'", "x>=1.2.3,<2"),
        ("'^0.2.3'", "x>=0.2.3,<0.3"),
        ("'~1.2'", "x>=1.2,<1.3"),
        ("'1.2'", "x==1.2"),
        ("'>=1,<3'", "x>=1,<3"),
        ("'*'", "x"),
        ("{version = '^2', extras = ['a']}", "x>=2,<3"),
        ("{path = '../x'}", None),
    ],
)
def test_poetry_constraints_are_spelled_for_pip(constraint: str, line: str | None) -> None:
    files = trees.Files(
        {"pyproject.toml": f"[tool.poetry.group.dev.dependencies]\npython = '^3.11'\nx = {constraint}\n"}
    )

    lines = [line for needed in found(files) for line in needed.lines]

    assert lines == ([line] if line else [])


def test_dependency_groups_that_include_each_other_end() -> None:
    text = "[dependency-groups]\na = ['x', {include-group = 'b'}]\nb = ['y', {include-group = 'a'}]\n"
    files = trees.Files({"pyproject.toml": text})

    assert {needed.name: set(needed.lines) for needed in found(files)} == {"a": {"x", "y"}, "b": {"x", "y"}}


@pytest.mark.parametrize(
    ("line", "package"),
    [
        ("PyTest>=8", "pytest"),
        ("zope.interface", "zope-interface"),
        ("a__b[c]; python_version < '3'", "a-b"),
        ("-e .", ""),
        ("", ""),
    ],
)
def test_a_package_is_named_as_its_index_spells_it(line: str, package: str) -> None:
    assert requirements.package(line) == package


def test_a_plugin_names_its_package_too() -> None:
    assert requirements.names(("x", "Pytest_Cov>=4"), "pytest")
    assert not requirements.names(("pytestify",), "pytest")
