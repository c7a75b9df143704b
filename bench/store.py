"""What the ticket desk costs as it fills: whole processes beside bare Python and taskwarrior, and the store in process.

Up to 10,000 tickets a store is filled through its port, many tickets to a transaction; a larger one is filled up with
copies of these. Either way it is a store that its own audit finds nothing in. Exits 1 when a bar is missed.
"""

import argparse
import json
import os
import random
import shutil
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import product
from pathlib import Path

from bench import measure
from tickety import store
from tickety.core import dependency, document, events, ids, query, recipes, sla, ticket, times
from tickety.stores import rows, sqlite

PROCESS_BAR = 7.0  # times bare Python's CPU, each verb at 10,000 tickets
PROCESS_BAR_AT = 10_000
BARS = {  # milliseconds in process, at a number of tickets
    ("next", 100_000): 20.0,
    ("show", 100_000): 1.0,
    ("list", 1_000_000): 20.0,
    ("next", 1_000_000): 20.0,
}
CREATE_BAR = 1.5  # times a commit of plain SQLite, as durable, that keeps the same rows
START = datetime(2026, 1, 1, tzinfo=UTC)
ORIGINALS = 10_000  # filled one by one; a larger store is copies of these, each in a year of its own
CLOSED_OF_TEN = 7
SYLLABLES = "be co du gi la me ni po ru sa te vi zu ka".split()  # noqa: SIM905 - read as the words they are
WORDS = ["".join(parts) for parts in product(SYLLABLES, repeat=3)]  # 2,744: a small project's vocabulary

TICKET = (
    "key, uid, id, prefix, year, number, type, title, status, priority, rank, resolution, assignee, reporter, parent, "
    "sprint, archived, created_at, updated_at, closed_at, due_at, votes, waiting_for, blocker, has_started, "
    "can_be_done, held_by, awaits, stalls_from, escalated, document"
)
# The rows that opening a ticket makes, by what finds them right after it.
ROWS_OF_THE_NEWEST = {
    "event": ("*", "seq = (SELECT max(seq) FROM own.event)"),
    "ticket": (TICKET, "key = (SELECT max(key) FROM own.ticket)"),
    "work": ("*", "ticket_uid = (SELECT uid FROM own.ticket ORDER BY key DESC LIMIT 1)"),
    "alarm": ("*", "ticket_uid = (SELECT uid FROM own.ticket ORDER BY key DESC LIMIT 1)"),
    "tag": ("*", "ticket = (SELECT max(key) FROM own.ticket)"),
    "words": (
        "key, title || ' ' || id, json_extract(document, '$.description'), '', ''",
        "key = (SELECT max(key) FROM own.ticket)",
    ),
}

# Copy number :k of every original ticket, in the year :year, with all that follows from its events.
COPY = """
INSERT INTO event (ticket_uid, n, type, v, at, by, command_id, causation, attempt, data)
SELECT printf('%08x', :k) || substr(ticket_uid, 9), n, type, v, at, by, command_id, causation, attempt,
       replace(data, '-2026-', :year)
FROM event WHERE seq <= :events;
INSERT INTO ticket (key, uid, id, prefix, year, number, type, title, status, priority, rank, resolution, assignee,
                    reporter, parent, sprint, archived, created_at, updated_at, closed_at, due_at, votes, waiting_for,
                    blocker, has_started, can_be_done, held_by, awaits, stalls_from, escalated, document)
SELECT key + :k * :originals, printf('%08x', :k) || substr(uid, 9), replace(id, '-2026-', :year), prefix, 2026 - :k,
       number, type, title, status, priority, rank, resolution, assignee, reporter, replace(parent, '-2026-', :year),
       sprint, archived, created_at, updated_at, closed_at, due_at, votes, waiting_for, blocker, has_started,
       can_be_done, replace(held_by, '-2026-', :year), awaits, stalls_from, escalated,
       json_set(replace(document, '-2026-', :year), '$.uid', printf('%08x', :k) || substr(uid, 9))
FROM ticket WHERE key <= :originals;
INSERT INTO work
SELECT printf('%08x', :k) || substr(ticket_uid, 9), step, role, turn, position, not_before, is_running, is_held
FROM work JOIN ticket ON ticket.uid = work.ticket_uid WHERE ticket.key <= :originals;
INSERT INTO alarm SELECT printf('%08x', :k) || substr(ticket_uid, 9), rule, cause, anchor
FROM alarm JOIN ticket ON ticket.uid = alarm.ticket_uid WHERE ticket.key <= :originals;
INSERT INTO tag SELECT tag, ticket + :k * :originals FROM tag WHERE ticket <= :originals;
INSERT INTO link SELECT ticket + :k * :originals, relationship, replace(other, '-2026-', :year)
FROM link WHERE ticket <= :originals;
INSERT INTO words (rowid, title, description, updates, comments)
SELECT key, word('title', document), word('description', document), word('updates', document),
       word('comments', document)
FROM ticket WHERE key > :k * :originals;
INSERT INTO counter SELECT prefix, 2026 - :k, last FROM counter WHERE year = 2026;
"""


@dataclass(frozen=True, slots=True)
class Timing:
    """One operation in process: milliseconds, the 95th percentile too."""

    name: str
    tickets: int
    median: float
    p95: float


def main() -> int:
    """Fill, measure, print, and say which bars hold."""
    options = _options()
    missed: list[str] = []
    print(measure.machine_line())
    for tickets in options.sizes:
        with measure.scratch() as (folder, environment):
            repository = folder / "project"
            pace = make(repository, environment, tickets)
            _tell_size(repository, tickets, pace)
            missed += _in_process(repository, tickets)
            if tickets <= options.processes_up_to:
                missed += _whole_processes(repository, folder, environment, tickets, options.runs)
    print("\nbars missed: " + ("; ".join(missed) or "none"))
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The ticket desk at growing numbers of tickets.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 1_000, 10_000, 100_000])
    parser.add_argument("--processes-up-to", type=int, default=100_000, help="whole processes only up to this size")
    parser.add_argument("--runs", type=int, default=11, help="rounds of whole processes (default: %(default)s)")
    return parser.parse_args()


def make(repository: Path, environment: dict[str, str], tickets: int) -> float:
    """A repository with so many tickets; how many a second were filled in."""
    repository.mkdir()
    measure.output(("git", "init", "--quiet"), repository, environment)
    measure.output(("git", "commit", "--quiet", "--allow-empty", "--message", "Start"), repository, environment)
    kept, began = open_store(repository), time.perf_counter()
    originals = min(tickets, ORIGINALS)
    _fill(kept, originals)
    kept.close()
    seconds = time.perf_counter() - began
    _multiply(repository, originals, tickets // originals)
    return originals / seconds


def open_store(repository: Path) -> sqlite.SqliteStore:
    """The store of a repository."""
    return sqlite.SqliteStore(str(repository / ".git" / "tickety" / "tickety.db"))


def _fill(kept: store.Store, tickets: int) -> None:
    """So many tickets, through the store port."""
    chance = random.Random(2026)  # noqa: S311 - the same tickets on every machine
    for first in range(0, tickets, 1000):
        numbers = range(first, min(first + 1000, tickets))
        at = times.as_text(START + timedelta(minutes=first))
        author = events.Author("user:ada", at, f"fill-{first}")
        kept.change(author, partial(_fill_some, numbers=numbers, chance=chance))


def _fill_some(transaction: store.Transaction, numbers: range, chance: random.Random) -> None:
    """As in a project of some years: of ten tickets seven are closed; one is blocked, one waits for another."""
    for number in numbers:
        subject = _open_one(transaction, ids.uuid7(number, chance.randbytes(10)), _wish(chance))
        said = {"id": f"c{number}", "text": " ".join(chance.choices(WORDS, k=12)), "origin": "user"}
        subject = transaction.append(subject, [events.Draft("ticket.commented", said)])
        if number % 10 < CLOSED_OF_TEN:
            transaction.append(subject, [events.Draft("ticket.closed", {"resolution": "done"})])
        elif number % 10 == CLOSED_OF_TEN:
            transaction.append(subject, [events.Draft("ticket.blocked", {"blocker": "waits for the vendor"})])
            blocker = subject
        elif number % 10 == CLOSED_OF_TEN + 1:
            _tie(transaction, subject, blocker)


def _tie(transaction: store.Transaction, waiting: ticket.Ticket, awaited: ticket.Ticket) -> None:
    for tie in dependency.ties(waiting.id, ticket.Relationship.BLOCKED_BY, awaited.id):
        holder = waiting if tie.holder == waiting.id else transaction.load(awaited.uid)
        transaction.append(holder, dependency.link(holder, tie))


def _multiply(repository: Path, originals: int, times_more: int) -> None:
    """Fill up with copies, by SQL: a million tickets one by one would take a quarter of an hour."""
    connection = sqlite3.connect(repository / ".git" / "tickety" / "tickety.db", isolation_level=None)
    connection.create_function("word", 2, _word, deterministic=True)
    (logged,) = connection.execute("SELECT max(seq) FROM event").fetchone()
    for k in range(1, times_more):
        values = {"k": k, "originals": originals, "events": logged, "year": f"-{2026 - k}-"}
        connection.execute("BEGIN IMMEDIATE")
        for statement in filter(str.strip, COPY.split(";")):
            connection.execute(statement, values)
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@cache
def _words(written: str) -> dict[str, str]:
    return rows.words(document.to_ticket(json.loads(written)))


def _word(column: str, written: str) -> str:
    """What full-text search finds a ticket by, as the store itself would have it."""
    if _words.cache_info().currsize > ORIGINALS:
        _words.cache_clear()
    return _words(written)[column]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be opened, before it has an id."""

    prefix: str
    data: dict[str, object]


def _wish(chance: random.Random) -> Wish:
    recipe = chance.choice(recipes.RECIPES[:7])
    priority = chance.choice(list(ticket.Priority))
    title = "The " + " ".join(chance.choices(WORDS, k=6))
    return Wish(recipe.prefix, {
        "type": recipe.type, "title": title, "description": title + ". " + " ".join(chance.choices(WORDS, k=40)),
        "priority": priority.value, "reporter": "user:ada", "assignee": "agent:PM", "tags": chance.sample(WORDS, k=2),
        "due_at": "2026-12-01T00:00:00Z", "metadata": {"affected_users": None, "user_votes": None},
        "orchestration": document.from_plan(recipes.plan(recipe, sla.BY_PRIORITY[priority])),
        "origin": {"description": "user"},
    })  # fmt: skip


def _open_one(transaction: store.Transaction, uid: str, wish: Wish) -> ticket.Ticket:
    named = ids.format_id(wish.prefix, 2026, transaction.take_number(wish.prefix, 2026))
    return transaction.open(uid, events.Draft("ticket.opened", {"id": named, **wish.data}))


def _tell_size(repository: Path, tickets: int, pace: float) -> None:
    size = (repository / ".git" / "tickety" / "tickety.db").stat().st_size
    print(f"\n## {tickets:,} tickets\n")
    print(f"{size / tickets:,.0f} bytes on disk a ticket; filled at {pace:,.0f} tickets a second.\n")


def _in_process(repository: Path, tickets: int) -> list[str]:
    kept = open_store(repository)
    timings = [_timed(name, tickets, work) for name, work in _operations(kept)]
    kept.close()
    print("| in process | median ms | p95 ms |\n|---|---:|---:|")
    for timing in timings:
        print(f"| {timing.name} | {timing.median:.2f} | {timing.p95:.2f} |")
    ratio = _creates(repository)
    missed = [
        f"{timing.name} at {tickets:,}: p95 {timing.p95:.1f} ms"
        for timing in timings
        if timing.p95 > BARS.get((timing.name, tickets), float("inf"))
    ]
    return missed + ([f"create at {tickets:,}: {ratio:.2f}"] if ratio > CREATE_BAR else [])


def _operations(kept: store.Store) -> Iterator[tuple[str, Callable[[], object]]]:
    (one,) = kept.page(query.UNFINISHED, 1, None, whole=True).documents
    found = query.Query(words=("belani", "rusame"), sort="relevance")
    yield "list", lambda: kept.page(query.UNFINISHED, 50, None, whole=False)
    yield "next", lambda: kept.page(query.READY, 10, None, whole=True)
    yield "show", lambda: kept.document(one["uid"])
    yield "search", lambda: kept.page(found, 20, None, whole=True)


def _timed(name: str, tickets: int, work: Callable[[], object], runs: int = 200) -> Timing:
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    taken.sort()
    return Timing(name, tickets, statistics.median(taken), taken[int(0.95 * len(taken))])


def _creates(repository: Path, rounds: int = 100) -> float:
    """The wall time of a create, in turns with commits of plain SQLite on the same disk; the ratio to the second.

    The first keeps the ticket's JSON in a table of one column. The second keeps the very rows that a create makes, in
    tables with the same indexes: what is left between it and a create is Tickety's own work.
    """
    kept, chance = open_store(repository), random.Random(1)  # noqa: S311 - tickets, not secrets
    bare, same = _bare(repository), _same_tables(repository)
    taken = []
    for number in range(rounds):
        ours, document = _create(kept, chance, number)
        taken.append((ours, _commit_one(bare, document), _commit_same(same, repository)))
    for opened in (kept, bare, same):
        opened.close()
    ours, plain, alike = (1000 * statistics.median(one[column] for one in taken) for column in range(3))
    print(f"\nA create takes {ours:.2f} ms. Commits of plain SQLite, as durable: {alike:.2f} ms for the same rows")
    print(f"({ours / alike:.2f} times), {plain:.2f} ms for one row without an index ({ours / plain:.2f} times).")
    return ours / alike


def _create(kept: store.Store, chance: random.Random, number: int) -> tuple[float, str]:
    author = events.Author("user:ada", "2026-11-22T09:00:00Z", f"create-{number}-{os.getpid()}")
    uid, wish = ids.uuid7(number, os.urandom(10)), _wish(chance)
    began = time.perf_counter()
    kept.change(author, lambda transaction: _open_one(transaction, uid, wish))
    return time.perf_counter() - began, json.dumps(kept.document(uid))


def _bare(repository: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(repository / "bare.db", isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE ticket (document TEXT)")
    return connection


def _commit_one(bare: sqlite3.Connection, document: str) -> float:
    began = time.perf_counter()
    bare.execute("BEGIN IMMEDIATE")
    bare.execute("INSERT INTO ticket VALUES (?)", (document,))
    bare.execute("COMMIT")
    return time.perf_counter() - began


def _same_tables(repository: Path) -> sqlite3.Connection:
    """A copy of the store as it is, that only SQL is done to."""
    connection = sqlite3.connect(repository / "same.db", isolation_level=None)
    with sqlite3.connect(repository / ".git" / "tickety" / "tickety.db") as source:
        source.backup(connection)
    source.close()
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
    return connection


def _commit_same(same: sqlite3.Connection, repository: Path) -> float:
    """The rows of the newest ticket, copied in one commit; reading them is not timed."""
    inserts = list(_inserts(same, repository))
    began = time.perf_counter()
    same.execute("BEGIN IMMEDIATE")
    same.execute("UPDATE counter SET last = last + 1 WHERE prefix = 'BUG' AND year = 2026")
    for statement, row in inserts:
        same.execute(statement, row)
    same.execute("COMMIT")
    return time.perf_counter() - began


def _inserts(same: sqlite3.Connection, repository: Path) -> Iterator[tuple[str, tuple[object, ...]]]:
    into = {"ticket": f"ticket ({TICKET})", "words": "words (rowid, title, description, updates, comments)"}
    same.execute("ATTACH ? AS own", (str(repository / ".git" / "tickety" / "tickety.db"),))
    for table, (columns, which) in ROWS_OF_THE_NEWEST.items():
        source = "ticket" if table == "words" else table
        for row in same.execute(f"SELECT {columns} FROM own.{source} WHERE {which}").fetchall():
            yield f"INSERT INTO {into.get(table, table)} VALUES ({', '.join('?' * len(row))})", row
    same.execute("DETACH own")


def _whole_processes(
    repository: Path, folder: Path, environment: dict[str, str], tickets: int, rounds: int
) -> list[str]:
    subjects = [*_ours(repository, environment), *_taskwarrior(repository, folder, environment)]
    found = measure.rows(subjects, environment, rounds)
    print("\n" + "\n".join(measure.table(found)))
    own = (row for row in found if row.command.startswith("tickety"))
    return [
        f"{row.command} at {tickets:,}: {row.ratio:.1f} times bare Python"
        for row in own
        if tickets == PROCESS_BAR_AT and row.ratio > PROCESS_BAR
    ]


def _ours(repository: Path, environment: dict[str, str]) -> list[measure.Subject]:
    listed = measure.output((measure.TICKETY, "list", "--limit", "1", "--json"), repository, environment)
    one = str(json.loads(listed)["tickets"][0]["id"])
    verbs = {
        "list": ("list",),
        "show": ("show", one),
        "next": ("next",),
        "search": ("search", "belani rusame"),
        "new": ("new", "The export command writes an empty file"),
    }
    named = (measure.Subject(f"tickety {verb}", (measure.TICKETY, *words), repository) for verb, words in verbs.items())
    return [measure.bare(repository), *named]


def _taskwarrior(repository: Path, folder: Path, environment: dict[str, str]) -> list[measure.Subject]:
    """The same tickets in taskwarrior; nothing where it is not installed."""
    program = shutil.which("task")
    if program is None:
        return []
    data = folder / "task"
    data.mkdir()
    (folder / "taskrc").write_text(f"data.location={data}\nconfirmation=off\ncolor=off\nverbose=nothing\n")
    environment["TASKRC"] = str(folder / "taskrc")
    tasks = folder / "tasks.json"
    tasks.write_text(json.dumps(list(_as_tasks(repository))))
    measure.output((program, "import", str(tasks)), repository, environment)
    verbs = {
        "list": ("limit:50", "list"),
        "show": ("1", "info"),
        "next": ("limit:10", "next"),
        "new": ("add", "It fails"),
    }
    return [measure.Subject(f"task {verb}", (program, *words), repository) for verb, words in verbs.items()]


def _as_tasks(repository: Path) -> Iterator[dict[str, object]]:
    kept, cursor = open_store(repository), None
    levels = {"critical": "H", "high": "H", "medium": "M", "low": "L"}
    while True:
        page = kept.page(query.EVERYTHING, 1000, cursor, whole=True)
        for found in page.documents:
            status = "completed" if found["status"] == "closed" else "pending"
            entry = found["created_at"].replace("-", "").replace(":", "")
            ended = {"end": entry} if status == "completed" else {}
            yield {"uuid": found["uid"], "description": found["title"], "status": status, "entry": entry,
                   "priority": levels[found["priority"]], "tags": found["tags"], **ended}  # fmt: skip
        cursor = page.cursor
        if cursor is None:
            break
    kept.close()


if __name__ == "__main__":
    sys.exit(main())
