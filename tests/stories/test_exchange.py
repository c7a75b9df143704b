"""Tickets come from other tools and go to other stores, on the real command line."""

import json
import shutil

import pytest

from tests.stories import house as houses
from tests.stories.test_endings import MENDS


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


def test_where_an_agent_is_typing_new_tickets_come_and_known_ones_are_left_to_a_person(empty: houses.House) -> None:
    assert empty.tickety("import", "-", stdin=json.dumps({"title": "The export forgets a line"})).code == 0
    known = json.loads(empty.tickety("export").out)["tickets"][0]
    late = {"updated_at": "2099-01-01T00:00:00Z", "version": 9}
    closing = {**known, **late, "status": "closed", "resolution": "done", "closed_at": "2099-01-01T00:00:00Z"}
    both = json.dumps([closing, {"id": "BUG-2025-001", "title": "new here"}])

    refused = empty.tickety("import", "-", stdin=both, CLAUDECODE="1")
    rehearsed = empty.tickety("import", "-", "--dry-run", stdin=both, CLAUDECODE="1")
    fresh = empty.tickety("import", "-", stdin=json.dumps({"title": "new here"}), CLAUDECODE="1")

    assert (refused.code, rehearsed.code, fresh.code) == (4, 0, 0)
    assert "a person has to say yes" in refused.err
    statuses = [one["status"] for one in json.loads(empty.tickety("export").out)["tickets"]]
    assert statuses == ["open", "open"]
    assert empty.tickety("import", "-", stdin=both).code == 0


def test_an_export_goes_to_a_file_in_one_form_and_says_what_it_leaves_out(empty: houses.House) -> None:
    assert empty.tickety("import", "-", stdin=json.dumps({"title": "The export forgets a line"})).code == 0
    (empty.path / "folder").mkdir()

    for words in (
        ("--output", "folder"),
        ("--output", ""),
        ("--json", "--format", "csv"),
        ("--json", "--format", "md"),
    ):
        refused = empty.tickety("export", *words)
        assert (refused.code, refused.out) == (2, ""), words
    nowhere = empty.tickety("export", "--output", "no/such/file.json")
    table = empty.tickety("export", "--format", "csv")

    assert (nowhere.code, nowhere.out) == (1, "")
    assert "no/such" in nowhere.err
    assert ".file.json." not in nowhere.err
    assert "a table holds no steps" in table.err
    assert table.out.startswith("id,uid,")


def test_nothing_is_printed_before_the_store_could_be_read(empty: houses.House) -> None:
    assert empty.tickety("import", "-", stdin=json.dumps({"title": "The export forgets a line"})).code == 0
    kept = empty.path / ".git" / "tickety" / "tickety.db"
    for path in kept.parent.glob("tickety.db-*"):
        path.unlink()
    kept.write_bytes(b"no database at all" * 100)

    for form in ("json", "ndjson", "csv", "md"):
        refused = empty.tickety("export", "--format", form)
        assert refused.code != 0
        assert refused.out == ""


def test_a_file_among_tickets_that_is_none_is_named_and_the_count_of_what_was_left_out_is_told(
    empty: houses.House,
) -> None:
    empty.write({
        "tasks/a.md": "---\ntitle: Good\n---\n\nIt is.\n", "tasks/b.md": "# Only words\n",
        "tasks/c.md": "---\ntitle: [\n---\n", "tasks/d.json": '[{"title": "good"}, {"title": "too"}, 5]',
        "tasks/e.jsonl": '{"title": "taken"}\n{broken\n'})  # fmt: skip

    told = empty.tickety("import", ".")

    assert told.code == 1
    for said in ("b.md: it has no front matter", "c.md: its front matter cannot be read", "d.json entry 3",
                 "2 more in it are left out", "e.jsonl line 2",
                 "2 tickets imported, 0 updated, 0 skipped, 4 refused, 2 left out with them"):  # fmt: skip
        assert said in told.err


HAND = {"QA": "raise SystemExit(1)", "Engineer": "from pathlib import Path\nPath('by-engineer').touch()"}


@pytest.mark.slow
def test_work_of_a_person_outlives_that_their_ticket_is_imported_again(notes: houses.House) -> None:
    issue = {"title": "Add a note", "id": "TASK-2025-001", "type": "task", "created_at": "2025-01-01"}
    for role, script in HAND.items():
        notes.seat(role, script)
    notes.tickety("trust", "--yes")
    notes.tickety("import", "-", stdin=json.dumps(issue))
    notes.tickety("run", "TASK-2025-001")
    notes.git("worktree", "add", "-q", str(notes.home / "mine"), notes.branch)
    (notes.home / "mine" / "by-hand").touch()
    mine = houses.House(notes.home / "mine", notes.home)
    mine.commit(message="by hand")
    made = mine.git("rev-parse", "HEAD").strip()
    notes.git("worktree", "remove", str(notes.home / "mine"))
    notes.tickety("retry", "TASK-2025-001", "--yes")

    assert notes.tickety("import", "-", stdin=json.dumps({**issue, "updated_at": "2099-01-01"})).code == 0
    for verb in (("retry", "TASK-2025-001", "--yes"), ("run", "TASK-2025-001"), ("retry", "TASK-2025-001", "--yes")):
        notes.tickety(*verb)

    assert made in notes.git("rev-list", notes.branch).split()


@pytest.mark.slow
def test_a_store_that_was_restored_asks_for_the_work_that_its_branch_holds_and_proves_it_anew(
    notes: houses.House,
) -> None:
    gate = notes.home / "gate"
    notes.seat("Engineer", MENDS)
    notes.seat("QA", f"import os, sys; sys.exit(not os.path.exists({str(gate)!r}))")
    notes.commit({"tickety.toml": (notes.path / "tickety.toml").read_text() + "\n[engine]\nrework = 0\n"})
    assert notes.tickety(houses.SENTENCE, "--yes").code == 1
    log = notes.tickety("export", "--events").out
    made = notes.git("rev-parse", notes.branch)
    shutil.move(notes.path / ".git" / "tickety", notes.home / "lost")
    gate.touch()

    notes.tickety("import", "-", stdin=log)
    asked = notes.tickety("retry", "1", "--yes", "--json")
    done = notes.tickety("retry", "1", "--yes", "--json")

    assert "Tickety left it at" in asked.ticket["waiting_for"]
    assert done.ticket["resolution"] == "fixed", done.err
    assert notes.git("rev-parse", notes.branch) == made
