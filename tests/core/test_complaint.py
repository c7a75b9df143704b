"""What a reader of settings complains of, in our words."""

from typing import Any

import msgspec
import pytest

from tickety.core import complaint


class Seat(msgspec.Struct, forbid_unknown_fields=True):
    """A table with something of every kind."""

    agent: str | list[str]
    hours: float = 1
    copy: list[str] = []


class Roster(msgspec.Struct):
    """A table of tables."""

    seats: dict[str, Seat] = {}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"agent": 3}, "it is a whole number, and should be a text or a list"),
        ({"agent": "x", "hours": "two"}, "it is a text, and should be a number"),
        ({"agent": "x", "copy": [1]}, "it is a whole number, and should be a text"),
        ({"agent": "x", "pay": 3}, "there is no field 'pay'"),
        ({}, "the field 'agent' is missing"),
        (True, "it is true or false, and should be a table"),
    ],
)
def test_every_fault_is_named_by_its_place_in_plain_words(given: Any, said: str) -> None:  # noqa: ANN401 - any TOML
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert({"seats": {"QA": given}}, Roster)

    told = complaint.sentence(str(refused.value))

    assert told.endswith(said)
    assert told.startswith("seats")
    assert not {"$", "`", "Expected", "Object"} & {*told, *told.split()}
