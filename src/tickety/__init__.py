"""Tickety: a project manager for a team of coding agents.

>>> import tickety
>>> with tickety.open_desk() as desk:  # doctest: +SKIP
...     ticket = desk.open_ticket("The --version command is throwing an ImportError")

Names are loaded when they are used: the command line starts without them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tickety.api import Desk, open_desk
    from tickety.core.errors import TicketyError
    from tickety.core.report import Report
    from tickety.core.ticket import Plan, Priority, Resolution, Status, Step, Ticket

__version__ = "0.1.0"

__all__ = [
    "Desk", "Plan", "Priority", "Report", "Resolution", "Status", "Step", "Ticket", "TicketyError", "open_desk",
]  # fmt: skip

_HOMES = {"Desk": "api", "open_desk": "api", "TicketyError": "core.errors", "Report": "core.report"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the public name stands for
    if name not in __all__:
        raise AttributeError(f"module 'tickety' has no attribute {name!r}")
    return getattr(import_module(f"tickety.{_HOMES.get(name, 'core.ticket')}"), name)
