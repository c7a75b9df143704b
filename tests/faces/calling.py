"""The command line called in this process: many calls cost little."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Told:
    """How a call ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.out)


Call = Callable[..., Told]
"""``tickety`` with some words; ``stdin`` is piped."""
