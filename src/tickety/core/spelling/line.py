"""A workflow in one line: ``diagnose -> fix -> test``, and ``a -> (b | c) -> d`` where b and c run together.

Its words take the agents in order. When the counts differ each word's own role is looked up, and a word that has
none is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from tickety.core import errors, graph, roster, ticket
from tickety.core.spelling import manner, words

_WORD = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_PHRASE = re.compile(r"[a-z][a-z0-9_-]*(?: +[a-z0-9_-]+)+")
_TOGETHER = re.compile(r"\(([^()]*)\)")
_NEVER = frozenset("()|&,{}[]")


def steps(line: str, how: manner.Manner) -> tuple[ticket.Step, ...]:
    """The steps of a line; Usage, naming the word, when it cannot be understood."""
    before = _before(_groups(line, how))
    roles = _roles([name for name, _ in before], how)
    return tuple(
        replace(how.known[name], needs=needs) if whose is None else _step(name, whose, needs, how)
        for (name, needs), whose in zip(before, roles, strict=True)
    )


def _groups(line: str, how: manner.Manner) -> list[tuple[str, ...]]:
    if not line.strip():
        raise errors.Usage("the workflow is empty", 'write its steps in order: "diagnose -> fix -> test"')
    groups = [_group(part.strip(), how) for part in line.replace("→", "->").lower().split("->")]
    names = [name for group in groups for name in group]
    graph.require_count(len(names))
    if not how.is_lenient:
        _require_each_once(names)
        return groups
    fresh = iter(words.numbered(names))
    return [tuple(next(fresh) for _ in group) for group in groups]


def _group(part: str, how: manner.Manner) -> tuple[str, ...]:
    together = _TOGETHER.fullmatch(part)
    return tuple(_name(word.strip(), how) for word in (together[1].split("|") if together else (part,)))


def _name(word: str, how: manner.Manner) -> str:
    """The name of a step: a word, or the words of a phrase with dashes between them."""
    if _WORD.fullmatch(word):
        return word
    if _PHRASE.fullmatch(word) or (how.is_lenient and word and not _NEVER.intersection(word)):
        return words.slug(word)
    raise errors.Usage(f"{word[:60]!r} is no step of a workflow", 'write one word a step: "a -> (b | c) -> d", say')


def _require_each_once(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise errors.Usage(f"the workflow names the step {name!r} twice", "give each step a name of its own")


def _before(groups: Sequence[tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    """Each name, and the names of the group in front of it."""
    return [(name, former) for former, group in zip(((), *groups), groups, strict=False) for name in group]


def _roles(names: Sequence[str], how: manner.Manner) -> list[roster.Role | None]:
    """Whose each step is; None for one that is known already, and stays whose it was."""
    crew = [roster.role(agent) for agent in how.crew]
    if len(crew) == len(names):
        return list(crew)
    return [None if name in how.known else words.role(name, crew) for name in names]


def _step(name: str, whose: roster.Role, needs: tuple[str, ...], how: manner.Manner) -> ticket.Step:
    task = how.tasks.get(name) or words.task(name)
    return ticket.Step(name, whose.agent, task, needs, words.writes(name, whose))
