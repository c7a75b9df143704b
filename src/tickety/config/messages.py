"""Whom people are told by: ``[notify]``, in the project's file or in a user's own."""

from collections.abc import Callable

from tickety.config import tables
from tickety.core import address, errors, nearest, outbox, settings


def own(text: str, place: str) -> settings.Notify:
    """What a user's own file, ``place``, says on messages; Usage when it is not as it should be."""
    return notify(tables.converted(text, tables.Own, place).notify, place)


def notify(wanted: tables.Notify, place: str) -> settings.Notify:
    """What is said on messages. No complaint repeats an address: there may be a password in it."""
    for kind in wanted.on:
        if kind not in outbox.KINDS:
            known = f"{nearest.asked(kind, outbox.KINDS)}the kinds: {', '.join(outbox.KINDS)}"
            raise errors.Usage(f"{place}: [notify] on: there is no kind of message {kind[:40]!r}", known)
    for number, url in enumerate(wanted.urls):
        _require_address(url, address.service, f"{place}: [notify] urls[{number}]", 'write "mailto://…", "slack://…"')
    if wanted.webhook is not None:
        _require_address(wanted.webhook, address.target, f"{place}: [notify] webhook", 'write "https://HOST/PATH"')
        if not wanted.allow_private and address.target(wanted.webhook).scheme != "https":
            raise errors.Usage(f"{place}: [notify] webhook is not secure", "write https, or allow_private = true")
    return settings.Notify(tuple(wanted.on), wanted.desktop, tuple(wanted.urls), wanted.webhook, wanted.allow_private)


def _require_address(url: str, read: Callable[[str], object], field: str, remedy: str) -> None:
    try:
        read(url)
    except ValueError as error:
        raise errors.Usage(f"{field} is no address: {error}", remedy) from None
