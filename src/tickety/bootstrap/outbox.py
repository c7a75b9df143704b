"""Where people are told: what the user's own file says, and what the project says."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from tickety import config, notifier, places
from tickety.core import errors, settings
from tickety.desk import outbox
from tickety.notifiers import chat, desktop


def channels(project: settings.Notify, environ: Mapping[str, str], *, is_trusted: bool) -> tuple[outbox.Channel, ...]:
    """Every channel once. Of a project that nobody trusts no address is heeded.

    Where the user has a file of their own, it alone decides about their desktop, and it goes before the project's.
    """
    heeded = project if is_trusted else project.untrusted()
    own = _own(environ)
    sources = (own, replace(heeded, desktop=False)) if own else (heeded,)
    told: dict[str, outbox.Channel] = {}
    for source in sources:
        for one in _notifiers(source, environ):
            told.setdefault(one.name, outbox.Channel(one, frozenset(source.on)))
    return tuple(told.values())


def _own(environ: Mapping[str, str]) -> settings.Notify | None:
    """What the user's own file says; None when there is none."""
    path = places.own_notify(environ)
    with suppress(FileNotFoundError, NotADirectoryError):
        try:
            return config.own(Path(path).read_text(encoding="utf-8"), path)
        except UnicodeDecodeError as error:
            raise errors.Usage(f"{path} is not UTF-8 text", f"mend {path}, and run it again") from error
    return None


def _notifiers(wanted: settings.Notify, environ: Mapping[str, str]) -> Iterator[notifier.Notifier]:
    if wanted.desktop and (screen := desktop.Desktop()).is_here():
        yield screen
    for url in wanted.urls:
        yield chat.Chat(url, allow_private=wanted.allow_private, environ=environ)
    if wanted.webhook:
        # What speaks TLS is loaded by those only who want it.
        from tickety.notifiers import connection, webhook

        yield webhook.Webhook(wanted.webhook, connection.Way(wanted.allow_private))
