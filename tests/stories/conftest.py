"""The houses that stories are told in."""

from pathlib import Path

import pytest

from tests.stories import house as houses


@pytest.fixture
def notes(tmp_path: Path) -> houses.House:
    return houses.notes(tmp_path)


@pytest.fixture
def empty(tmp_path: Path) -> houses.House:
    return houses.empty(tmp_path)
