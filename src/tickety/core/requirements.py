"""What a project says it needs from elsewhere, in whichever of its files it says so."""

import re
from collections.abc import Iterator

from tickety.core import manifests, record, tree


@record.record(frozen=True, slots=True)
class Requirements:
    """What the project says it needs: ``kind`` is package, extra, group or file, ``name`` which of them."""

    kind: str
    name: str
    place: str
    lines: tuple[str, ...]


def find(files: tree.Tree, project: manifests.Project) -> tuple[Requirements, ...]:
    """Everything the project says it needs from elsewhere to run, to be developed or to be tested."""
    declared = (needed for kind, name, keys in _REQUIREMENTS for needed in _declared(project, kind, name, keys))
    paths = (path for path in sorted(files.paths) if _REQUIREMENT_FILE.fullmatch(path))
    listed = (Requirements("file", path, path, manifests.strings(files.text(path))) for path in paths)
    return tuple(needed for needed in (*declared, *listed) if needed.lines)


def names(lines: tuple[str, ...], wanted: str) -> bool:
    """Whether requirement lines name a package or, as pytest-cov for pytest, one of its plugins."""
    return any(name == wanted or name.startswith(f"{wanted}-") for name in map(package, lines))


def package(line: str) -> str:
    """The package that a requirement line names, as its index spells it; empty when it names none."""
    match = _NAME.match(line)
    return re.sub(r"[-_.]+", "-", match[0]).lower() if match else ""


def _declared(project: manifests.Project, kind: str, name: str, keys: tuple[str, ...]) -> Iterator[Requirements]:
    """The requirements under a path of keys, in which ``*`` stands for any name."""
    before, star, after = _around_star(keys)
    for group in manifests.table(project, *before) if star else (name,):
        path = (*before, group, *after) if star else keys
        yield Requirements(kind, group, _place(path), _lines(project, manifests.at(project, *path)))


def _place(path: tuple[str, ...]) -> str:
    section = f"[{'.'.join(path[1:-1])}] " if path[1:-1] else ""
    return f"{path[0]}: {section}{path[-1]}"


def _around_star(keys: tuple[str, ...]) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    where = keys.index("*") if "*" in keys else len(keys)
    return keys[:where], where < len(keys), keys[where + 1 :]


def _lines(project: manifests.Project, value: object) -> tuple[str, ...]:
    if isinstance(value, dict):
        released = {
            name: manifests.at(wanted, "version") if isinstance(wanted, dict) else wanted
            for name, wanted in value.items()
        }
        return tuple(
            f"{name}{_pinned(text)}" for name, text in released.items() if isinstance(text, str) and name != "python"
        )
    return tuple(dict.fromkeys((*manifests.strings(value), *_included(project, value))))


def _included(project: manifests.Project, value: object) -> Iterator[str]:
    """The requirements of the groups that a dependency group includes (PEP 735), however deep, each group once."""
    groups, seen, waiting = manifests.table(project, "pyproject.toml", "dependency-groups"), set[str](), [value]
    while waiting:
        items = waiting.pop()
        for item in items if isinstance(items, list) else ():
            name = manifests.at(item, "include-group")
            if isinstance(name, str) and name not in seen:
                seen.add(name)
                waiting.append(groups.get(name))
                yield from manifests.strings(groups.get(name))


def _pinned(text: str) -> str:
    """A version in Poetry's spelling as pip spells it: ``^1.2`` is >=1.2,<2 and ``~1.2`` is >=1.2,<1.3."""
    match = _POETRY_VERSION.fullmatch(text.strip())
    if not match:
        return text.strip() if text.strip()[:1] in set("<>=!") else ""
    parts = [int(part) for part in match[2].split(".")]
    return f">={match[2]},<{_next(parts, match[1])}" if match[1] else f"=={match[2]}"


def _next(parts: list[int], sign: str) -> str:
    """The first version that is too new: the first part that is not 0 counts up for ``^``, the second one for ``~``."""
    leading = next((place for place, part in enumerate(parts) if part), len(parts) - 1)
    place = leading if sign == "^" else min(1, len(parts) - 1)
    return ".".join(str(part) for part in (*parts[:place], parts[place] + 1))


_REQUIREMENTS = (
    # what it is, its name where it has none of its own, where it stands
    ("package", "", ("pyproject.toml", "project", "dependencies")),
    ("package", "", ("pyproject.toml", "tool", "poetry", "dependencies")),
    ("package", "", ("setup.cfg", "options", "install_requires")),
    ("package", "", ("setup.py", "install_requires")),
    ("extra", "", ("pyproject.toml", "project", "optional-dependencies", "*")),
    ("extra", "", ("pyproject.toml", "tool", "poetry", "extras", "*")),
    ("extra", "", ("setup.cfg", "options.extras_require", "*")),
    ("extra", "", ("setup.py", "extras_require", "*")),
    ("group", "", ("pyproject.toml", "dependency-groups", "*")),
    ("group", "", ("pyproject.toml", "tool", "poetry", "group", "*", "dependencies")),
    ("group", "dev", ("pyproject.toml", "tool", "poetry", "dev-dependencies")),
    ("group", "", ("pyproject.toml", "tool", "pdm", "dev-dependencies", "*")),
    ("group", "", ("pyproject.toml", "tool", "hatch", "envs", "*", "dependencies")),
    ("group", "", ("pyproject.toml", "tool", "hatch", "envs", "*", "extra-dependencies")),
    ("group", "dev", ("pyproject.toml", "tool", "uv", "dev-dependencies")),
    ("group", "test", ("setup.cfg", "options", "tests_require")),
    ("group", "test", ("setup.py", "tests_require")),
    ("group", "test", ("tox.ini", "testenv", "deps")),
)
_REQUIREMENT_FILE = re.compile(
    r"(?:\w[\w.-]*)?requirements[\w.-]*\.txt|requirements/\w[\w.-]*\.txt|tests?/[\w.-]*requirements[\w.-]*\.txt"
)
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_POETRY_VERSION = re.compile(r"([~^]?)(\d{1,9}(?:\.\d{1,9}){0,4})")
