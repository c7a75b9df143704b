"""``tickety stats``."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import click

from tickety import store
from tickety.cli import options, printed, session
from tickety.core import review, text, times
from tickety.core import statistics as figures
from tickety.desk import statistics

_BAR = 40  # the widest bar of a week


@click.command("stats", short_help="Show the project in figures, or as a status review.")
@click.option("--review", "as_review", is_flag=True, help="A status review as Markdown, to be pasted into a chat.")
@options.as_json
def command(as_review: bool, as_json: bool) -> None:
    """Show the project in figures: how many tickets, how fast they are closed, what is late.

    \b
    Examples:
      tickety stats
      tickety stats --review
      tickety stats --json
    """
    desk = session.memory_to_read()
    if as_review:
        seen = statistics.review_now(desk)
        _print(asdict(seen), review.lines(seen), as_json=as_json)
    else:
        reckoned = statistics.reckon(desk)
        _print(asdict(reckoned), _figures(reckoned, statistics.active(desk.store)), as_json=as_json)


def _print(data: dict[str, Any], lines: Iterator[str], *, as_json: bool) -> None:
    if as_json:
        printed.answer(data)
        return
    for line in lines:
        click.echo(line)


def _figures(found: figures.Statistics, active: Sequence[store.Row]) -> Iterator[str]:
    yield from _tracked(found, active)
    for heading, counts in (
        ("status", found.by_status), ("type, not closed", found.by_type), ("priority, not closed", found.by_priority)
    ):  # fmt: skip
        yield f"by {heading}: {', '.join(f'{number} {name}' for name, number in counts.items()) or 'none'}"
    yield from _pace(found)
    yield f"overdue: {found.overdue}"
    if found.oldest_open:
        opened = found.oldest_open.created_at[:10]
        yield f"oldest open: {found.oldest_open.id} of {opened}: {text.one_line(found.oldest_open.title, 80)}"
    yield f"votes on what is not closed: {found.votes}"


def _tracked(found: figures.Statistics, active: Sequence[store.Row]) -> Iterator[str]:
    """The guide's status update."""
    count = sum(found.by_status.get(status, 0) for status in ("open", "in_progress"))
    yield f"Currently tracking {text.plural(count, 'active ticket')}{':' if active else '.'}"
    yield from (f"  {entry.id}: {text.one_line(entry.title)} ({entry.status})" for entry in active)
    if count > len(active):
        yield f"  and {count - len(active)} more: tickety list is:active"
    yield ""


def _pace(found: figures.Statistics) -> Iterator[str]:
    if found.median_hours_to_close is not None and found.slow_hours_to_close is not None:
        usual, slow = (
            times.in_words(hours * 3600) for hours in (found.median_hours_to_close, found.slow_hours_to_close)
        )
        yield f"time to close: {usual} in the middle, {slow} for nine of ten"
    yield "week of      opened  closed"
    for week in found.weeks:
        bar = "+" * min(week.opened, _BAR)
        yield f"  {week.begins} {week.opened:>6}  {week.closed:>6}  {bar}".rstrip()
