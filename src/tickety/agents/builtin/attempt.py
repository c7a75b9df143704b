"""The shell around the work of an agent of ours: the files it sees, and the errors that end it without a verdict."""

import asyncio
from collections.abc import Awaitable, Callable

from tickety import agent, workspace
from tickety.agents.builtin import folder
from tickety.core import errors, report

Work = Callable[[agent.Assignment, folder.Folder], Awaitable[report.Report]]


async def make(
    workspaces: workspace.Workspaces, assignment: agent.Assignment, work: Work
) -> report.Report | agent.Broke:
    """What the work makes of the assignment and its files; an error that nobody here can answer breaks the attempt."""
    try:
        found = await asyncio.to_thread(workspaces.tree_at, assignment.commit)
        return await work(assignment, folder.Folder(assignment.place, found.paths))
    except (errors.TicketyError, OSError, UnicodeEncodeError) as error:
        return agent.Broke(str(error), "crashed")
