"""The houses that stories are told in, and how long the property tests look."""

from pathlib import Path
from typing import Any, cast

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how the simulated weeks were, whichever process lived through them."""
    reports = (one for one in terminalreporter.getreports("passed") if isinstance(one, pytest.TestReport))
    parts = [value for one in reports for name, value in one.user_properties if name == "weeks"]
    if parts:
        from tests.simulation import weeks

        terminalreporter.section("simulated weeks")
        for line in weeks.told(cast("list[dict[str, Any]]", parts)):
            terminalreporter.write_line(line)
