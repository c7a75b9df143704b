"""Several processes tell people at once, and some die: in order, each message once, and none is lost."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import builders
from tests.notifiers import servers
from tickety.core import events
from tickety.stores import sqlite

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
MESSAGES, SENDERS = 20, 4
SEND = """
import sys
from datetime import timedelta
from tickety import clock
from tickety.desk import outbox
from tickety.notifiers import connection, webhook
from tickety.stores import sqlite

class Ahead(clock.SystemClock):
    def now(self):
        return super().now() + timedelta(seconds=int(ahead))

path, port, end, ahead = sys.argv[1:]
kept = sqlite.SqliteStore(path)
told = webhook.Webhook(f"http://127.0.0.1:{port}/", connection.Way(allow_private=True, limit=60.0))
channels = [outbox.Channel(told, frozenset({"opened", "blocked"}))]
print("ready", flush=True)
sys.stdin.readline()
while True:
    outbox.deliver(kept, channels, Ahead(), limit=3)
    cursor = kept.cursor(told.name)
    if cursor.seq >= int(end) and cursor.next_try is None:
        break
kept.close()
"""


def begin(path: Path, port: int, end: int, ahead: int = 0) -> "subprocess.Popen[str]":
    sender = subprocess.Popen(
        [sys.executable, "-c", SEND, str(path), str(port), str(end), str(ahead)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert sender.stdout
    assert sender.stdout.readline() == "ready\n"
    return sender


def go(sender: "subprocess.Popen[str]") -> None:
    assert sender.stdin
    sender.stdin.write("\n")
    sender.stdin.flush()


def filled(path: Path, at: str) -> tuple[sqlite.SqliteStore, int]:
    """A store with a ticket that nobody was told of, and the end of its log."""
    kept = sqlite.SqliteStore(str(path))
    builders.open_one(kept, at=at)
    return kept, kept.end()


def block(kept: sqlite.SqliteStore, count: int, at: str) -> int:
    (uid,) = {event.ticket_uid for event in kept.since(0, 1)}
    drafts = [events.Draft("ticket.blocked", {"blocker": str(number)}) for number in range(count)]
    builders.append(kept, uid, drafts, at=at)
    return kept.end()


@pytest.fixture
def now() -> str:
    from tickety import clock
    from tickety.core import times

    return times.as_text(clock.SystemClock().now())


def listen(path: Path, port: int, end: int) -> None:
    """One sender looks for the first time: the channel begins at the end."""
    first = begin(path, port, end)
    go(first)
    first.communicate()
    assert first.returncode == 0


def test_four_senders_at_once_send_each_message_once_and_in_order(tmp_path: Path, now: str) -> None:
    path = tmp_path / "tickety" / "tickety.db"
    kept, end = filled(path, now)
    with servers.listening(servers.saying(servers.OK)) as server:
        listen(path, server.port, end)
        end = block(kept, MESSAGES, now)
        kept.close()
        senders = [begin(path, server.port, end) for _ in range(SENDERS)]
        for sender in senders:
            go(sender)
        for sender in senders:
            sender.communicate()

    assert [sender.returncode for sender in senders] == [0] * SENDERS
    told = [json.loads(heard.partition(b"\r\n\r\n")[2])["body"].partition("\n")[0] for heard in server.heard]
    assert told == [str(number) for number in range(MESSAGES)]


def test_what_a_sender_that_was_killed_had_in_its_hands_is_sent_again_under_the_same_key(
    tmp_path: Path, now: str
) -> None:
    path = tmp_path / "tickety" / "tickety.db"
    kept, end = filled(path, now)
    killed: list[subprocess.Popen[str]] = []

    def answer(line: socket.socket, server: servers.Server) -> None:
        if len(server.heard) == 2:
            killed[0].send_signal(signal.SIGKILL)
            return
        line.sendall(servers.OK)

    with servers.listening(answer) as server:
        listen(path, server.port, end)
        end = block(kept, 3, now)
        kept.close()
        killed.append(begin(path, server.port, end))
        go(killed[0])
        killed[0].communicate()
        following = begin(path, server.port, end, ahead=121)
        go(following)
        following.communicate()

    assert (killed[0].returncode, following.returncode) == (-signal.SIGKILL, 0)
    keys = [json.loads(heard.partition(b"\r\n\r\n")[2])["key"].rpartition("/")[2] for heard in server.heard]
    assert keys == [str(end - 2), str(end - 1), str(end - 1), str(end)]
