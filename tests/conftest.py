"""The houses that stories are told in, and how long the property tests look."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.stories import house as houses


@pytest.fixture
def notes(tmp_path: Path) -> houses.House:
    return houses.notes(tmp_path)


@pytest.fixture
def sound(notes: houses.House) -> houses.House:
    """The example project without its fault."""
    cli = (notes.path / "notes" / "cli.py").read_text()
    notes.commit({"notes/cli.py": cli.replace("version_text", "version_line")}, "Mend the version")
    return notes


@pytest.fixture
def empty(tmp_path: Path) -> houses.House:
    return houses.empty(tmp_path)


# A busy machine is no fault: nothing here is judged by how long one example took.
settings.register_profile("house", deadline=None)
settings.register_profile("soak", max_examples=5_000, deadline=None)
settings.load_profile("house")
