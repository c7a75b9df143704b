"""A workflow in one line: ``diagnose -> fix -> test``, and ``a -> (b | c) -> d`` where b and c run together.

Its words take the agents in order. When the counts differ each word's own role is looked up, and a word that has
none is refused.
"""

import re
from collections.abc import Mapping, Sequence

from tickety.core import errors, recipes, roster, ticket

LIMIT = 40
"""How many steps a workflow may have."""

_WORD = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_TOGETHER = re.compile(r"\(([^()]*)\)")

_ROLES = {
    **dict.fromkeys(("research", "diagnose", "profile", "investigate", "analyze"), ("Research", "Security")),
    "assess": ("Security", "Research"),
    **dict.fromkeys(("fix", "implement", "patch", "optimize"), ("Engineer", "Data Engineer")),
    "document": ("Documentation",),
    **dict.fromkeys(("test", "verify"), ("QA",)),
    "deploy": ("Ops",),
}
_WRITING = frozenset({"fix", "implement", "patch", "optimize", "document", "build", "write", "refactor"})
_READING = frozenset({
    "research", "diagnose", "profile", "investigate", "analyze", "assess", "test", "verify", "review", "plan", "deploy",
})  # fmt: skip
_MAKERS = frozenset({"Engineer", "Data Engineer", "Documentation", "Ops", "Version Control"})
_TASKS = {duty.step: duty.task for recipe in reversed(recipes.RECIPES) for duty in recipe.duties} | {
    "deploy": "deploy it",
    "review": "review the work",
}


def steps(workflow: str, agents: Sequence[str] = (), tasks: Mapping[str, str] | None = None) -> tuple[ticket.Step, ...]:
    """The steps of a workflow; Usage, naming the word, when it cannot be understood.

    ``tasks`` says for some of the words what is to be done; a usual word says it for itself.
    """
    groups = _groups(workflow)
    words = [word for group in groups for word in group]
    _require_each_once(words)
    said = {**_TASKS, **(tasks or {})}
    roles = dict(zip(words, _roles(words, agents), strict=True))
    before = dict(_before(groups))
    return tuple(
        ticket.Step(word, role.agent, said.get(word, word), before[word], writes(word, role))
        for word, role in roles.items()
    )


def writes(word: str, role: roster.Role) -> bool:
    """A step of that name leaves changes; whoever researches only reads."""
    if role.name == "Research":
        return False
    return word in _WRITING or (role.name in _MAKERS and word not in _READING)


def _groups(workflow: str) -> list[tuple[str, ...]]:
    if not workflow.strip():
        raise errors.Usage("the workflow is empty", 'write its steps in order: "diagnose -> fix -> test"')
    groups = [_group(part.strip()) for part in workflow.replace("→", "->").lower().split("->")]
    if sum(map(len, groups)) > LIMIT:
        raise errors.Usage(f"the workflow has more than {LIMIT} steps", "make it several tickets of an epic")
    return groups


def _group(part: str) -> tuple[str, ...]:
    together = _TOGETHER.fullmatch(part)
    words = tuple(word.strip() for word in together[1].split("|")) if together else (part,)
    for word in words:
        if not _WORD.fullmatch(word):
            raise errors.Usage(
                f"{word[:60]!r} is no step of a workflow", 'write one word a step: "a -> (b | c) -> d", say'
            )
    return words


def _require_each_once(words: Sequence[str]) -> None:
    for word in words:
        if words.count(word) > 1:
            raise errors.Usage(f"the workflow names the step {word!r} twice", "give each step a name of its own")


def _roles(words: Sequence[str], agents: Sequence[str]) -> list[roster.Role]:
    named = [roster.role(agent) for agent in agents]
    return named if len(named) == len(words) else [_role(word, named) for word in words]


def _role(word: str, named: Sequence[roster.Role]) -> roster.Role:
    """The role that a word is for: of several the one that is on the crew."""
    if word not in _ROLES:
        known = ", ".join(_ROLES)
        raise errors.Usage(
            f"nobody knows whose step {word!r} is", f"name one agent for each step; words with a role are: {known}"
        )
    fitting = [role for role in named if role.name in _ROLES[word]]
    return fitting[0] if fitting else roster.role(_ROLES[word][0])


def _before(groups: Sequence[tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    """Each word, and the words of the group in front of it."""
    return [(word, former) for former, group in zip(((), *groups), groups, strict=False) for word in group]
