"""What the words of a workflow mean: whose they are, what is done, and whether something is written."""

import re
from collections.abc import Collection, Iterable, Sequence

from tickety.core import errors, recipes, roster

_NOT_NAME = re.compile(r"[^a-z0-9]+")
_LONGEST = 32

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
_DUTIES = {
    "Research": "find out what has to be known",
    "Engineer": "do the work",
    "QA": "verify the result",
    "Documentation": "write the documentation",
    "Security": "assess the security of it",
    "Ops": "prepare its deployment",
    "Data Engineer": "see to schemas, migrations and data access",
    "Version Control": "see to branches, tags and releases",
    "PM": "see to the plan",
}


def role(word: str, crew: Sequence[roster.Role] = ()) -> roster.Role:
    """The role that a word is for: of several the one that is on the crew; Usage when it is nobody's."""
    if word not in _ROLES:
        known = ", ".join(_ROLES)
        raise errors.Usage(
            f"nobody knows whose step {word[:60]!r} is",
            f"name one agent for each step; words with a role are: {known}",
        )
    fitting = [one for one in crew if one.name in _ROLES[word]]
    return fitting[0] if fitting else roster.role(_ROLES[word][0])


def task(word: str) -> str:
    """What is to be done in a step of that name, when nobody says it."""
    return _TASKS.get(word, word.replace("-", " "))


def duty(whose: roster.Role) -> str:
    """What a role is there for, when nobody says what it shall do."""
    return _DUTIES[whose.name]


def writes(word: str, whose: roster.Role) -> bool:
    """A step of that name leaves changes; whoever researches only reads."""
    if whose.name == "Research":
        return False
    return word in _WRITING or (whose.name in _MAKERS and word not in _READING)


def slug(words: object) -> str:
    """Any words as the name of a step."""
    return _NOT_NAME.sub("-", str(words).lower()).strip("-")[:_LONGEST].strip("-") or "step"


def numbered(names: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """The names, each of them once: one that comes again gets a number."""
    found = list(taken)
    for plain in names:
        name, number = plain, 1
        while name in found:
            number += 1
            name = f"{plain}-{number}"
        found.append(name)
    return found[len(taken) :]
