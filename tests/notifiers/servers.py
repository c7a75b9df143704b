"""Servers on this machine for tests of what goes out: one that answers as it is told, over HTTP or HTTPS."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

DATA = Path(__file__).parent / "data"
HOST = "hooks.example.test"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Server:
    """What it heard, request by request as they came over the wire, and where it listens."""

    port: int
    heard: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def head(self) -> list[str]:
        """The lines of the last request's head."""
        return self.heard[-1].partition(b"\r\n\r\n")[0].decode().split("\r\n")

    @property
    def body(self) -> bytes:
        return self.heard[-1].partition(b"\r\n\r\n")[2]


Answer = Callable[[socket.socket, Server], None]


def saying(words: bytes) -> Answer:
    """Answers each request with these words, and hangs up."""
    return lambda line, _: line.sendall(words)


def hanging(line: socket.socket, server: Server) -> None:
    """Says nothing until the test is over."""
    del line
    server.over.wait()


def flooding(line: socket.socket, server: Server) -> None:
    """Never comes to the end of its headers."""
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    while not server.over.is_set():
        line.sendall(b"X-Flood: " + b"x" * 4000 + b"\r\n")


def dripping(line: socket.socket, server: Server) -> None:
    """Sends a letter now and then, so that a limit on each single letter would never be reached."""
    while not server.over.wait(0.02):
        line.sendall(b"H")


@contextmanager
def listening(answer: Answer, *, is_secure: bool = False) -> Iterator[Server]:
    """A server on this machine's own network for as long as it is needed."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = Server(door.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(door, server, answer, is_secure))
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(door: socket.socket, server: Server, answer: Answer, is_secure: bool) -> None:  # noqa: FBT001 - a thread's
    while not server.over.is_set():
        try:
            plain, _ = door.accept()
        except OSError:
            return
        with suppress(OSError), plain, _line(plain, is_secure=is_secure) as line:
            line.settimeout(20)
            server.heard.append(_request(line))
            answer(line, server)


def _line(plain: socket.socket, *, is_secure: bool) -> socket.socket:
    if not is_secure:
        return plain
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(DATA / f"{HOST}.pem")
    return context.wrap_socket(plain, server_side=True)


def _request(line: socket.socket) -> bytes:
    heard = b""
    while b"\r\n\r\n" not in heard or len(heard.partition(b"\r\n\r\n")[2]) < _length(heard):
        if not (more := line.recv(65536)):
            break
        heard += more
    return heard


def _length(heard: bytes) -> int:
    for line in heard.partition(b"\r\n\r\n")[0].lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def trust() -> ssl.SSLContext:
    """Trusts the test's own authority, and nobody else."""
    return ssl.create_default_context(cafile=str(DATA / "authority.pem"))
