"""A command that is repeated is done once; a command id that is used for something else is refused."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desk import room
from tickety.core import errors, opening, query
from tickety.desk import intake, memory


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[memory.Memory]:
    opened = room.memory_in(tmp_path)
    yield opened
    opened.store.close()


def request(desk: memory.Memory, words: str = "It fails", **given: str) -> opening.Opening:
    return intake.prepare(desk, opening.Request(words, desk.principal, "user", **given))  # type: ignore[arg-type]


def test_a_command_that_is_repeated_later_opens_the_ticket_once(desk: memory.Memory) -> None:
    first = intake.open_ticket(desk, request(desk), "command-1")
    later = replace(desk)
    later.clock.go_on(3600)  # type: ignore[attr-defined]

    assert intake.open_ticket(later, request(later), "command-1") == first
    assert desk.store.count(query.EVERYTHING) == 1


@pytest.mark.parametrize(("words", "given"), [("It works", {}), ("It fails", {"priority": "low"})])
def test_a_command_id_is_not_used_for_another_request(desk: memory.Memory, words: str, given: dict[str, str]) -> None:
    intake.open_ticket(desk, request(desk), "command-1")

    with pytest.raises(errors.Refused, match=r"opened BUG-2026-001 for another request of user:ada"):
        intake.open_ticket(desk, request(desk, words, **given), "command-1")


def test_a_command_id_is_not_used_by_somebody_else(desk: memory.Memory) -> None:
    intake.open_ticket(desk, request(desk), "command-1")
    bob = room.of(desk, "user:bob")
    same = request(desk)

    with pytest.raises(errors.Refused, match="command-1 opened BUG-2026-001"):
        intake.open_ticket(bob, same, "command-1")
