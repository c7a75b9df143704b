"""What a list of failing tests cannot name: tests that did not run, and those that were only counted."""

from tickety.core import receipt

# Ends the name of what could not be run at all: a file that does not load, the tests behind an early stop.
NOT_RUN = " (not run)"


def is_complete(tally: receipt.Tally) -> bool:
    """Every failure that was counted is named, too."""
    return len(tally.failing) >= tally.failed
