"""Random verbs against a plain model of what they should do: the same answers, refusals included, at every step."""

import copy
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from tests import builders
from tests.desk import room
from tickety.core import editing as edits
from tickety.core import errors, query, ticket
from tickety.desk import archiving, blocking, changing, closing, commenting, editing, linking, undoing, voting

WORDS = st.sampled_from(("apples", "pears", "plums"))
RESOLUTIONS = st.sampled_from(ticket.Resolution)


@dataclass
class Sheet:
    """What the model knows of a ticket."""

    status: str = "open"
    title: str = "The --version command fails"
    blocker: str | None = None
    resolution: str | None = None
    archived: bool = False
    votes: int = 0
    tags: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    waits_for: set[str] = field(default_factory=set)


Book = dict[str, Sheet]


class Desk(RuleBasedStateMachine):
    """One person, one desk, and the model in ``book``. ``done`` and ``undone`` hold the book before and after."""

    tickets = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.desk = room.memory_in(Path(self.folder.name))
        self.book: Book = {}
        self.done: list[tuple[Book, Book]] = []
        self.undone: list[tuple[Book, Book]] = []

    def teardown(self) -> None:
        self.desk.store.close()
        self.folder.cleanup()

    @initialize(target=tickets)
    def first(self) -> str:
        return str(self.opened())

    @rule(target=tickets)
    def opened(self) -> str:
        before = copy.deepcopy(self.book)
        uid = builders.open_one(self.desk.store).uid
        before[uid] = Sheet(status="closed", resolution="cancelled", archived=True)  # an id stays used
        self.book[uid] = Sheet()
        self.kept(before)
        return uid

    @rule(uid=tickets, votes=st.integers(1, 3))
    def vote(self, uid: str, votes: int) -> None:
        def model(sheet: Sheet) -> bool:
            sheet.votes += votes
            return not sheet.archived

        self.both(uid, model, lambda: voting.vote_many(self.desk, [uid], votes))

    @rule(uid=tickets, words=WORDS)
    def comment(self, uid: str, words: str) -> None:
        def model(sheet: Sheet) -> bool:
            sheet.said.append(words)
            return not sheet.archived

        said = commenting.Words(words, "user")
        self.both(uid, model, lambda: commenting.comment_many(self.desk, [uid], said))

    @rule(uid=tickets, words=WORDS)
    def retitle(self, uid: str, words: str) -> None:
        def model(sheet: Sheet) -> bool:
            sheet.title = words
            return not sheet.archived

        self.both(uid, model, lambda: editing.edit_many(self.desk, [uid], edits.Edit({"title": words})))

    @rule(uid=tickets, added=st.sets(WORDS), removed=st.sets(WORDS))
    def tag(self, uid: str, added: set[str], removed: set[str]) -> None:
        removed -= added

        def model(sheet: Sheet) -> bool:
            sheet.tags = (sheet.tags | added) - removed
            return not sheet.archived

        self.both(uid, model, lambda: editing.tag_many(self.desk, [uid], sorted(added), sorted(removed)))

    @rule(uid=tickets, words=WORDS)
    def block(self, uid: str, words: str) -> None:
        def model(sheet: Sheet) -> bool:
            is_legal = sheet.status != "closed"
            sheet.status, sheet.blocker = "blocked", words
            return is_legal

        self.both(uid, model, lambda: blocking.block_many(self.desk, [uid], words))

    @rule(uid=tickets)
    def unblock(self, uid: str) -> None:
        def model(sheet: Sheet) -> bool:
            is_legal = sheet.status != "closed"
            sheet.status, sheet.blocker = "open", None
            return is_legal

        self.both(uid, model, lambda: blocking.unblock_many(self.desk, [uid]))

    @rule(uid=tickets, resolution=RESOLUTIONS)
    def close(self, uid: str, resolution: ticket.Resolution) -> None:
        def model(sheet: Sheet) -> bool:
            if sheet.status == "closed":
                return sheet.resolution == resolution
            is_held = any(self.book[other].status != "closed" for other in sheet.waits_for)
            sheet.status, sheet.resolution, sheet.blocker = "closed", resolution.value, None
            return not is_held or resolution not in {"fixed", "done"}

        self.both(uid, model, lambda: closing.close_many(self.desk, [uid], closing.Ending(resolution)))

    @rule(uid=tickets)
    def reopen(self, uid: str) -> None:
        def model(sheet: Sheet) -> bool:
            if sheet.status == "closed":
                sheet.status, sheet.resolution, sheet.archived = "open", None, False
            return True

        self.both(uid, model, lambda: closing.reopen_many(self.desk, [uid]))

    @rule(uid=tickets)
    def archive(self, uid: str) -> None:
        def model(sheet: Sheet) -> bool:
            sheet.archived = True
            return sheet.status == "closed"

        self.both(uid, model, lambda: archiving.archive_many(self.desk, [uid]))

    @rule(uid=tickets)
    def unarchive(self, uid: str) -> None:
        def model(sheet: Sheet) -> bool:
            sheet.archived = False
            return True

        self.both(uid, model, lambda: archiving.unarchive_many(self.desk, [uid]))

    @rule(uid=tickets, other=tickets)
    def link(self, uid: str, other: str) -> None:
        def model(sheet: Sheet) -> bool:
            is_new = other not in sheet.waits_for
            is_circle = uid in self.reached(other)
            sheet.waits_for.add(other)
            return not is_circle and not (is_new and (sheet.archived or self.book[other].archived))

        blocked_by = ticket.Relationship.BLOCKED_BY
        self.both(uid, model, lambda: linking.link_many(self.desk, [uid], blocked_by, other))

    @rule(uid=tickets, other=tickets)
    def unlink(self, uid: str, other: str) -> None:
        def model(sheet: Sheet) -> bool:
            is_there = other in sheet.waits_for
            sheet.waits_for.discard(other)
            return not (is_there and (sheet.archived or self.book[other].archived))

        blocked_by = ticket.Relationship.BLOCKED_BY
        self.both(uid, model, lambda: linking.unlink_many(self.desk, [uid], blocked_by, other))

    @rule()
    def undo(self) -> None:
        if self.answered(lambda: undoing.undo_last(self.desk)):
            assert self.done
            self.undone.append(self.done.pop())
            self.turn_to(self.undone[-1][0])
        else:
            assert not self.done

    @rule()
    def redo(self) -> None:
        if self.answered(lambda: undoing.redo_last(self.desk)):
            assert self.undone
            self.done.append(self.undone.pop())
            self.turn_to(self.done[-1][1])
        else:
            assert not self.undone

    @invariant()
    def the_store_says_what_the_model_says(self) -> None:
        assert {uid: _sheet(self.desk.store.load(uid), self.uids()) for uid in self.book} == self.book

    @invariant()
    def the_log_adds_up_to_the_rows(self) -> None:
        assert list(self.desk.store.examine()) == []

    @invariant()
    def what_can_be_worked_on_is_what_nobody_holds_up(self) -> None:
        page = self.desk.store.page(query.READY, 999, None, whole=True)

        assert {shown["uid"] for shown in page.documents} == {
            uid
            for uid, sheet in self.book.items()
            if sheet.status == "open" and all(self.book[other].status == "closed" for other in sheet.waits_for)
        }

    def both(self, uid: str, model: Callable[[Sheet], bool], verb: Callable[[], Sequence[changing.Changed]]) -> None:
        """The verb is refused if the model refuses it, and has then done nothing; else both are changed alike."""
        before = copy.deepcopy(self.book)
        is_legal = model(self.book[uid])
        assert self.answered(verb) == is_legal
        if not is_legal:
            self.book = before
        elif self.book != before:
            self.kept(before)

    def turn_to(self, book: Book) -> None:
        """Everything as it was, but that tickets whose opening was taken back stay, closed and put away."""
        self.book = {**self.book, **copy.deepcopy(book)}

    def kept(self, before: Book) -> None:
        self.done.append((before, copy.deepcopy(self.book)))
        self.undone.clear()

    def answered(self, verb: Callable[[], Sequence[changing.Changed]]) -> bool:
        try:
            verb()
        except errors.TicketyError:
            return False
        return True

    def reached(self, uid: str) -> set[str]:
        """A ticket, and all that it waits for, directly or through others."""
        found, border = {uid}, [uid]
        while border:
            new = self.book[border.pop()].waits_for - found
            found |= new
            border += new
        return found

    def uids(self) -> dict[str, str]:
        return {self.desk.store.load(uid).id: uid for uid in self.book}


def _sheet(subject: ticket.Ticket, uids: dict[str, str]) -> Sheet:
    waits = {
        uids[link.ticket_id] for link in subject.linked_tickets if link.relationship is ticket.Relationship.BLOCKED_BY
    }
    return Sheet(
        status=subject.status.value,
        title=subject.title,
        blocker=subject.blocker,
        resolution=subject.resolution and subject.resolution.value,
        archived=subject.archived,
        votes=subject.metadata.get("user_votes") or 0,
        tags=set(subject.tags),
        said=[comment.text for comment in subject.comments],
        waits_for=waits,
    )


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=max(12, settings().max_examples // 20), stateful_step_count=25)
