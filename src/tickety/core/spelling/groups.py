"""The guide's second pattern: groups of agents that run side by side, each after the groups that it depends on."""

from collections.abc import Iterator, Mapping, Sequence

from tickety.core import errors, nearest, record, roster, ticket
from tickety.core.spelling import given, words

FIELDS = ("group", "agents", "can_run_together", "depends_on_group")


@record.record(frozen=True, slots=True)
class _Group:
    said: given.Fields
    roles: tuple[roster.Role, ...]
    names: tuple[str, ...]


def steps(listed: object) -> tuple[ticket.Step, ...]:
    """The steps of all groups; those of a group that cannot run together run one after the other."""
    groups = _groups(given.listed(listed, "parallel_group", FIELDS))
    return tuple(step for group in groups.values() for step in _steps(group, _before(group, groups)))


def _groups(listed: Sequence[given.Fields]) -> dict[str, _Group]:
    crews = [_crew(said) for said in listed]
    fresh = iter(words.numbered(words.slug(whose.name) for crew in crews for whose in crew))
    groups: dict[str, _Group] = {}
    for number, (said, crew) in enumerate(zip(listed, crews, strict=True), 1):
        key = said.word("group") or str(number)
        if key in groups:
            raise errors.Usage(f"there are two groups {key[:60]!r}", "give each group a number of its own")
        groups[key] = _Group(said, crew, tuple(next(fresh) for _ in crew))
    return groups


def _crew(said: given.Fields) -> tuple[roster.Role, ...]:
    # One agent may be there twice: they are two steps.
    agents = said.said.get("agents")
    named = agents if isinstance(agents, list) else said.words("agents")
    if not named:
        raise errors.Usage(f"{said.place} has no agents", 'write agents = ["Research Agent"]')
    return tuple(said.role_of(str(agent)) for agent in named)


def _before(group: _Group, groups: Mapping[str, _Group]) -> tuple[str, ...]:
    """The steps of the groups that this one depends on."""
    awaited = group.said.words("depends_on_group")
    for key in awaited:
        if key not in groups:
            near = nearest.asked(key, groups)
            raise errors.Usage(
                f"{group.said.place} depends on {key[:60]!r}, which is no group", f"{near}groups: {', '.join(groups)}"
            )
    return tuple(name for key in awaited for name in groups[key].names)


def _steps(group: _Group, needs: tuple[str, ...]) -> Iterator[ticket.Step]:
    is_in_turn = group.said.flag("can_run_together") is False
    for name, whose in zip(group.names, group.roles, strict=True):
        yield ticket.Step(name, whose.agent, words.duty(whose), needs, words.writes(name, whose))
        needs = (name,) if is_in_turn else needs
