"""Records are what frozen dataclasses are, only sooner."""

import dataclasses
from typing import Any, cast

import pytest

from tests import builders
from tickety.core import record, ticket


@record.record(frozen=True, slots=True)
class Pair:
    """Two fields."""

    left: int
    right: str = "r"


@record.record(frozen=True, slots=True)
class Other:
    """The same fields in another class."""

    left: int
    right: str = "r"


@record.record(frozen=True, slots=True)
class Single:
    """One field."""

    only: tuple[int, ...]


@record.record(frozen=True, slots=True)
class Nothing:
    """No field."""


def test_records_are_equal_by_their_fields_and_of_one_class() -> None:
    assert Pair(1) == Pair(1, "r")
    assert Pair(1) != Pair(2)
    assert Pair(1) != Other(1)  # type: ignore[comparison-overlap]  # that is what is asked
    assert Single((1,)) == Single((1,))
    assert Nothing() == Nothing()
    assert len({Pair(1), Pair(1), Pair(2), Single((1,)), Nothing()}) == 4


def test_a_record_shows_how_it_was_made() -> None:
    assert repr(Pair(1)) == "Pair(left=1, right='r')"
    assert repr(Nothing()) == "Nothing()"


def test_the_fields_of_a_record_come_in_their_order_and_as_they_are() -> None:
    inner = Single((1, 2))

    assert list(record.fields_of(Pair(3)).items()) == [("left", 3), ("right", "r")]
    assert record.fields_of(inner)["only"] is inner.only
    assert record.fields_of(Nothing()) == {}


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(ticket.Ticket)])
def test_a_copy_is_what_dataclasses_would_have_made(name: str) -> None:
    subject, changes = builders.opened(), cast("dict[str, Any]", {name: "another"})

    assert record.replace(subject, **changes) == dataclasses.replace(subject, **changes)
    assert subject == builders.opened()


def test_a_copy_with_a_field_that_there_is_none_of_is_refused() -> None:
    with pytest.raises(KeyError):
        record.replace(Pair(1), middle=2)


def test_what_was_just_made_can_be_completed_in_place() -> None:
    fresh = Pair(1)

    assert record.complete(fresh, right="l") is fresh
    assert fresh == Pair(1, "l")
