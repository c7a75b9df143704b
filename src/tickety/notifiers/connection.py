"""A connection to a web address that was judged: what was judged is what is connected to, and every phase has a limit.

A name is resolved once. Resolving it again to connect would let whoever owns it answer with another address than the
one that was judged. The certificate is checked against the name all the same.
"""

import io
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from time import monotonic

from tickety import notifier
from tickety.core import address, record

Resolve = Callable[[str, int], Sequence[str]]
"""Gives the network addresses of a host and port; an OSError when there are none."""

_TRIED = 3  # addresses of one name


def addresses(host: str, port: int) -> list[str]:
    """What the machine's own resolver answers, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@record.record(frozen=True, slots=True)
class Way:
    """How to get to web addresses. ``limit`` in seconds, for each phase; ``trust`` knows whose certificates hold."""

    allow_private: bool = False
    resolve: Resolve = addresses
    limit: float = 5.0
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context


def connect(target: address.Target, way: Way) -> socket.socket:
    """A connection to the target's host; Undelivered when there is none, or when it leads somewhere private."""
    found = _resolved(target, way)
    if not way.allow_private and not all(address.is_public(one) for one in found):
        raise notifier.Undelivered(
            f"{target.host} leads to a private address, which only allow_private = true permits", is_final=True
        )
    plain = _connected(target, found[:_TRIED], way)
    return plain if target.scheme == "http" else _secured(plain, target, way)


def _resolved(target: address.Target, way: Way) -> Sequence[str]:
    """The addresses of the host. Nothing ends a resolver that hangs: it is waited for no longer than the limit."""
    answer: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answer.put(way.resolve(target.host, target.port))
        except (OSError, UnicodeError):
            answer.put(())

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answer.get(timeout=way.limit)
    except queue.Empty:
        raise notifier.Undelivered(f"the name {target.host} was not resolved within {way.limit:g} s") from None
    if not found:
        raise notifier.Undelivered(f"there is no host {target.host}")
    return found


def _connected(target: address.Target, found: Sequence[str], way: Way) -> socket.socket:
    end = monotonic() + way.limit
    reason = "it did not answer"
    for one in found:
        try:
            return socket.create_connection((one, target.port), timeout=_left(end))
        except OSError as error:
            reason = error.strerror or "it did not answer in time"
    raise notifier.Undelivered(f"{target.host} cannot be reached: {reason}")


def _secured(plain: socket.socket, target: address.Target, way: Way) -> socket.socket:
    plain.settimeout(way.limit)
    try:
        return way.trust().wrap_socket(plain, server_hostname=target.host)
    except ssl.SSLCertVerificationError as error:
        plain.close()
        raise notifier.Undelivered(f"the certificate of {target.host} does not hold: {error.verify_message}") from error
    except (OSError, ValueError) as error:
        plain.close()
        raise notifier.Undelivered(f"no secure connection to {target.host} came about") from error


class Limited:
    """A connection as ``http.client`` uses one. An answer takes ``seconds`` in all and has ``size`` bytes at the most.

    A socket's own limit begins anew with every byte that comes.
    """

    def __init__(self, line: socket.socket, seconds: float, size: int) -> None:
        self._line = line
        self._seconds = seconds
        self._size = size

    def sendall(self, data: bytes) -> None:
        """Send all of it within the limit."""
        self._line.settimeout(self._seconds)
        self._line.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """What comes back, from now on."""
        del mode
        return io.BufferedReader(_Answer(self._line, monotonic() + self._seconds, self._size))

    def close(self) -> None:
        """Hang up."""
        self._line.close()


class _Answer(io.RawIOBase):
    def __init__(self, line: socket.socket, end: float, size: int) -> None:
        super().__init__()
        self._line = line
        self._end = end
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        if self._left <= 0:
            raise OSError("the answer is too long")
        self._line.settimeout(_left(self._end))
        count = self._line.recv_into(buffer, min(len(buffer), self._left))
        self._left -= count
        return count


def _left(end: float) -> float:
    """The seconds that are left; TimeoutError when none are."""
    if (left := end - monotonic()) <= 0:
        raise TimeoutError("the time is over")
    return left
