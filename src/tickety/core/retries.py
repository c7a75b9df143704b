"""How often things are tried again, and after which pauses."""

from tickety.core import record


@record.record(frozen=True, slots=True)
class Patience:
    """``pauses`` are the seconds before the second attempt, the third, and so on; the last one holds for the rest.

    ``rework`` is how often a judge may send a step back; ``limited`` the seconds to wait out a limit of unknown end.
    ``proposals`` is what becomes of steps that a report proposes: ``ask``, ``accept`` or ``refuse``.
    """

    pauses: tuple[float, ...] = (10.0, 60.0)
    rework: int = 1
    limited: float = 900.0
    proposals: str = "ask"


USUAL = Patience()
