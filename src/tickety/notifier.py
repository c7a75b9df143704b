"""The notifier port: a way to tell people something where they are. It is used by the outbox alone."""

from typing import Protocol

from tickety.core import outbox

Message = outbox.Message


class Undelivered(Exception):
    """A message did not arrive. ``reason`` is fit for people, with nothing secret in it.

    ``is_final``: it would not arrive another time either.
    """

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


class Notifier(Protocol):
    """One channel: a desktop, a chat, a web address. What it is given are other people's words, never commands."""

    @property
    def name(self) -> str:
        """What its cursor is kept under: always the same for the same place, and with nothing secret in it."""

    def send(self, message: Message) -> None:
        """Hand a message over, within half a minute; Undelivered when that did not work out.

        A message may come twice, and then has the same ``key``.
        """
