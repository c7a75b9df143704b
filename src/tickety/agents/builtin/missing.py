"""What a fault says is not there: a module, a name in a module, an attribute."""

import re
from dataclasses import dataclass
from typing import Literal

from tickety.core import fault

_HINT = re.compile(r"Did you mean:? '([^']+)'")
_PLACE = re.compile(r"\(([^()]+\.\w+)\)")
_NAME = re.compile(r"cannot import name '([^']+)' from (partially initialized module )?'([^']+)'")
_MODULE = re.compile(r"No module named '?([\w.]++)")
_ATTRIBUTE = re.compile(r"(partially initialized )?module '([^']+)' has no attribute '([^']+)'")
_MEMBER = re.compile(r"(?:type object '([^']+)'|'([^']+)' object) has no attribute '([^']+)'")


@dataclass(frozen=True, slots=True)
class Missing:
    """A name that was asked for.

    ``kind`` is module (``name`` is dotted, there is no owner), name (imported from the module ``owner``),
    attribute (of the module ``owner``) or member (of the class ``owner``). ``path`` is the owner's file and
    ``hint`` the name Python itself proposes, where the message has them. ``in_circle``: the owner was still
    being imported.
    """

    kind: Literal["module", "name", "attribute", "member"]
    name: str
    owner: str = ""
    path: str = ""
    hint: str = ""
    in_circle: bool = False

    def __str__(self) -> str:
        whole = f"{self.owner}.{self.name}" if self.owner else self.name
        return f"{'module' if self.kind == 'module' else self.kind} `{whole}`"


def read(found: fault.Fault) -> Missing | None:
    """What is missing; None when the fault is of another kind, or its names could be no Python names."""
    if found.language not in {"python", ""}:
        return None
    missing = _read(found.message)
    words = f"{missing.owner or 'x'}.{missing.name}".split(".") if missing else [""]
    return missing if all(word.isidentifier() for word in words) else None


def _read(message: str) -> Missing | None:
    hint = match[1] if (match := _HINT.search(message)) and match[1].isidentifier() else ""
    if match := _NAME.search(message):
        place = _PLACE.search(message, match.end())
        return Missing("name", match[1], match[3], place[1] if place else "", hint, bool(match[2]))
    if match := _MODULE.search(message):
        return Missing("module", match[1].strip("."))
    if match := _ATTRIBUTE.search(message):
        return Missing("attribute", match[3], match[2], "", hint, bool(match[1]))
    if match := _MEMBER.search(message):
        return Missing("member", match[3], match[1] or match[2], "", hint)
    return None
