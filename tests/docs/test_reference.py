"""The reference says all that the code knows, and nothing else."""

import pytest

from tests.docs import reference
from tickety.config import tables
from tickety.core import escalation, events, manual


@pytest.mark.parametrize("name", sorted(reference.pages()))
def test_a_page_is_what_the_code_says(name: str) -> None:
    kept = (reference.HERE / name).read_text(encoding="utf-8")

    assert kept == reference.pages()[name], "write it anew: python -m tests.docs.reference"


def test_every_event_is_described_and_none_that_is_not_there() -> None:
    assert reference.described_events().keys() == events.VERSIONS.keys()


def test_every_rule_with_a_delay_is_described() -> None:
    assert set(escalation.DELAYS) <= set(escalation.RULES)


def test_every_setting_is_described_and_none_that_is_not_there() -> None:
    assert {name for name, _ in reference.settings_of(tables.File)} == set(manual.SETTINGS)
