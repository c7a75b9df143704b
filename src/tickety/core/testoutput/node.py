"""Tests of ``node --test``, as TAP and as a tree for people.

Suites and parents fail with their children; only the leaves are named.
"""

import re
from collections.abc import Iterator, Sequence

from tickety.core import receipt, record
from tickety.core.testoutput import unnamed


def read(lines: Sequence[str]) -> list[receipt.Tally]:
    """One run for each block of counts, in either form."""
    return [run for dialect in _DIALECTS for run in _runs(lines, dialect)]


@record.record(frozen=True, slots=True)
class _Dialect:
    opening: re.Pattern[str]
    broken: re.Pattern[str]
    count: re.Pattern[str]
    indent: int


def _runs(lines: Sequence[str], dialect: _Dialect) -> Iterator[receipt.Tally]:
    path: list[str] = []
    broken: list[tuple[str, ...]] = []
    counts: dict[str, int] = {}
    for before, line in zip(["", *lines], lines, strict=False):
        count = dialect.count.match(line)
        if counts and not count:
            yield from _run(counts, broken)
            broken, counts = [], {}
        if count:
            counts[count[1]] = int(count[2])
        elif opened := dialect.opening.match(line):
            path[len(opened[1]) // dialect.indent :] = [_name(opened[2])]
        # The tree for people ends with its failing tests once more, each below the line that tells its place.
        elif (found := dialect.broken.match(line)) and not found[3] and not before.startswith("test at "):
            broken.append((*path[: len(found[1]) // dialect.indent], _name(found[2])))
    yield from _run(counts, broken)


def _name(name: str) -> str:
    """A test file that broke as a whole is named by its absolute path, which differs between worktrees."""
    plain = name.replace("\\#", "#").replace("\\\\", "\\")
    return "…/" + "/".join(plain.split("/")[-2:]) + unnamed.NOT_RUN if plain.startswith("/") else plain


def _run(counts: dict[str, int], broken: Sequence[tuple[str, ...]]) -> Iterator[receipt.Tally]:
    if not counts.keys() >= {"pass", "fail"}:
        return  # cut off, or somebody's remark
    reported = counts.get("fail", 0) + counts.get("cancelled", 0)
    ran = counts.get("pass", 0) + reported
    parents = {path[:-1] for path in broken}
    leaves = [" > ".join(path) for path in broken if path not in parents]
    failed = len(leaves) if len(broken) >= reported else reported
    skipped = counts.get("skipped", 0) + counts.get("todo", 0)
    yield receipt.Tally(max(0, ran - failed), failed, skipped, tuple(leaves))


_COUNT = r"(tests|suites|pass|fail|cancelled|skipped|todo) +(\d+)$"
_DIALECTS = (
    _Dialect(
        opening=re.compile(r"( *)# Subtest: (.+)$"),
        broken=re.compile(r"( *)not ok \d+(?: -)? (.+?)( # (?:TODO|SKIP).*)?$"),
        count=re.compile(rf"# {_COUNT}"),
        indent=4,
    ),
    _Dialect(
        opening=re.compile(r"( *)▶ (.+?)(?: \([\d.]+m?s\))?$"),
        broken=re.compile(r"( *)✖ (.+?) \([\d.]+m?s\)( # .*)?$"),
        count=re.compile(rf"\N{{INFORMATION SOURCE}} {_COUNT}"),
        indent=2,
    ),
)
