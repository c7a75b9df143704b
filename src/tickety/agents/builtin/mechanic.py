"""Mends by rule: imports and attributes whose name does not exist where a near one does, modules that moved, lint.

Only a fault that the ticket is about is mended, and a mend is kept only when the command that showed the fault no
longer shows it. What rules cannot mend is left to a person or to a configured agent, and said so.
"""

import asyncio
from dataclasses import dataclass, field

from tickety import agent, workspace
from tickety.agents.builtin import account, attempt, folder, lint, mend, missing, reading, trial
from tickety.core import fault, recipes, report

MOST_CANDIDATES = 6
MENDED_TYPES = frozenset(("bug", "security", "performance"))
TIE = 0.05  # candidates whose scores differ by less are equally good


class Mechanic:
    """The engineer that needs no model."""

    name = "mechanic"
    is_paid = False
    runs_programs = True

    def __init__(self, workspaces: workspace.Workspaces) -> None:
        self._workspaces = workspaces

    async def work(self, assignment: agent.Assignment) -> report.Report | agent.Broke:
        return await attempt.make(self._workspaces, assignment, _mend)


async def _mend(assignment: agent.Assignment, files: folder.Folder) -> report.Report:
    if lint.is_asked(assignment):
        return await lint.mend(assignment, files)
    bench = trial.Trial(assignment, files)
    if recipes.nature(assignment.ticket.type, assignment.ticket.metadata) not in MENDED_TYPES:
        return account.other_work(assignment, bench)
    return await _Job(assignment, bench).work()


@dataclass(slots=True)
class _Job:
    """One piece of work: what was mended so far, and which faults are given up."""

    assignment: agent.Assignment
    bench: trial.Trial
    kept: list[mend.Mend] = field(default_factory=list)
    given_up: set[trial.Spot] = field(default_factory=set)

    async def work(self) -> report.Report:
        """Mend what can be mended, and report."""
        if not self.bench.red:
            return await self._from_words()
        first = now = await self.bench.run()
        if first.is_green:
            return account.not_shown_here(self.assignment, first)
        while not now.is_green and len(self.kept) < account.MOST_MENDS:
            best = await self._next(now)
            if not best:
                break
            if len(best) > 1:
                return account.undecided(self.assignment, self.kept, [each.mended for each in best])
            self._keep(best[0].mended)
            now = best[0].shown
        return account.ended(self.assignment, self.bench, self.kept, first, now)

    async def _next(self, now: trial.Shown) -> list["_Tried"]:
        """What mends the next fault: one mend; several when they are equally good; none when nothing does."""
        for found in self.bench.own_faults(now):
            spot = self.bench.spot(found)
            if spot is None or spot in self.given_up:
                continue
            tried = await self._try_all(found, spot, now)
            if tried:
                return _best(tried)
            self.given_up.add(spot)
        return []

    async def _try_all(self, found: fault.Fault, spot: trial.Spot, now: trial.Shown) -> list["_Tried"]:
        """The candidates that work, the best first; the worse ones are only tried while nothing is quite right."""
        working: list[_Tried] = []
        for mended in (await self._mends(found))[:MOST_CANDIDATES]:
            if working and working[0].mended.score - mended.score >= TIE and working[0].adds_nothing:
                break
            if shown := await self.bench.try_out(mended, spot):
                working.append(_Tried(mended, shown, not trial.new_faults(now, shown)))
                working.sort(key=_Tried.rank)
        return working

    async def _mends(self, found: fault.Fault) -> tuple[mend.Mend, ...]:
        wanted = missing.read(found)
        return await asyncio.to_thread(mend.mends, self.bench.files, found, wanted) if wanted else ()

    async def _from_words(self) -> report.Report:
        """Nothing failed before: what the words report is mended where only one candidate fits, unproven."""
        for found in fault.read(reading.words(self.assignment.ticket)):
            mends = await self._mends(found)
            if len(mends) > 1 and mends[0].score - mends[1].score < TIE:
                rivals = [each for each in mends if mends[0].score - each.score < TIE]
                return account.undecided(self.assignment, self.kept, rivals)
            if mends and len(self.kept) < account.MOST_MENDS:
                self._keep(mends[0])
        return account.unproven(self.assignment, self.bench.files, self.kept)

    def _keep(self, mended: mend.Mend) -> None:
        self.bench.keep(mended)
        self.kept.append(mended)


@dataclass(frozen=True, slots=True)
class _Tried:
    """A mend that works, and what the commands show with it. ``adds_nothing``: no fault that was not shown before."""

    mended: mend.Mend
    shown: trial.Shown
    adds_nothing: bool

    def rank(self) -> tuple[int, float]:
        """Green comes before what still fails as it did, and that before what fails in a new way; then the score."""
        return (0 if self.shown.is_green else 1 if self.adds_nothing else 2, -self.mended.score)


def _best(tried: list[_Tried]) -> list[_Tried]:
    best = tried[0]
    return [each for each in tried if each.rank()[0] == best.rank()[0] and best.mended.score - each.mended.score < TIE]
