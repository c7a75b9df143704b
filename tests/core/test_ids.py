import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import errors, ids

PREFIXES = st.from_regex(r"[A-Z][A-Z0-9]{1,9}", fullmatch=True)


@given(PREFIXES, st.integers(1000, 9999), st.integers(1, 999_999_999))
def test_an_id_says_its_prefix_its_year_and_its_number(prefix: str, year: int, number: int) -> None:
    assert ids.parse_id(ids.format_id(prefix, year, number)) == (prefix, year, number)


@pytest.mark.parametrize(("number", "name"), [(1, "BUG-2026-001"), (999, "BUG-2026-999"), (1000, "BUG-2026-1000")])
def test_a_number_has_at_least_three_digits(number: int, name: str) -> None:
    assert ids.format_id("BUG", 2026, number) == name


@pytest.mark.parametrize(
    "text",
    ["", "BUG", "BUG-2026", "BUG-2026-1", "bug-2026-001", "B-2026-001", "BUG-26-001", "BUG-2026-001 ", "BUG-2026-001\n",
     "xBUG-2026-001", "BUG-2026-001x", "BUG-2026-0000000001", "../BUG-2026-001"],
)  # fmt: skip
def test_what_is_no_full_id_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(errors.Usage) as refusal:
        ids.parse_id(text)

    assert "BUG-2026-001" in refusal.value.hint


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("BUG-2026-001", ids.Reference(1, "BUG", 2026)),
        ("  feat-2026-1234 ", ids.Reference(1234, "FEAT", 2026)),
        ("BUG-12", ids.Reference(12, "BUG")),
        ("bug-012", ids.Reference(12, "BUG")),
        ("12", ids.Reference(12)),
        ("007", ids.Reference(7)),
    ],
)
def test_a_person_may_leave_out_what_goes_without_saying(typed: str, meant: ids.Reference) -> None:
    assert ids.parse_reference(typed) == meant


@pytest.mark.parametrize("typed", ["", "BUG", "-1", "1-", "BUG-", "BUG--1", "BUG-2026-1", "1.5", "one", "1234567890"])
def test_what_can_be_no_ticket_is_refused(typed: str) -> None:
    with pytest.raises(errors.Usage):
        ids.parse_reference(typed)


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_a_uid_is_a_uuid_of_version_seven(unix_ms: int, chance: bytes) -> None:
    made = uuid.UUID(ids.uuid7(unix_ms, chance))

    assert str(made) == ids.uuid7(unix_ms, chance)
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == unix_ms


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_a_later_uid_sorts_after_an_earlier_one_whatever_chance_says(one: bytes, other: bytes) -> None:
    assert ids.uuid7(1_000, one) < ids.uuid7(1_001, other)


def test_all_the_chance_that_fits_is_in_the_uid() -> None:
    made = {ids.uuid7(0, chance.to_bytes(10, "big")) for chance in (0, *(1 << bit for bit in range(74)))}

    assert len(made) == 75


def test_a_branch_reads_as_its_ticket() -> None:
    name = ids.branch_name("BUG-2026-001", "The --version command: ImportError!", "0199-4-abcd9f3e")

    assert name == "tickety/BUG-2026-001-the-version-command-importerror-9f3e"


@pytest.mark.parametrize("title", ["日本語", "", "...", "🔥"])
def test_a_title_without_ascii_leaves_no_hole_in_the_branch(title: str) -> None:
    assert ids.branch_name("BUG-2026-001", title, "9f3e") == "tickety/BUG-2026-001-9f3e"


@given(st.text())
def test_no_title_makes_a_branch_that_git_or_a_shell_could_misread(title: str) -> None:
    name = ids.branch_name("BUG-2026-001", title, "0199a0b1-9f3e")

    assert re.fullmatch(r"tickety/BUG-2026-001(-[a-z0-9]+)*-9f3e", name)
    assert len(name) <= 70


@pytest.mark.parametrize(
    "typed", ["\u0663", "BUG-\u0663", "BUG-\u0662\u0660\u0662\u0666-001", "BUG-2026-\uff10\uff10\uff11", "\xb2"]
)
def test_digits_of_other_scripts_name_no_ticket(typed: str) -> None:
    with pytest.raises(errors.Usage):
        ids.parse_reference(typed)
