"""A whole desk on a repository: its memory, its worktrees, this machine's engine, the agents."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tickety import agent, config, places, runner, workspace
from tickety.agents import command
from tickety.agents.builtin import checker, investigator, mechanic
from tickety.bootstrap import sending
from tickety.core import environment, errors, roster, settings
from tickety.desk import memory, ports
from tickety.engines import local, workers
from tickety.runners import process, toolchains
from tickety.stores import trust_file
from tickety.workspaces import worktrees


def open_desk(found: places.Places, remembered: memory.Memory, tell: Callable[[ports.Notice], None]) -> ports.Ports:
    """A desk on a repository, around the memory of it."""
    repository = worktrees.GitWorkspaces(
        Path(found.common), Path(found.checkout) if found.checkout else None, Path(found.worktrees)
    )
    programs = process.ProcessRunner()
    send = sending.Sender(found)
    remembered.store.subscribe(send.note)
    return ports.Ports(
        store=remembered.store,
        clock=remembered.clock,
        chance=remembered.chance,
        principal=remembered.principal,
        catalogue=remembered.catalogue,
        policy=remembered.policy,
        workspaces=repository,
        runner=programs,
        engine=local.LocalEngine(remembered.store, remembered.clock, remembered.policy),
        trust=trust_file.TrustFile(found.trust, found.common),
        worker=workers.own_name(),
        runs=Path(found.runs),
        settings_at=cache(lambda commit: config.read(repository.tree_at(commit))),
        fill=_casting(repository, programs),
        environment=_environment,
        tell=tell,
        send=send,
    )


def _casting(
    repository: workspace.Workspaces, programs: runner.Runner
) -> Callable[[roster.Role, settings.Settings], agent.Agent | None]:
    """Who fills a role: the project's command, the built-in agent it names, or the role's own built-in agent."""
    builtin: dict[str, agent.Agent] = {
        "investigator": investigator.Investigator(repository),
        "mechanic": mechanic.Mechanic(repository),
        "checker": checker.Checker(),
    }

    def fill(role: roster.Role, chosen: settings.Settings) -> agent.Agent | None:
        seat = chosen.roster.get(role.name, settings.Filling(builtin=role.builtin))
        if seat.command:
            return command.CommandAgent(seat.command, programs)
        if seat.builtin and seat.builtin not in builtin:
            raise errors.Usage(
                f"{config.FILE}: there is no built-in agent {seat.builtin!r}",
                f"the built-in agents: {', '.join(builtin)}",
            )
        return builtin[seat.builtin] if seat.builtin else None

    return fill


def _environment(place: Path, scratch: Path, extra: tuple[str, ...], use: ports.Use) -> dict[str, str]:
    """What a program in a place may see: an allow-list, a HOME of its own, and no way up into another repository."""
    home, outer = Path.home(), os.environ
    tools = toolchains.homes(home, outer)
    if use == "set-up":
        extra = (*extra, *environment.package_settings(outer))
        tools |= toolchains.caches(home, outer) | toolchains.package_settings(home, outer)
    own = {"home": str(scratch / "home"), "tmp": str(scratch / "tmp")}
    prefix = (str(place / ".venv" / "bin"), str(place / "node_modules" / ".bin"))
    built = environment.build(outer, **own, path_prefix=prefix, extra=extra, tool_homes=tools)
    return {**built, "PYTHONPATH": str(place / "src"), "GIT_CEILING_DIRECTORIES": str(place.parent)}
