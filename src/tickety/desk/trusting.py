"""Trust: nothing of a repository is run before a person has seen what would be run, and said yes once."""

from tickety.core import errors, settings, times, trusted
from tickety.desk import ports


def is_trusted(desk: ports.Ports, stake: trusted.Stake) -> bool:
    """A person said yes to exactly this."""
    return desk.trust.is_trusted(stake.digest)


def trust(desk: ports.Ports, stake: trusted.Stake) -> None:
    """A person says yes to what was shown."""
    desk.trust.trust(stake.digest, desk.principal, times.as_text(desk.clock.now()))


def require(desk: ports.Ports, chosen: settings.Settings) -> None:
    """Waits, unless a person trusted what these settings would run."""
    if not is_trusted(desk, trusted.stake(chosen)):
        raise errors.Waits("this repository's commands are not trusted yet; nothing was run", "tickety trust")
