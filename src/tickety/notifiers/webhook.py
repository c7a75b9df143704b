"""A web address that is told: one POST of JSON for each message. No redirect is followed.

    POST …
    Content-Type: application/json
    Idempotency-Key: "TICKET_UID/SEQ"

    {"schema": 1, "key": …, "kind": …, "ticket_id": …, "title": …, "body": …, "at": …}

A status of 2xx is a yes. 408, 425, 429 and 5xx mean later; everything else means never.
"""

import json
import socket
from hashlib import sha256
from http import HTTPStatus, client
from urllib.parse import quote

from tickety import notifier
from tickety.core import address
from tickety.notifiers import connection

_ANSWER = 64 * 1024  # bytes of status and headers; of the body nothing is read
_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_NO_ANSWER = "{host} did not answer as a web server does within {limit:g} s"


class Webhook:
    """A web address. Its path may be a secret: no name and no reason shows it. ValueError when it is none."""

    def __init__(self, url: str, way: connection.Way) -> None:
        self._target = address.target(url)
        self._way = way
        self.name = f"webhook-{sha256(url.encode()).hexdigest()[:12]}"

    def send(self, message: notifier.Message) -> None:
        if self._target.scheme == "http" and not self._way.allow_private:
            raise notifier.Undelivered(
                f"{self._target.shown} is not secure; write https, or allow_private = true", is_final=True
            )
        line = connection.connect(self._target, self._way)
        try:
            status = self._posted(line, message)
        finally:
            line.close()
        _judge(status, self._target.host)

    def _posted(self, line: socket.socket, message: notifier.Message) -> int:
        limit, host = self._way.limit, self._target.host
        web = client.HTTPConnection(host, self._target.port)
        web.sock = connection.Limited(line, limit, _ANSWER)
        try:
            web.request("POST", self._target.path, content(message), self._headers(message))
            return web.getresponse().status
        except (OSError, client.HTTPException) as error:
            raise notifier.Undelivered(_NO_ANSWER.format(host=host, limit=limit)) from error

    def _headers(self, message: notifier.Message) -> dict[str, str]:
        return {
            "Host": self._target.authority,
            "User-Agent": "tickety",
            "Content-Type": "application/json",
            "Idempotency-Key": f'"{quote(message.key)}"',
            "Connection": "close",
        }


def content(message: notifier.Message) -> bytes:
    """What is posted: plain letters on one line."""
    names = ("key", "kind", "ticket_id", "title", "body", "at")
    return json.dumps({"schema": 1, **{name: getattr(message, name) for name in names}}).encode()


def _judge(status: int, host: str) -> None:
    if status // 100 == 2:  # noqa: PLR2004 - whatever is a success
        return
    if status // 100 == 3:  # noqa: PLR2004 - a redirect
        raise notifier.Undelivered(f"{host} sends it on elsewhere ({status}), which is not followed", is_final=True)
    is_final = status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _LATER
    raise notifier.Undelivered(f"{host} answered {status}", is_final=is_final)
