"""A web address is told over real connections; whoever answers there may be anybody."""

import json
import socket
import threading
from collections.abc import Sequence
from dataclasses import replace
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notifiers import messages, servers
from tickety import notifier
from tickety.notifiers import connection, webhook

LIMIT = 0.3  # seconds, where nothing comes
PATIENT = 20.0  # where something does, on a busy machine
HIDDEN = "T0ps3cret"


def way(**changes: object) -> connection.Way:
    """A way to the servers of this machine."""
    known: dict[str, object] = {
        "allow_private": True, "resolve": lambda _host, _port: ["127.0.0.1"], "limit": PATIENT, "trust": servers.trust
    }  # fmt: skip
    return connection.Way(**{**known, **changes})  # type: ignore[arg-type]


def hook(server: servers.Server, scheme: str = "http", host: str = servers.HOST, **changes: object) -> webhook.Webhook:
    return webhook.Webhook(f"{scheme}://{host}:{server.port}/in/{HIDDEN}?a=1", way(**changes))


def refusal(hooked: webhook.Webhook) -> notifier.Undelivered:
    """Why a message is not delivered; the address's secret is in no part of it."""
    with pytest.raises(notifier.Undelivered) as refused:
        hooked.send(messages.PLAIN)
    assert HIDDEN not in refused.value.reason + hooked.name
    assert refused.value.reason.isprintable()
    return refused.value


# What is sent.


def test_a_message_is_posted_as_json_under_its_key() -> None:
    with servers.listening(servers.saying(servers.OK), is_secure=True) as server:
        hook(server, "https").send(messages.PLAIN)

    assert server.head[0] == f"POST /in/{HIDDEN}?a=1 HTTP/1.1"
    assert {
        f"Host: {servers.HOST}:{server.port}", "Content-Type: application/json", 'Idempotency-Key: "uid/7"'
    } <= {*server.head}  # fmt: skip
    assert json.loads(server.body) == {
        "schema": 1,
        "key": "uid/7",
        "kind": "blocked",
        "ticket_id": "BUG-2026-001",
        "title": "BUG-2026-001 is blocked: The --version command fails",
        "body": "QA reported: it fails\ntickety show BUG-2026-001",
        "at": "2026-11-22T09:00:00Z",
    }


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_a_ticket_says_stays_inside_the_json(title: str, body: str) -> None:
    sent = webhook.content(messages.of(title=title, body=body))

    assert sent.isascii()
    assert b"\n" not in sent
    assert json.loads(sent)["title"] == title
    assert json.loads(sent)["body"] == body


def test_words_that_look_like_headers_become_none() -> None:
    hostile = messages.of(
        title="x\r\nX-Evil: 1\r\n\r\nPOST /evil HTTP/1.1", body="\r\n.\r\nMAIL FROM:<a@b>\x00\x1b]0;t\x07"
    )
    with servers.listening(servers.saying(servers.OK)) as server:
        hook(server).send(hostile)

    assert len(server.heard) == 1
    assert not [line for line in server.head if "vil" in line]
    assert json.loads(server.body)["title"] == hostile.title


# What comes back.


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "204 No Content", "299 "])
def test_any_success_is_a_yes_whatever_follows_it(status: str) -> None:
    answer = f"HTTP/1.1 {status}\r\n\r\n".encode() + b"\x00garbage" * 100_000
    with servers.listening(servers.saying(answer)) as server:
        hook(server).send(messages.PLAIN)

    assert len(server.heard) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with servers.listening(servers.saying(servers.OK)) as inner:
        onward = f"HTTP/1.1 {status} Elsewhere\r\nLocation: http://127.0.0.1:{inner.port}/\r\n\r\n".encode()
        with servers.listening(servers.saying(onward)) as server:
            failure = refusal(hook(server))

    assert (failure.is_final, inner.heard) == (True, [])
    assert "not followed" in failure.reason


@pytest.mark.parametrize(
    ("status", "is_final"),
    [(400, True), (401, True), (404, True), (410, True), (408, False), (425, False), (429, False), (500, False),
     (503, False), (599, False), (101, True)],
)  # fmt: skip
def test_only_what_may_be_over_soon_is_tried_again(status: int, is_final: bool) -> None:  # noqa: FBT001 - a table's
    with servers.listening(servers.saying(f"HTTP/1.1 {status} So\r\n\r\n".encode())) as server:
        failure = refusal(hook(server))

    assert (failure.is_final, str(status) in failure.reason) == (is_final, True)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"\x16\x03\x01",
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.1 99999 x\r\n\r\n",
    ],
)
def test_what_is_no_answer_of_a_web_server_is_tried_again(answer: bytes) -> None:
    with servers.listening(servers.saying(answer)) as server:
        assert not refusal(hook(server)).is_final


@pytest.mark.parametrize("answer", [servers.hanging, servers.flooding, servers.dripping])
def test_a_server_that_hangs_floods_or_drips_is_left_in_time(answer: servers.Answer) -> None:
    began = monotonic()
    with servers.listening(answer) as server:
        failure = refusal(hook(server, limit=LIMIT))
        took = monotonic() - began

    assert not failure.is_final
    assert took < PATIENT


def test_a_server_that_never_shakes_hands_is_left_in_time() -> None:
    with servers.listening(servers.hanging) as server:
        failure = refusal(hook(server, "https", limit=LIMIT))

    assert "secure connection" in failure.reason


def test_nobody_at_home_is_no_success() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]

    assert "cannot be reached" in refusal(webhook.Webhook(f"http://{servers.HOST}:{port}/", way())).reason


# Where it leads.


@pytest.mark.parametrize(
    "inner", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:127.0.0.1"]
)
def test_a_name_that_leads_to_a_private_address_is_not_connected_to(inner: str) -> None:
    with servers.listening(servers.saying(servers.OK), is_secure=True) as server:
        failure = refusal(hook(server, "https", allow_private=False, resolve=lambda _host, _port: [inner]))

    assert (failure.is_final, server.heard) == (True, [])
    assert "private address" in failure.reason


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    both = ["93.184.215.14", "127.0.0.1"]
    with servers.listening(servers.saying(servers.OK), is_secure=True) as server:
        assert refusal(hook(server, "https", allow_private=False, resolve=lambda _host, _port: both)).is_final

    assert server.heard == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "localhost"])
def test_no_spelling_of_this_machine_gets_by_the_real_resolver(host: str) -> None:
    with servers.listening(servers.saying(servers.OK), is_secure=True) as server:
        hooked = webhook.Webhook(
            f"https://{host}:{server.port}/", way(allow_private=False, resolve=connection.addresses)
        )
        failure = refusal(hooked)

    assert server.heard == []
    assert failure.is_final or "there is no host" in failure.reason


def test_a_name_is_asked_for_once_so_that_a_second_answer_never_counts() -> None:
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with servers.listening(servers.saying(servers.OK)) as server:
        hook(server, resolve=rebinding).send(messages.PLAIN)

    assert (asked, len(server.heard)) == ([servers.HOST], 1)


def test_a_resolver_that_hangs_is_not_waited_for() -> None:
    over = threading.Event()

    def hanging(_host: str, _port: int) -> Sequence[str]:
        over.wait()
        return ()

    with servers.listening(servers.saying(servers.OK)) as server:
        failure = refusal(hook(server, resolve=hanging, limit=LIMIT))
    over.set()

    assert "not resolved" in failure.reason


def test_a_host_that_is_not_there_is_tried_again() -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with servers.listening(servers.saying(servers.OK)) as server:
        failure = refusal(hook(server, resolve=unknown))

    assert (failure.is_final, failure.reason) == (False, f"there is no host {servers.HOST}")


# Whom it trusts.


def test_the_certificate_must_be_the_hosts_although_the_address_was_resolved_before() -> None:
    with servers.listening(servers.saying(servers.OK), is_secure=True) as server:
        failure = refusal(hook(server, "https", host="other.example.test"))

    assert server.heard == []
    assert "certificate of other.example.test does not hold" in failure.reason


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    import ssl

    with servers.listening(servers.saying(servers.OK), is_secure=True) as server:
        failure = refusal(hook(server, "https", trust=ssl.create_default_context))

    assert "does not hold" in failure.reason


def test_without_a_secure_connection_nothing_is_sent_unless_private_addresses_are_allowed() -> None:
    with servers.listening(servers.saying(servers.OK)) as server:
        failure = refusal(hook(server, "http", allow_private=False))

    assert (failure.is_final, server.heard) == (True, [])


@pytest.mark.parametrize(
    "url",
    ["", f"{HIDDEN}.example.test", f"ftp://h/{HIDDEN}", f"file:///{HIDDEN}", "https://", f"https:///{HIDDEN}",
     f"https://u:{HIDDEN}@h/", f"https://h:{HIDDEN}/", f"https://h/\r\n{HIDDEN}: y", f"https://h/ {HIDDEN}",
     f"https://ä.example/{HIDDEN}", f"https://[::{HIDDEN}", f"https://h/{HIDDEN * 300}"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=r"^its? ") as refused:
        webhook.Webhook(url, way())
    assert HIDDEN not in str(refused.value)


def test_two_addresses_have_two_names_and_one_has_always_the_same() -> None:
    one, same, other = (webhook.Webhook(f"https://h/{path}", way()).name for path in ("a", "a", "b"))

    assert one == same != other


def test_a_key_that_came_with_a_foreign_ticket_is_one_header_all_the_same() -> None:
    foreign = replace(messages.PLAIN, key='x"\r\nX-Evil: 1/7')
    with servers.listening(servers.saying(servers.OK)) as server:
        hook(server).send(foreign)

    assert 'Idempotency-Key: "x%22%0D%0AX-Evil%3A%201/7"' in server.head
