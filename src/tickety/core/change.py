"""One path that differs between two trees."""

from tickety.core import record


@record.record(frozen=True, slots=True)
class Change:
    """``old`` and ``new`` are the texts before and after; None where the file is absent or not text."""

    path: str
    status: str  # "added" | "modified" | "deleted" (a rename is a deletion and an addition)
    old: str | None
    new: str | None
