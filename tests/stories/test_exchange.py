"""Tickets come from other tools and go to other stores, on the real command line."""

import json

from tests.stories import house as houses


def test_a_folder_is_imported_and_what_cannot_be_is_named(empty: houses.House) -> None:
    good = json.dumps({"id": "BUG-2025-001", "title": "Good \x1b[31mred", "priority": "critical"})
    empty.write({"tasks/a.json": good, "tasks/b.json": '{"title": "broken"', "notes.json": good})
    (empty.path / "tasks" / "c.json").symlink_to(empty.home / ".gitconfig")
    (empty.path / "tasks" / "d.json").write_bytes(b'{"title": "\xff"}')

    rehearsed = empty.tickety("import", ".", "--dry-run", "--json")
    assert [one["id"] for one in rehearsed.data["imported"]] == ["BUG-2025-001"]
    told = empty.tickety("import", ".")

    assert (rehearsed.code, told.code) == (1, 1)
    assert "BUG-2025-001 imported: Good red" in told.out
    assert "\x1b" not in told.out
    for said in ("b.json: it is no JSON: line 1", "c.json: it is a link that leads out", "d.json: line 1 is not UTF-8"):
        assert said in told.err
    assert empty.tickety("import", "nowhere").code == 3


def test_tickets_go_through_a_pipe_into_another_store(empty: houses.House) -> None:
    assert empty.tickety("new", "The export forgets the last line").code == 0
    exported = empty.tickety("export", "--output", "backup.json")
    assert exported.code == 0
    log = empty.tickety("export", "--events")
    other = houses.empty(empty.path.parent / "elsewhere")

    assert other.tickety("import", "-", stdin=log.out).code == 0
    assert other.tickety("export", "--events").out == log.out
    assert other.tickety("export").out == (empty.path / "backup.json").read_text()
    assert empty.tickety("export", "--format", "csv", "--events").code == 2


def test_a_command_that_came_with_a_ticket_is_never_run(sound: houses.House) -> None:
    assert sound.tickety("new", "The list command fails").code == 0
    written = json.loads(sound.tickety("export").out)["tickets"][0]
    written["metadata"] |= {name: ["touch", str(sound.home / "pwned")] for name in ("reproduction", "verification")}
    other = houses.notes(sound.path.parent / "elsewhere")

    assert other.tickety("import", "-", stdin=json.dumps(written)).code == 0
    assert "pwned" in other.tickety("show", written["id"], "--json").out
    other.tickety("run", written["id"], "--yes")

    assert not (sound.home / "pwned").exists()
