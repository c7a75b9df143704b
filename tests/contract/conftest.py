"""What every contract on the store starts from: a store of each kind, empty, and further connections to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract import houses
from tickety import store


@pytest.fixture(params=houses.HOUSES)
def house_name(request: pytest.FixtureRequest) -> str:
    """The kind of store, as another process can be told it."""
    return str(request.param)


@pytest.fixture
def house(house_name: str, tmp_path: Path) -> Iterator[houses.House]:
    opened: list[store.Store] = []
    one = houses.LEDGERS[house_name](tmp_path)

    def another() -> store.Store:
        opened.append(one())
        return opened[-1]

    yield another
    for kept in opened:
        kept.close()


@pytest.fixture
def kept(house: houses.House) -> store.Store:
    return house()
