"""Tries mends out: the commands that failed are run again in the place, with the mend and without."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tickety import agent
from tickety.agents.builtin import folder, mend, missing, project, reading, topic
from tickety.core import fault, receipt, recipes

NOT_STARTED = 127
_ADDRESS = re.compile(r"0x[0-9a-f]{4,16}")


@dataclass(frozen=True, slots=True)
class Spot:
    """What is missing, and the place where it is missed: only an object's attribute has one of its own."""

    kind: str
    name: str
    owner: str
    place: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What the commands show now, with the faults in all of it; ``is_cut``: not every command was run."""

    ran: tuple[agent.Ran, ...]
    faults: tuple[fault.Fault, ...]
    is_cut: bool = False

    @property
    def is_green(self) -> bool:
        """Every command ended by itself with exit code 0."""
        return not self.is_cut and all(each.exit_code == 0 for each in self.ran)

    @property
    def has_ended(self) -> bool:
        """Every command could be started, and ended by itself."""
        return all(each.exit_code not in {None, NOT_STARTED} for each in self.ran)


class Trial:
    """One place, with the commands that are to turn green."""

    def __init__(self, assignment: agent.Assignment, files: folder.Folder) -> None:
        self._assignment = assignment
        self._folder = files
        self.files = project.Project(files)
        self.red = reading.red(assignment.evidence)
        self._topic = topic.read(assignment)

    async def run(self, without: Spot | None = None) -> Shown:
        """Run the commands; as soon as one shows the spot, the others are spared."""
        ran: list[agent.Ran] = []
        found: list[fault.Fault] = []
        for each in self.red:
            ran.append(await self._assignment.run(each.receipt.command))
            found += fault.read(reading.tail(ran[-1].output))
            if without is not None and self.shows(found, without):
                return Shown(tuple(ran), tuple(found), is_cut=len(ran) < len(self.red))
        return Shown(tuple(ran), tuple(found))

    async def try_out(self, mended: mend.Mend, without: Spot) -> Shown | None:
        """What the commands show with a mend, which is taken back; None when it does not remove the spot."""
        try:
            with self._put_in(mended):
                shown = await self.run(without)
        except (OSError, UnicodeEncodeError):
            return None
        is_gone = not self.shows(shown.faults, without) and not self._misses(shown, mended)
        return shown if shown.has_ended and is_gone else None

    def keep(self, mended: mend.Mend) -> None:
        """Put a mend in for good. OSError and UnicodeEncodeError as they come."""
        for path, text in mended.texts.items():
            self._folder.write(path, text)

    def spot(self, found: fault.Fault) -> Spot | None:
        """What a fault misses; None when it is of another kind."""
        wanted = missing.read(found)
        if wanted is None:
            return None
        place = mend.place(self.files, found) if wanted.kind == "member" else None
        return Spot(wanted.kind, wanted.name, wanted.owner, place)

    def shows(self, faults: tuple[fault.Fault, ...] | list[fault.Fault], spot: Spot) -> bool:
        """Whether the same name is still missed."""
        return any(self.spot(found) == spot for found in faults)

    def reproductions(self, shown: Shown) -> tuple[agent.Ran, ...]:
        """The runs of commands that reproduce the ticket's fault, if it has any."""
        purposes = {each.receipt.command: each.receipt.purpose for each in self.red}
        return tuple(each for each in shown.ran if purposes.get(each.argv) is receipt.Purpose.REPRODUCTION)

    def own_faults(self, shown: Shown) -> tuple[fault.Fault, ...]:
        """The ticket's own among the faults: what its reproduction shows, without one what its words speak of."""
        reproductions = self.reproductions(shown)
        found = [each for ran in reproductions for each in fault.read(reading.tail(ran.output))]
        # A fault also keeps a command from being fast or safe: for these it must be spoken of, too.
        subject = self._assignment.ticket
        if reproductions and recipes.nature(subject.type, subject.metadata) == "bug":
            return tuple(found)
        return tuple(
            each for each in (found if reproductions else shown.faults) if self._topic.speaks_of(each, self.files)
        )

    def _misses(self, shown: Shown, mended: mend.Mend) -> bool:
        """Whether what the mend asks for is not there either, when it comes to it."""
        meant = {mended.meant.name or mended.meant.module, mended.meant.module}
        return any(spot.name in meant for found in shown.faults if (spot := self.spot(found)))

    @contextmanager
    def _put_in(self, mended: mend.Mend) -> Iterator[None]:
        before = {path: content for path in mended.texts if (content := self._folder.content(path)) is not None}
        try:
            self.keep(mended)
            yield
        finally:
            for path, content in before.items():
                self._folder.restore(path, content)


def new_faults(before: Shown, after: Shown) -> tuple[fault.Fault, ...]:
    """What is shown now and was not shown before."""
    known = {_key(found) for found in before.faults}
    return tuple(found for found in after.faults if _key(found) not in known)


def _key(found: fault.Fault) -> tuple[str, str]:
    return found.error, _ADDRESS.sub("0x", found.message)
