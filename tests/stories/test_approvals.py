"""A step that needs a person's yes does not begin without one."""

import pytest

from tests.stories import house as houses

TEMPLATE = """
type = "task"
agents_required = ["Ops Agent"]
workflow = "deploy"
approvals = ["deploy"]
"""


def deploying(notes: houses.House) -> houses.House:
    notes.write({".tickety/templates/release.toml": TEMPLATE})
    notes.seat("Ops", f"open({str(notes.home / 'deployed')!r}, 'a').write('x')")
    assert notes.tickety("trust", "--yes").code == 0
    assert notes.tickety("new", "Release it", "--template", "release").code == 0
    return notes


def deployed(notes: houses.House) -> int:
    place = notes.home / "deployed"
    return len(place.read_text()) if place.exists() else 0


@pytest.mark.slow
def test_a_deployment_waits_for_a_person_and_begins_with_their_yes(notes: houses.House) -> None:
    deploying(notes)

    waits = notes.tickety("run", "1", "--json")
    refused = notes.tickety("retry", "1", "--json")
    assert (waits.code, refused.code, deployed(notes)) == (5, 5, 0)
    assert "once a person approves it" in waits.ticket["waiting_for"]
    assert waits.ticket["questions"][0]["kind"] == "approval"

    done = notes.tickety("retry", "1", "--yes", "--json")

    assert (done.code, deployed(notes)) == (0, 1), done.err
    assert done.ticket["status"] == "closed"


def test_an_agent_cannot_say_yes_to_a_deployment(notes: houses.House) -> None:
    deploying(notes)
    notes.tickety("run", "1")

    refused = notes.tickety("retry", "1", "--yes", "--json", CLAUDECODE="1")

    assert (refused.code, deployed(notes)) == (5, 0)
    assert "waits for a person's approval" in refused.error["message"]


def test_a_yes_is_for_one_attempt(notes: houses.House) -> None:
    deploying(notes)
    notes.commit({"ops.py": f"open({str(notes.home / 'deployed')!r}, 'a').write('x'); raise SystemExit(1)"})
    notes.tickety("trust", "--yes")
    notes.tickety("run", "1")
    failed = notes.tickety("retry", "1", "--yes", "--json")

    again = notes.tickety("retry", "1", "--json")

    assert (failed.code, again.code, deployed(notes)) == (1, 5, 1)
