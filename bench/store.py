"""What the ticket desk costs as it fills: whole processes beside bare Python and taskwarrior, and the store in process.

Every store is filled through the store port itself, many tickets to a transaction: the rows are those that the
command line would have made. Exits 1 when a bar is missed.
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
from functools import partial
from itertools import product
from pathlib import Path

from bench import measure
from tickety import store
from tickety.core import document, events, ids, query, recipes, sla, ticket, times
from tickety.stores import sqlite

PROCESS_BAR = 7.0  # times bare Python's CPU, each verb at 10,000 tickets
PROCESS_BAR_AT = 10_000
BARS = {  # milliseconds in process, by the least number of tickets they hold for
    ("next", 100_000): 20.0,
    ("show", 100_000): 1.0,
    ("list", 1_000_000): 20.0,
    ("next", 1_000_000): 20.0,
}
CREATE_BAR = 1.5  # times a bare SQLite commit of the same durability
START = datetime(2026, 1, 1, tzinfo=UTC)
ORIGINALS = 10_000  # filled one by one; a larger store is copies of these, each in a year of its own
CLOSED_OF_TEN = 7
SYLLABLES = "be co du gi la me ni po ru sa te vi zu ka".split()  # noqa: SIM905 - read as the words they are
WORDS = ["".join(parts) for parts in product(SYLLABLES, repeat=3)]  # 2,744: a small project's vocabulary

# Copy number :k of every original ticket, with its events, work, tags and words.
COPY = """
INSERT INTO event (ticket_uid, n, type, v, at, by, command_id, causation, attempt, data)
SELECT printf('%08x', :k) || substr(ticket_uid, 9), n, event.type, v, at, by, command_id, causation, attempt,
       CASE n WHEN 1 THEN json_set(data, '$.id', prefix || '-' || (year - :k) || '-' || printf('%03d', number))
              ELSE data END
FROM event JOIN ticket ON ticket.uid = event.ticket_uid WHERE ticket.key <= :originals;
INSERT INTO ticket (uid, id, prefix, year, number, type, title, status, priority, rank, resolution, assignee, reporter,
                    parent, sprint, archived, created_at, updated_at, closed_at, due_at, votes, waiting_for, blocker,
                    has_started, can_be_done, document, key)
SELECT printf('%08x', :k) || substr(uid, 9), prefix || '-' || (year - :k) || '-' || printf('%03d', number), prefix,
       year - :k, number, type, title, status, priority, rank, resolution, assignee, reporter, parent, sprint, archived,
       created_at, updated_at, closed_at, due_at, votes, waiting_for, blocker, has_started, can_be_done,
       json_set(document, '$.uid', printf('%08x', :k) || substr(uid, 9),
                '$.id', prefix || '-' || (year - :k) || '-' || printf('%03d', number)), key + :k * :originals
FROM ticket WHERE key <= :originals;
INSERT INTO work SELECT printf('%08x', :k) || substr(ticket_uid, 9), step, role, work.rank, since, position
FROM work JOIN ticket ON ticket.uid = work.ticket_uid WHERE ticket.key <= :originals;
INSERT INTO tag SELECT tag, ticket + :k * :originals FROM tag WHERE ticket <= :originals;
INSERT INTO words (rowid, title, description, updates, comments)
SELECT key + :k * :originals, title || ' ' || id, json_extract(document, '$.description'), '', ''
FROM ticket WHERE key <= :originals;
INSERT INTO counter SELECT prefix, year - :k, last FROM counter WHERE year = 2026;
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
            pace = _make(repository, environment, tickets)
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


def _make(repository: Path, environment: dict[str, str], tickets: int) -> float:
    """A repository with so many tickets; how many a second were filled in."""
    repository.mkdir()
    measure.output(("git", "init", "--quiet"), repository, environment)
    measure.output(("git", "commit", "--quiet", "--allow-empty", "--message", "Start"), repository, environment)
    kept, began = _open(repository), time.perf_counter()
    originals = min(tickets, ORIGINALS)
    _fill(kept, originals)
    kept.close()
    seconds = time.perf_counter() - began
    _multiply(repository, originals, tickets // originals)
    return originals / seconds


def _open(repository: Path) -> sqlite.SqliteStore:
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
    """Of ten tickets seven are closed, and one of the others is blocked: as in a project of some years."""
    for number in numbers:
        subject = transaction.open(ids.uuid7(number, chance.randbytes(10)), _draft(transaction, chance))
        if number % 10 < CLOSED_OF_TEN:
            transaction.append(subject, [events.Draft("ticket.closed", {"resolution": "done"})])
        elif number % 10 == CLOSED_OF_TEN:
            transaction.append(subject, [events.Draft("ticket.blocked", {"blocker": "waits for the vendor"})])


def _multiply(repository: Path, originals: int, times_more: int) -> None:
    connection = sqlite3.connect(repository / ".git" / "tickety" / "tickety.db", isolation_level=None)
    for k in range(1, times_more):
        connection.execute("BEGIN IMMEDIATE")
        for statement in filter(str.strip, COPY.split(";")):
            connection.execute(statement, {"k": k, "originals": originals})
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _draft(transaction: store.Transaction, chance: random.Random) -> events.Draft:
    recipe = chance.choice(recipes.RECIPES[:7])
    priority = chance.choice(list(ticket.Priority))
    named = ids.format_id(recipe.prefix, 2026, transaction.take_number(recipe.prefix, 2026))
    title = "The " + " ".join(chance.choices(WORDS, k=6))
    described = title + ". " + " ".join(chance.choices(WORDS, k=40))
    return events.Draft("ticket.opened", {
        "id": named, "type": recipe.type, "title": title, "description": described, "priority": priority.value,
        "reporter": "user:ada", "assignee": "agent:PM", "tags": chance.sample(WORDS, k=2),
        "due_at": "2026-12-01T00:00:00Z", "metadata": {"affected_users": None, "user_votes": None},
        "orchestration": document.from_plan(recipes.plan(recipe, sla.BY_PRIORITY[priority])),
        "origin": {"description": "user"},
    })  # fmt: skip


def _tell_size(repository: Path, tickets: int, pace: float) -> None:
    size = (repository / ".git" / "tickety" / "tickety.db").stat().st_size
    print(f"\n## {tickets:,} tickets\n")
    print(f"{size / tickets:,.0f} bytes on disk a ticket; filled at {pace:,.0f} tickets a second.\n")


def _in_process(repository: Path, tickets: int) -> list[str]:
    kept = _open(repository)
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


def _creates(repository: Path, pairs: int = 100) -> float:
    """The wall time of a create, times that of a bare commit of as many bytes: in turns, on the same disk."""
    kept, chance = _open(repository), random.Random(1)  # noqa: S311 - tickets, not secrets
    bare = _bare(repository)
    taken = [(_create(kept, chance, number), _commit(bare)) for number in range(pairs)]
    kept.close()
    bare.close()
    ours = 1000 * statistics.median(one for one, _ in taken)
    plain = 1000 * statistics.median(other for _, other in taken)
    print(f"\nA create takes {ours:.2f} ms, a bare SQLite commit as durable {plain:.2f} ms: {ours / plain:.2f} times.")
    return ours / plain


def _create(kept: store.Store, chance: random.Random, number: int) -> float:
    author = events.Author("user:ada", "2026-11-22T09:00:00Z", f"create-{number}-{os.getpid()}")
    uid = ids.uuid7(number, os.urandom(10))
    began = time.perf_counter()
    kept.change(author, lambda transaction: transaction.open(uid, _draft(transaction, chance)))
    return time.perf_counter() - began


def _bare(repository: Path) -> sqlite3.Connection:
    """The least that keeps a ticket: one table, one row, in WAL mode, flushed at every commit."""
    connection = sqlite3.connect(repository / "bare.db", isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE ticket (document TEXT)")
    return connection


def _commit(bare: sqlite3.Connection) -> float:
    body = os.urandom(1500).hex()
    began = time.perf_counter()
    bare.execute("BEGIN IMMEDIATE")
    bare.execute("INSERT INTO ticket VALUES (?)", (body,))
    bare.execute("COMMIT")
    return time.perf_counter() - began


def _whole_processes(
    repository: Path, folder: Path, environment: dict[str, str], tickets: int, rounds: int
) -> list[str]:
    subjects = [*_ours(repository, environment), *_taskwarrior(repository, folder, environment)]
    rows = measure.rows(subjects, environment, rounds)
    print("\n" + "\n".join(measure.table(rows)))
    own = (row for row in rows if row.command.startswith("tickety"))
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
    kept, cursor = _open(repository), None
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
