"""How a workflow is read: what fills in what it leaves unsaid, and how strict one is."""

from collections.abc import Mapping
from dataclasses import field

from tickety.core import record, ticket


@record.record(frozen=True, slots=True)
class Manner:
    """``crew`` are the agents that a line takes in order; ``tasks`` says by step what is to be done.

    ``known`` are the steps of a plan that is to be changed: what a spelling has no word for stays as it is there.
    ``is_lenient``: it was imported; what comes twice is numbered, and the last of several candidates is meant.
    """

    crew: tuple[str, ...] = ()
    tasks: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, ticket.Step] = field(default_factory=dict)
    is_lenient: bool = False


PLAIN = Manner()
"""Nothing is known beside the workflow itself, and what can mean two things is refused."""
