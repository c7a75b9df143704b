"""The process that hands one message to apprise: an errand as JSON on standard input, an answer on standard output.

    {"url", "title", "body", "allow_private", "limit"}  ->  {"delivered": true}  or  {"reason", "is_final"}

Apprise resolves names by itself, so an address is judged in the moment in which it is connected to, whoever connects.
"""

import json
import os
import sys
from typing import Any

from tickety.core import address

_CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


def main() -> None:
    """Do the errand."""
    answer_to = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever a service prints is no answer
    errand = json.load(sys.stdin)
    os.environ["NETRC"] = os.devnull  # passwords that a person keeps for other programs
    wall = Wall()
    if not errand["allow_private"]:
        sys.addaudithook(wall)
    answer = _answer(errand, wall)
    with os.fdopen(answer_to, "w", encoding="utf-8") as out:
        json.dump(answer, out)
    os._exit(0)  # not even a service that hangs keeps the process


class Wall:
    """Lets no connection out but to public addresses. It cannot be taken away again: it is the process's."""

    def __init__(self) -> None:
        self.has_refused = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Python asks before each connection."""
        if event in _CONNECTING and not _is_public(arguments[-1]):
            self.has_refused = True
            raise PermissionError("private addresses are not permitted")


def _is_public(place: object) -> bool:
    return isinstance(place, tuple) and bool(place) and isinstance(place[0], str) and address.is_public(place[0])


def _answer(errand: dict[str, Any], wall: Wall) -> dict[str, Any]:
    try:
        is_delivered = _notify(errand)
    except ImportError:
        return {"reason": "apprise is not installed: pip install 'tickety[notify]'", "is_final": True}
    except ValueError as error:
        return {"reason": str(error), "is_final": True}
    if is_delivered:
        return {"delivered": True}
    if wall.has_refused:
        reason = "it leads to a private address, which only allow_private = true permits"
        return {"reason": reason, "is_final": True}
    return {"reason": "the service did not take it", "is_final": False}


def _notify(errand: dict[str, Any]) -> bool:
    import apprise

    asset = apprise.AppriseAsset(
        app_id="Tickety",
        app_desc="Tickety",
        app_url="",
        async_mode=False,
        http_redirects=False,
        interpret_emojis=False,
        allow_templates=False,
        service_timeout=errand["limit"] - 2,
    )
    service = apprise.Apprise.instantiate(errand["url"], asset=asset)
    if service is None:
        raise ValueError("apprise does not know such an address")
    sender = apprise.Apprise(service, asset=asset)
    return bool(sender.notify(errand["body"], errand["title"], body_format=apprise.NotifyFormat.TEXT))


if __name__ == "__main__":
    main()
