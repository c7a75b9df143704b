"""ai-trackdown: a folder of Markdown files, each with its fields as YAML between two lines of dashes."""

import re
from dataclasses import replace

from tickety.core import errors
from tickety.core.exchange import guide, paper, sheet

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)(.*)\Z", re.DOTALL)
_METADATA = ("estimated_hours", "actual_hours", "goal")


def read(text: str, parse_yaml: paper.ParseYaml) -> sheet.Sheet:
    """What a file says: its fields, and below them the description."""
    match = _FRONT.match(text)
    if match is None:
        raise errors.Usage("it has no front matter", "a ticket begins with --- and its fields, one a line")
    try:
        front = parse_yaml(match[1])
    except ValueError as error:
        raise errors.Usage(f"its front matter cannot be read: {error}", "mend it, and import it again") from error
    if not isinstance(front, dict):
        raise errors.Usage("its front matter holds no fields", "write them as `name: value`, one a line")
    return _sheet(front, match[2].strip())


def _sheet(front: dict[str, object], body: str) -> sheet.Sheet:
    """Its fields have the guide's names but for a few; tags are what it calls tags and labels."""
    tags = [tag for name in ("tags", "labels") if isinstance(front.get(name), list) for tag in front[name]]  # type: ignore[attr-defined]
    assignees = front.get("assignees")
    several = list(assignees) if isinstance(assignees, list) else []
    known = {name: value for name, value in front.items() if name not in {"tags", "labels", "assignees", *_METADATA}}
    said = front.get("description")
    texts = [words for words in (said if isinstance(said, str) else "", body) if words]
    known |= {
        "tags": tags,
        "assignee": several[0] if several else None,
        "description": "\n\n".join(dict.fromkeys(texts)),
    }
    read = guide.read(known)
    metadata = {name: front[name] for name in _METADATA if front.get(name) is not None}
    kept = {**read.kept, **({"assignees": several[1:]} if several[1:] else {})}
    return replace(read, metadata={**read.metadata, **metadata}, kept=kept)
