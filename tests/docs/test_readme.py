"""The README shows what really happens."""

import re
from pathlib import Path

from tests.stories import house as houses

README = (Path(__file__).parents[2] / "README.md").read_text()
# What is different each time: times, digests, years.
CHANGING = ((r"\d+\.\d s", "N s"), (r"\d\d:\d\d:\d\d", "TIME"), (r"BUG-\d{4}", "BUG-YEAR"), (r"-[0-9a-f]{4}$", "-XXXX"))


def test_the_transcript_is_what_the_example_shows(notes: houses.House) -> None:
    block = next(part for part in README.split("```") if part.startswith('console\n$ tickety "'))
    promised = [line for line in block.splitlines()[2:] if line.strip() not in {"", "…"} and "[y/N]" not in line]

    ended = notes.tickety(houses.SENTENCE, "--yes")

    shown = [_without_what_changes(line) for line in (ended.out + ended.err).splitlines()]
    missing = [line for line in promised if not any(seen.startswith(_without_what_changes(line)) for seen in shown)]
    assert missing == []
    assert len(promised) > 20


def _without_what_changes(line: str) -> str:
    for pattern, word in CHANGING:
        line = re.sub(pattern, word, line.rstrip())
    return line
