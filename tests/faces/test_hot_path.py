"""The command line answers fast because it loads little. What `tickety list` loads is held here."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.stories import house as houses

OURS = {
    "tickety", "tickety.__main__", "tickety.bootstrap", "tickety.bootstrap.memory", "tickety.clock", "tickety.cli",
    "tickety.cli.main", "tickety.cli.listing", "tickety.cli.options", "tickety.cli.render", "tickety.cli.session",
    "tickety.core", "tickety.core.errors", "tickety.core.query", "tickety.core.record", "tickety.core.text",
    "tickety.desk", "tickety.desk.memory", "tickety.desk.search", "tickety.places", "tickety.store",
    "tickety.stores", "tickety.stores.files", "tickety.stores.documents", "tickety.stores.delivery",
    "tickety.stores.journal", "tickety.stores.database", "tickety.stores.projection",
    "tickety.stores.selection", "tickety.stores.newer", "tickety.stores.statements", "tickety.stores.sqlite",
    "tickety.stores.transaction",
}  # fmt: skip

SAY_MODULES = """
import sys
from tickety.cli import main
sys.argv[1:] = {words}
try:
    main.main()
except SystemExit:
    pass
print("\\n".join(sorted(sys.modules)), file=sys.stderr)
"""

BASELINE = (
    "import click, sqlite3, json, dataclasses, gc, locale, sys; print('\\n'.join(sorted(sys.modules)), file=sys.stderr)"
)


def test_the_list_loads_click_and_sqlite_and_our_hot_modules_only(tmp_path: Path) -> None:
    house = houses.notes(tmp_path)
    assert house.tickety("new", "It fails").code == 0

    allowed = _modules(house, BASELINE) | OURS
    loaded = _modules(house, SAY_MODULES.format(words=["list"]))

    assert "tickety.cli.listing" in loaded
    assert sorted(name for name in loaded - allowed if not name.startswith("click.")) == []


HEAVY = {"asyncio", "subprocess", "msgspec", "hashlib", "pathlib", "tomllib", "difflib", "rich", "random"}


@pytest.mark.parametrize(
    "words",
    [
        ["new", "It fails"],
        ["new", "Production is down! ImportError in core service!"],
        ["new", "Plan implementation for custom agent templates feature"],
        ["next"],
        ["search", "fails"],
        ["show", "1"],
        ["close", "1"],
        ["comment", "1", "hello there"],
        ["block", "1", "the vendor is away"],
        ["ack", "1"],
        ["escalations"],
        ["inbox"],
        ["--json"],
    ],
    ids=" ".join,
)
def test_a_short_verb_loads_nothing_that_runs_agents_and_nothing_heavy(tmp_path: Path, words: list[str]) -> None:
    house = houses.notes(tmp_path)
    assert house.tickety("new", "It fails").code == 0

    loaded = _modules(house, SAY_MODULES.format(words=words))

    assert "tickety.stores.sqlite" in loaded
    working = ("tickety.agents", "tickety.engines", "tickety.workspaces", "tickety.runners", "tickety.config")
    assert sorted(name for name in loaded if name in HEAVY or name.startswith(working)) == []


def _modules(house: houses.House, script: str) -> set[str]:
    ended = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        cwd=house.path,
        env=house.environment,
        text=True,
        check=True,
    )
    return set(ended.stderr.split())
