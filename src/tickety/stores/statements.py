"""The store's SQL, one file a statement, named as what it does."""

import os
from functools import cache

_SQL = os.path.join(os.path.dirname(__file__), "sql")


@cache
def sql(name: str) -> str:
    """The statement of that name."""
    with open(os.path.join(_SQL, name + ".sql"), encoding="utf-8") as file:
        return file.read()
