"""Chat and mail through apprise, which knows some hundred services by their addresses (``mailto://``, ``slack://``).

Apprise is an extra, ``tickety[notify]``. It works in a process of its own (``courier``), which is ended when it takes
too long, and in which no connection to a private address can be made. Its addresses hold secrets: they are handed over
on standard input, and no name and no reason shows more of one than its service.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from importlib import util
from typing import Any

from tickety import notifier
from tickety.core import address

_LIMIT = 30.0  # seconds
_BREAK = "\u200b"  # seen by nobody, and the end of a name
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "DBUS_SESSION_BUS_ADDRESS", "SSL_CERT_FILE", "SSL_CERT_DIR",
                "REQUESTS_CA_BUNDLE", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY",
                "NO_PROXY", "PYTHONPATH")  # fmt: skip


class Chat:
    """One address of apprise's. ValueError, which repeats nothing of it, when it is none."""

    def __init__(
        self,
        url: str,
        *,
        allow_private: bool = False,
        environ: Mapping[str, str] = os.environ,
        limit: float = _LIMIT,
    ) -> None:
        self._service = address.service(url)
        self._url = url
        self._allow_private = allow_private
        self._environment = environment(environ)
        self._limit = limit
        self.name = f"{self._service}-{sha256(url.encode()).hexdigest()[:12]}"

    def send(self, message: notifier.Message) -> None:
        if util.find_spec("apprise") is None:
            raise notifier.Undelivered("chat and mail need apprise: pip install 'tickety[notify]'", is_final=True)
        answer = self._handed_over(message)
        if answer != {"delivered": True}:
            reason = str(answer.get("reason", "it ended without an answer"))
            raise notifier.Undelivered(f"{self._service}: {reason}", is_final=bool(answer.get("is_final")))

    def _handed_over(self, message: notifier.Message) -> dict[str, Any]:
        errand = {
            "url": self._url,
            "title": _unaddressed(message.title),
            "body": _unaddressed(message.body),
            "allow_private": self._allow_private,
            "limit": self._limit,
        }
        try:
            ended = subprocess.run(
                # -P: a folder that we happen to stand in has no say in what is imported.
                [sys.executable, "-P", "-m", "tickety.notifiers.courier"],
                input=json.dumps(errand).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=os.sep,
                env=self._environment,
                timeout=self._limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"reason": f"it took longer than {self._limit:g} s"}
        return _read(ended.stdout)


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What of an environment the process gets: how to get out, and nothing that is meant for others."""
    return {name: environ[name] for name in _ENVIRONMENT if name in environ}


def _unaddressed(words: str) -> str:
    """The words with nobody called by them: a ticket that says @everyone shall not ring for everyone."""
    return words.replace("@", "@" + _BREAK).replace("<", "<" + _BREAK)


def _read(output: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(output)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
