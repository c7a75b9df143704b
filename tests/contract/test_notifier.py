"""What every notifier promises, whoever it tells."""

import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.notifiers import messages, servers
from tickety import notifier
from tickety.notifiers import chat, connection, desktop, webhook

HIDDEN = "T0ps3cret"


def on_the_desktop(folder: Path, _port: int, *, works: bool) -> notifier.Notifier:
    program = folder / "notify-send"
    program.write_text(f"#!/bin/sh\nexit {0 if works else 1}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return desktop.Desktop(lambda name: str(program) if name == program.name else None)


def by_chat(_folder: Path, port: int, *, works: bool) -> notifier.Notifier:
    return chat.Chat(f"json://127.0.0.1:{port}/{HIDDEN}/{works}", allow_private=True)


def at_a_web_address(_folder: Path, port: int, *, works: bool) -> notifier.Notifier:
    return webhook.Webhook(f"http://127.0.0.1:{port}/{HIDDEN}/{works}", connection.Way(allow_private=True))


KINDS = {"desktop": on_the_desktop, "chat": by_chat, "webhook": at_a_web_address}
Make = Callable[..., notifier.Notifier]


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """A notifier of each kind, with somebody behind it who takes messages or does not."""

    def answer(line: socket.socket, server: servers.Server) -> None:
        takes = b"/True" in server.heard[-1].partition(b"\r\n")[0]
        line.sendall(servers.OK if takes else b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n")

    with servers.listening(answer) as server:
        yield lambda *, works: KINDS[request.param](tmp_path, server.port, works=works)


def test_a_message_that_is_taken_is_done_with_and_may_come_again(make: Make) -> None:
    told = make(works=True)

    told.send(messages.PLAIN)
    told.send(messages.PLAIN)


def test_a_message_that_is_not_taken_is_said_to_be_so_and_may_be_tried_again(make: Make) -> None:
    with pytest.raises(notifier.Undelivered) as refused:
        make(works=False).send(messages.PLAIN)

    assert not refused.value.is_final
    assert refused.value.reason.isprintable()
    assert HIDDEN not in refused.value.reason


def test_no_word_of_a_ticket_keeps_a_message_from_being_taken(make: Make) -> None:
    told = make(works=True)

    for words in (messages.HOSTILE[0], "\n".join(messages.HOSTILE[:-2]).replace("\x00", "")):
        told.send(messages.of(title=words, body=words))


def test_a_name_is_always_the_same_and_tells_no_secret(make: Make) -> None:
    name = make(works=True).name

    assert name == make(works=True).name
    assert HIDDEN not in name
    assert name.isprintable()
    assert len(name) < 60
