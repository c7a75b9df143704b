"""Chat and mail go through the real apprise, in the process that it has to itself."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.notifiers import messages, servers
from tickety import notifier
from tickety.notifiers import chat, courier

HIDDEN = "T0ps3cret"


def talk(server: servers.Server, *, allow_private: bool = True, more: str = "") -> chat.Chat:
    return chat.Chat(f"json://ada:{HIDDEN}@127.0.0.1:{server.port}/in{more}", allow_private=allow_private)


def refusal(talked: chat.Chat) -> notifier.Undelivered:
    with pytest.raises(notifier.Undelivered) as refused:
        talked.send(messages.PLAIN)
    assert HIDDEN not in refused.value.reason + talked.name + repr(talked)
    return refused.value


def test_a_message_arrives_through_apprise() -> None:
    with servers.listening(servers.saying(servers.OK)) as server:
        talk(server).send(messages.PLAIN)

    said = json.loads(server.body)
    assert (said["title"], said["message"]) == (messages.PLAIN.title, messages.PLAIN.body)


def test_hostile_words_are_words_and_call_nobody() -> None:
    words = "@everyone <!channel> :smile: {{x}} \\n <b>"
    with servers.listening(servers.saying(servers.OK)) as server:
        talk(server).send(messages.of(title=words, body=words))

    said = json.loads(server.body)
    for shown in (said["title"], said["message"]):
        assert shown.replace("\u200b", "") == words
        assert "@everyone" not in shown
        assert "<!" not in shown


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433"])
def test_no_spelling_of_this_machine_is_connected_to_unless_that_is_allowed(host: str) -> None:
    with servers.listening(servers.saying(servers.OK)) as server:
        talked = chat.Chat(f"json://ada:{HIDDEN}@{host}:{server.port}/in")
        failure = refusal(talked)

    assert (failure.is_final, server.heard) == (True, [])
    assert "private address" in failure.reason


def test_a_redirect_is_not_followed() -> None:
    with servers.listening(servers.saying(servers.OK)) as inner:
        onward = f"HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:{inner.port}/\r\n\r\n".encode()
        with servers.listening(servers.saying(onward)) as server:
            failure = refusal(talk(server))

    assert (failure.is_final, inner.heard) == (False, [])


def test_a_service_that_says_no_is_asked_again() -> None:
    with servers.listening(servers.saying(b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n")) as server:
        failure = refusal(talk(server))

    assert (failure.is_final, failure.reason) == (False, "json: the service did not take it")


def test_a_service_that_hangs_is_ended() -> None:
    with servers.listening(servers.hanging) as server:
        talked = chat.Chat(f"json://127.0.0.1:{server.port}" + r"/?rto=600", allow_private=True, limit=3.0)
        failure = refusal(talked)

    assert not failure.is_final


def test_an_address_that_apprise_does_not_know_is_never_tried_again() -> None:
    failure = refusal(chat.Chat(f"nosuchservice://{HIDDEN}"))

    assert (failure.is_final, failure.reason) == (True, "nosuchservice: apprise does not know such an address")


@pytest.mark.parametrize(
    "url", ["", HIDDEN, f"://{HIDDEN}", f"a b://{HIDDEN}", f"{HIDDEN * 9}://x", f"json://\n{HIDDEN}"]
)
def test_what_is_no_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=r"^it ") as refused:
        chat.Chat(url)
    assert HIDDEN not in str(refused.value)


def test_a_folder_that_we_stand_in_has_no_say_in_what_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "apprise.py").write_text("raise SystemExit(9)")
    (tmp_path / "tickety").mkdir()
    (tmp_path / "tickety" / "__init__.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    with servers.listening(servers.saying(servers.OK)) as server:
        talk(server).send(messages.PLAIN)

    assert len(server.heard) == 1


def test_the_process_sees_no_variable_that_it_does_not_need() -> None:
    environ = {**os.environ, "AWS_SECRET_ACCESS_KEY": HIDDEN, "TICKETY_TOKEN": HIDDEN}

    assert HIDDEN not in chat.environment(environ).values()


def test_without_apprise_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "path_importer_cache", {})
    for name in [name for name in sys.modules if name.partition(".")[0] == "apprise"]:
        monkeypatch.delitem(sys.modules, name)

    failure = refusal(chat.Chat(f"json://{HIDDEN}"))

    assert failure.is_final
    assert "pip install 'tickety[notify]'" in failure.reason


@pytest.mark.parametrize(
    ("place", "is_refused"),
    [(("93.184.215.14", 443), False), (("127.0.0.1", 80), True), (("localhost", 80), True), ("/run/bus", True),
     (("::1", 80, 0, 0), True), (("2606:4700::1", 443, 0, 0), False), ((), True), (None, True)],
)  # fmt: skip
def test_the_wall_judges_what_is_connected_to(place: object, is_refused: bool) -> None:  # noqa: FBT001 - a table's
    wall = courier.Wall()
    if is_refused:
        with pytest.raises(PermissionError):
            wall("socket.connect", (None, place))
    else:
        wall("socket.connect", (None, place))
    wall("open", (None, place))

    assert wall.has_refused is is_refused
