"""What a project opens tickets of: the types it has and the templates, the built-in ones and those of its own."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from tickety.core import errors, nearest, recipes, record, ticket

if TYPE_CHECKING:
    from tickety.core import template as forms

TICKETS_LIMIT = 200
"""How many tickets one command opens at the most."""

_DEPTH_LIMIT = 4
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,9}")


@record.record(frozen=True, slots=True)
class Definition:
    """A type as a project defines it (``[types.incident]``): its prefix, and what is other than in ``like``."""

    name: str
    prefix: str | None = None
    like: str | None = None
    agents_required: tuple[str, ...] = ()
    workflow: str | dict[str, Any] = ""
    priority: str | None = None
    sla: str | None = None
    steps: tuple[dict[str, Any], ...] = ()
    phases: tuple[dict[str, Any], ...] = ()


@record.record(frozen=True, slots=True)
class Catalogue:
    """Recipes by the name of their type, in the order people are shown them.

    ``own`` finds the project's own templates: each by its name, and read when it is called for.
    """

    by_type: Mapping[str, recipes.Recipe] = field(default_factory=lambda: recipes.BY_TYPE)
    own: "Callable[[], Mapping[str, Callable[[], forms.Template]]]" = dict

    @property
    def types(self) -> tuple[str, ...]:
        """The names of the types."""
        return tuple(self.by_type)

    def recipe(self, name: str) -> recipes.Recipe:
        """The recipe of a type; Usage, with the nearest name, when there is none."""
        return self.by_type[_known(name, self.types, "type")]

    @property
    def templates(self) -> tuple[str, ...]:
        """The names of the templates, the project's own first."""
        from tickety.core import template

        return tuple(dict.fromkeys((*self.own(), *template.BY_NAME)))

    def template(self, name: str) -> "forms.Template":
        """The template of that name, the project's own before a built-in one; Usage when it is none, or faulty."""
        found = self._read(name)
        self._require_bounds(found, (found.name,))
        return found

    def _read(self, name: str) -> "forms.Template":
        from tickety.core import template

        own = self.own()
        known = _known(name, tuple({**own, **template.BY_NAME}), "template")
        found = own[known]() if known in own else template.BY_NAME[known]
        template.check(found, self.by_type)
        return found

    def _require_bounds(self, found: "forms.Template", trail: tuple[str, ...]) -> int:
        """How many tickets a template opens; Usage when they are too many, or it is among its own children."""
        counted: dict[str, int] = {}
        for name in dict.fromkeys(child.template for child in found.children if child.template):
            if name in trail or len(trail) > _DEPTH_LIMIT:
                why = "never ends" if name in trail else "lies too deep"
                raise errors.Usage(f"template: {' -> '.join((*trail, name))} {why}", "give this child no template")
            counted[name] = self._require_bounds(self._read(name), (*trail, name))
        size = 1 + sum(counted.get(child.template or "", 1) for child in found.children)
        if size > TICKETS_LIMIT:
            raise errors.Usage(
                f"{trail[-1]} would open {size} tickets, {TICKETS_LIMIT} are the most", "open it in parts"
            )
        return size


def with_types(definitions: Iterable[Definition]) -> dict[str, recipes.Recipe]:
    """The built-in recipes and those of the definitions; Usage, naming the field, when one cannot be."""
    known = dict(recipes.BY_TYPE)
    for definition in definitions:
        known[definition.name] = _recipe(definition, known)
    return known


def _recipe(definition: Definition, known: Mapping[str, recipes.Recipe]) -> recipes.Recipe:
    place = f"[types.{definition.name[:60]}]"
    if not _NAME.fullmatch(definition.name):
        raise errors.Usage(f"{place}: a type is named in small letters, digits and _", "name it as in [types.incident]")
    like = _like(definition, place)
    made = replace(
        like,
        type=definition.name,
        prefix=_prefix(definition, place, known),
        like=None if definition.name in recipes.BY_TYPE else like.type,
        priority=_priority(definition, place),
        sla=definition.sla,
    )
    return replace(made, crew=_crew(definition, place, like))


def _like(definition: Definition, place: str) -> recipes.Recipe:
    """The built-in type whose crew and rules of proof it has; a built-in one that is changed is like itself."""
    is_built_in = definition.name in recipes.BY_TYPE
    named = definition.like or (definition.name if is_built_in else "task")
    if named not in recipes.BY_TYPE or (is_built_in and named != definition.name):
        known = definition.name if is_built_in else ", ".join(recipes.BY_TYPE)
        raise errors.Usage(f"{place} like: it cannot be like {named!r}", f"it can be like: {known}")
    return recipes.BY_TYPE[named]


def _prefix(definition: Definition, place: str, known: Mapping[str, recipes.Recipe]) -> str:
    built_in = recipes.BY_TYPE.get(definition.name)
    prefix = definition.prefix or (built_in.prefix if built_in else "")
    if not _PREFIX.fullmatch(prefix) or (built_in and prefix != built_in.prefix):
        wanted = f'prefix = "{built_in.prefix}"' if built_in else 'two to ten capital letters or digits: prefix = "INC"'
        raise errors.Usage(f"{place} prefix: {prefix[:60]!r} is no prefix for it", f"write {wanted}")
    for other in known.values():
        if other.prefix == prefix and other.type != definition.name:
            raise errors.Usage(
                f"{place} prefix: {prefix} is that of {other.type}", "give each type a prefix of its own"
            )
    return prefix


def _priority(definition: Definition, place: str) -> ticket.Priority | None:
    from tickety.core import triage

    try:
        return triage.priority_named(definition.priority) if definition.priority else None
    except errors.Usage as error:
        raise errors.Usage(f"{place} priority: {error.message}", error.hint) from None


def _crew(definition: Definition, place: str, like: recipes.Recipe) -> ticket.Plan | None:
    from tickety.core import template

    said = ("agents_required", "workflow", "steps", "phases")
    wanted = template.Template(definition.name, **{name: getattr(definition, name) for name in said})
    try:
        template.require_length(definition.sla, "sla")
        is_own = wanted.agents_required or wanted.spelled
        return template.plan(wanted, like, "") if is_own else None
    except errors.Usage as error:
        raise errors.Usage(f"{place} {error.message}", error.hint) from None


def _known(typed: str, known: tuple[str, ...], noun: str) -> str:
    name = typed.strip().lower()
    if name in known:
        return name
    near = nearest.asked(name, known)
    raise errors.Usage(f"there is no {noun} {typed[:60]!r}", f"{near}the {noun}s are: {', '.join(known)}")


BUILT_IN = Catalogue()
"""What a project has that decided nothing."""
