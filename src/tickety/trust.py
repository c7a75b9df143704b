"""The trust port: what a person has said yes to, kept for the user and never in the repository."""

from typing import Protocol


class TrustRecords(Protocol):
    """Digests of what may be run, for one repository."""

    def is_trusted(self, digest: str) -> bool:
        """A person trusted exactly this."""

    def trust(self, digest: str, by: str, at: str) -> None:
        """A person trusts exactly this from now on."""
