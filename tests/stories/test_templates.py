"""Templates and types of a project's own, as people meet them."""

import pytest

from tests.stories import house as houses


def test_a_template_is_written_changed_checked_and_used(empty: houses.House) -> None:
    written = empty.tickety("template", "new", "leak", "--from", "security_vulnerability", "--json")
    file = empty.path / ".tickety" / "templates" / "leak.toml"

    assert written.data["written"] == [".tickety/templates/leak.toml"]
    assert empty.tickety("template", "new", "leak", "--json").code == 4
    file.write_text(file.read_text().replace('sla = "4 hours"', 'sla = "1 hour"\ntitle = "Leak: $words"', 1))
    assert empty.tickety("template", "check").code == 0

    ticket = empty.tickety("new", "Tokens in the log", "--template", "leak", "--json").data
    assert (ticket["title"], ticket["priority"]) == ("Leak: Tokens in the log", "critical")
    assert ticket["orchestration"]["sla"] == "1 hour"


def test_each_fault_is_named_with_its_file(empty: houses.House) -> None:
    bad = {"one.toml": "type = ", "two.toml": 'type = "bogus"', "Three.toml": "", "good.toml": 'type = "bug"'}
    empty.write({f".tickety/templates/{name}": words for name, words in bad.items()})

    checked = empty.tickety("template", "check", "--json")
    listed = empty.tickety("template", "list", "--json").data["templates"]

    assert checked.code == 1
    assert [fault["file"].rpartition("/")[2] for fault in checked.data["faults"]] == [
        "one.toml",
        "two.toml",
        "Three.toml",
    ]
    assert [one["name"] for one in listed if one["fault"]] == ["one", "two"]
    assert empty.tickety("template", "show", "good", "--json").data["type"] == "bug"


@pytest.mark.parametrize("name", ["../../evil", "Leak", "", "a b"])
def test_a_template_never_lies_elsewhere(empty: houses.House, name: str) -> None:
    assert empty.tickety("template", "new", name, "--dry-run", "--json").code == 2
    assert not (empty.path / ".tickety").exists()


@pytest.mark.slow
def test_a_ticket_of_a_projects_own_type_is_run_and_judged_like_the_type_it_is_like(notes: houses.House) -> None:
    notes.commit({"tickety.toml": '[types.incident]\nprefix = "INC"\nlike = "bug"\n'}, "Define incidents")

    ticket = notes.tickety(houses.SENTENCE, "--type", "incident", "--yes", "--json").ticket

    assert ticket["id"].startswith("INC-")
    assert (ticket["type"], ticket["resolution"]) == ("incident", "fixed")


def test_to_be_asked_one_has_to_be_there(empty: houses.House) -> None:
    refused = empty.tickety("new", "It fails", "--ask", "--json")

    assert (refused.code, refused.error["message"]) == (2, "--ask needs a person at a terminal")


def test_a_template_that_stands_in_the_place_of_a_built_in_one_says_so(empty: houses.House) -> None:
    assert "in the place of the built-in bug" in empty.tickety("template", "new", "bug").err
    assert "built-in" not in empty.tickety("template", "new", "incident").err
