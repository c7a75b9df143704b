"""Who acts: the one who was named, else the holder of TICKETY_TOKEN, else git's user."""

import os
from collections.abc import Mapping

from tickety import places
from tickety.core import errors

_NAME_LIMIT = 100


def acting(found: places.Places, environ: Mapping[str, str], named: str | None = None) -> str:
    """The principal who acts in a project. Usage when nobody can be called that, Refused when the token is nobody's."""
    if named is not None:
        return _checked(named)
    if token := environ.get("TICKETY_TOKEN"):
        return _holder(found, token)
    return f"user:{_git_user(found, environ) or environ.get('USER') or 'unknown'}"


def _checked(named: str) -> str:
    kind, _, name = named.partition(":")
    if len(named) <= _NAME_LIMIT and named.isprintable():
        if kind == "user" and name.strip():
            return named
        if kind == "agent":
            from tickety.core import roster

            return f"agent:{roster.role(name).name}"
    raise errors.Usage(
        f"{named[:60]!r} is nobody", f"write user:NAME or agent:ROLE, in {_NAME_LIMIT} characters at the most"
    )


def _holder(found: places.Places, token: str) -> str:
    from hashlib import sha256

    from tickety.stores import sqlite

    kept = sqlite.SqliteStore(found.store)
    try:
        claim = kept.claim_of(sha256(token.rpartition("/")[2].encode()).hexdigest())
        if claim is None:
            raise errors.Refused(
                "TICKETY_TOKEN belongs to no running attempt", "its attempt is over: unset TICKETY_TOKEN"
            )
        agent = kept.load(claim.ticket_uid).orchestration.step(claim.step).agent
    finally:
        kept.close()
    return "agent:" + agent.removesuffix(" Agent")


def _git_user(found: places.Places, environ: Mapping[str, str]) -> str:
    """The ``user.name`` that git knows. Started without ``subprocess``, whose import costs more than git itself."""
    reading, writing = os.pipe()
    argv = ["git", *((f"--git-dir={found.common}",) if found.is_git else ()), "config", "--get", "user.name"]
    streams = [(os.POSIX_SPAWN_DUP2, writing, 1), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    try:
        asked = os.posix_spawnp("git", argv, environ, file_actions=streams)
    except FileNotFoundError:
        asked = None
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8", errors="replace") as answer:
        name = " ".join(answer.read().split())
    if asked is not None:
        os.waitpid(asked, 0)
    return "".join(letter for letter in name if letter.isprintable())[:_NAME_LIMIT]
