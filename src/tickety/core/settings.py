"""What a project has decided for itself, or what was found in it: read at one commit, never from a checkout."""

from dataclasses import field, replace

from tickety.core import outbox, record, verification, workspace_setup

HALF_AN_HOUR = 1800.0


@record.record(frozen=True, slots=True)
class Filling:
    """Who fills a role: a command of the project's, or one of the built-in agents by name. ``timeout`` in seconds."""

    command: tuple[str, ...] = ()
    builtin: str | None = None
    timeout: float = HALF_AN_HOUR


@record.record(frozen=True, slots=True)
class Notify:
    """Whom people are told by, and of what: ``on`` names kinds of messages (``core.outbox.KINDS``).

    ``urls`` are apprise's and ``webhook`` a web address; all of them may be secrets. ``allow_private`` lets these
    addresses, and no others, lead to this machine or its network.
    """

    on: tuple[str, ...] = outbox.DEFAULT
    desktop: bool = False
    urls: tuple[str, ...] = ()
    webhook: str | None = None
    allow_private: bool = False

    def untrusted(self) -> "Notify":
        """What of it may be heeded before a person trusted whoever wrote it: nothing that leads elsewhere."""
        return replace(self, urls=(), webhook=None)


@record.record(frozen=True, slots=True)
class Settings:
    """``files`` are the texts that a person's trust covers, by path; ``extra_environment`` names variables to pass."""

    verification: verification.Verification | None
    setup: workspace_setup.Setup
    roster: dict[str, Filling] = field(default_factory=dict)
    extra_environment: tuple[str, ...] = ()
    verification_timeout: float = HALF_AN_HOUR
    setup_timeout: float = HALF_AN_HOUR
    files: dict[str, str] = field(default_factory=dict)
    notify: Notify = Notify()


EMPTY = Settings(None, workspace_setup.Setup((), (), (), (), "nothing was found"))
"""The settings of a project of which nothing is known."""
