"""What the command line costs: CPU and wall time of whole processes, beside bare Python.

Exits 1 when `list` is over the bar.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench import measure

BAR = 6.0  # times the CPU of bare Python, for `list` at ten tickets
TICKETS = 10
LEAST_RUNS = 2  # quartiles need two


def main() -> int:
    """Measure, print, and say whether the bar holds."""
    options = _options()
    with measure.scratch() as (folder, environment):
        rows = measure.rows(_subjects(folder, environment), environment, options.runs)
    holds = next(row for row in rows if row.command == "tickety list").ratio <= BAR
    print(_as_json(rows, options.runs, holds=holds) if options.json else _as_markdown(rows, options.runs, holds=holds))
    return 0 if holds else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="CPU and wall time of the command line, beside bare Python.")
    parser.add_argument("--runs", type=int, default=21, help="rounds that count (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a Markdown table")
    options = parser.parse_args()
    if options.runs < LEAST_RUNS:
        parser.error(f"--runs must be {LEAST_RUNS} or more")
    return options


def _subjects(folder: Path, environment: dict[str, str]) -> list[measure.Subject]:
    # `new` has a repository to itself: the others are measured at the same ten tickets from first to last.
    read, written = folder / "read", folder / "written"
    for repository in (read, written):
        _make_repository(repository, environment)
    first, own = _first_ticket(read, environment), measure.TICKETY
    return [
        measure.bare(read),
        measure.Subject("tickety --version", (own, "--version"), read),
        measure.Subject("tickety list", (own, "list"), read),
        measure.Subject("tickety show", (own, "show", first), read),
        measure.Subject("tickety new", (own, "new", "The export command writes an empty file"), written),
    ]


def _make_repository(path: Path, environment: dict[str, str]) -> None:
    path.mkdir()
    measure.output(("git", "init", "--quiet"), path, environment)
    measure.output(("git", "commit", "--quiet", "--allow-empty", "--message", "Start"), path, environment)
    for number in range(1, TICKETS + 1):
        words = f"The report of day {number} throws a ValueError"
        measure.output((measure.TICKETY, "new", words), path, environment)


def _first_ticket(path: Path, environment: dict[str, str]) -> str:
    tickets = json.loads(measure.output((measure.TICKETY, "list", "--json"), path, environment))["tickets"]
    if len(tickets) != TICKETS:
        message = f"tickety list shows {len(tickets)} tickets instead of {TICKETS}"
        raise RuntimeError(message)
    return str(tickets[0]["id"])


def _as_json(rows: list[measure.Row], rounds: int, *, holds: bool) -> str:
    table = [asdict(row) for row in rows]
    found = {"machine": measure.machine(), "runs": rounds, "bar": BAR, "holds": holds, "rows": table}
    return json.dumps(found, indent=2)


def _as_markdown(rows: list[measure.Row], rounds: int, *, holds: bool) -> str:
    lines = [
        measure.machine_line(),
        f"Whole processes at {TICKETS} tickets, median (quartiles) of {rounds} runs.",
        "",
        *measure.table(rows),
        "",
        f"`tickety list` within {BAR:g} times bare Python: {'yes' if holds else 'NO'}",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
