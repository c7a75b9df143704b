"""The guide's third example: an epic, its parts, and what may start when."""

import pytest

from tests.stories import house as houses

TEMPLATE = """\
description = "an area is rebuilt, written about and tested"
type = "epic"
title = "$words"

[[children]]
key = "module"
type = "feature"
title = "Refactor authentication module"

[[children]]
key = "logic"
type = "feature"
title = "Update authorization logic"

[[children]]
key = "docs"
type = "doc"
title = "Update auth documentation"
blocked_by = ["module", "logic"]

[[children]]
key = "suite"
type = "qa"
title = "Create auth test suite"
starts_with = ["module"]
"""


def _ready(house: houses.House) -> list[str]:
    found = house.tickety("list", "is:ready", "--json").data["tickets"]
    return sorted(ticket["id"].split("-")[0] + ticket["id"][-1] for ticket in found)


def test_the_guides_epic_by_hand(empty: houses.House) -> None:
    empty.tickety("epic", "new", "Auth System Refactor", "--child", "feature: Refactor authentication module")
    empty.tickety("new", "Update authorization logic", "--type", "feature")
    empty.tickety("epic", "add", "EPIC-1", "FEAT-2")
    blocked = ("--blocked-by", "FEAT-1", "--blocked-by", "FEAT-2")
    empty.tickety("new", "Update auth documentation", "--type", "doc", "--parent", "EPIC-1", *blocked)
    started = empty.tickety(
        "new", "Create auth test suite", "--type", "qa", "--parent", "EPIC-1", "--starts-with", "FEAT-1", "--json"
    )

    assert started.code == 0, started.err
    tree = empty.tickety("epic", "tree", "EPIC-1")
    year = started.data["id"].split("-")[1]
    assert tree.out.splitlines() == [
        f"EPIC-{year}-001  open 0/4  Auth System Refactor",
        f"  FEAT-{year}-001  open 0/4  Refactor authentication module",
        f"  FEAT-{year}-002  open 0/4  Update authorization logic",
        f"  DOC-{year}-001  open 0/1  Update auth documentation  (waits for FEAT-{year}-001, FEAT-{year}-002)",
        f"  QA-{year}-001  open 0/1  Create auth test suite  (waits for FEAT-{year}-001 to start)",
    ]
    assert _ready(empty) == ["FEAT1", "FEAT2"]

    refused = empty.tickety("epic", "add", "FEAT-1", "EPIC-1", "--json")
    assert (refused.code, "would wait for itself" in refused.error["message"]) == (4, True)


@pytest.mark.slow
def test_the_guides_epic_by_a_template_in_one_command(notes: houses.House) -> None:
    notes.write({".tickety/templates/rebuild.toml": TEMPLATE})

    opened = notes.tickety("new", "Auth System Refactor", "--template", "rebuild", "--json").data["tickets"]
    assert opened[0]["title"] == "Auth System Refactor"
    assert len(opened) == 5
    assert _ready(notes) == ["FEAT1", "FEAT2"]

    notes.commit(message="Add a template")
    notes.seat("Research", "raise SystemExit('I do not know')\n")
    notes.tickety("run", "FEAT-1", "--yes")
    assert _ready(notes) == ["FEAT2", "QA1"]

    for part in ("FEAT-1", "FEAT-2"):
        assert notes.tickety("close", part).code == 0
    assert _ready(notes) == ["DOC1", "QA1"]
    epic = notes.tickety("epic", "tree", "EPIC-1", "--json").data["tickets"][0]
    assert epic["progress"] == {"done": 2, "total": 4}
