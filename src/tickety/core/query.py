"""The small language in which tickets are asked for, and what it means.

``type:bug,security priority:>=high is:blocked parent:EPIC-2026-001 tag:auth -tag:ui updated:<7d "import error"``

Terms side by side must all hold; values with commas are alternatives; ``-`` before a term turns it round. A time is
a date (``2026-11-22``, ``today``) or an age (``7d``, ``12h``, ``2w``): ``updated:<7d`` is younger than seven days,
``due:<2d`` is due in less than two. Words without a field are looked for in the texts, "quoted" ones as a phrase, and
``import*`` finds every word that begins so.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tickety.core import errors, record

FIELDS = (
    "type", "status", "priority", "resolution", "tag", "assignee", "reporter", "parent", "sprint", "id", "is", "has",
    "created", "updated", "closed", "due", "votes", "sort",
)  # fmt: skip
FLAGS = (
    "open", "in_progress", "blocked", "closed", "active", "ready", "waiting", "archived", "overdue", "epic",
    "unassigned", "unfinished", "escalated",
)  # fmt: skip
THINGS = ("comments", "links", "children", "parent", "tags", "estimate", "branch")
SORTS = ("priority", "created", "updated", "due", "votes", "id", "relevance")
PRIORITIES = ("critical", "high", "medium", "low")
STATUSES = ("open", "in_progress", "blocked", "closed")
RESOLUTIONS = ("fixed", "done", "wont_fix", "duplicate", "cannot_reproduce", "cancelled")
TIMES = ("created", "updated", "closed", "due")
_FIXED = {"status": STATUSES, "priority": PRIORITIES, "resolution": RESOLUTIONS, "is": FLAGS, "has": THINGS}
_TERM = re.compile(r'(-?)(?:([A-Za-z_]+):)?("[^"]*"|[^\s"]+)')
_BINARY = re.compile(r"[\x00\ud800-\udfff]")
_SLIP = 0.75  # how like a field a name must be
_QUOTE = '"'
_MANY = 100  # a hundred terms say what nobody reads, and a thousand are more than SQLite takes
_COMPARED = re.compile(r"(<=|>=|<|>|=)?(.+)", re.DOTALL)
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


@record.record(frozen=True, slots=True)
class Term:
    """One condition. ``op`` is ``in``, ``is``, ``has`` or a comparison; ``values`` are alternatives, as stored."""

    field: str
    op: str
    values: tuple[str, ...]
    is_not: bool = False


@record.record(frozen=True, slots=True)
class Query:
    """What is asked for: conditions that must all hold, words to be found, and the order.

    ``at`` is the moment it is asked: what is overdue depends on it.
    """

    terms: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()
    sort: str = "priority"
    at: str = ""

    def where(self, field: str, op: str, *values: str) -> "Query":
        """The same query with one more condition."""
        return replace(self, terms=(*self.terms, Term(field, op, values)))

    @property
    def names_a_status(self) -> bool:
        """The query itself says whether closed tickets are meant."""
        flags = {*FLAGS} - {"epic", "unassigned"}
        return any(
            term.field in {"status", "resolution", "id", "closed"}
            or (term.field == "is" and flags.intersection(term.values))
            for term in self.terms
        )

    @property
    def finds_words(self) -> bool:
        """Words are looked for, so that some tickets fit better than others."""
        return any(not word.startswith("-") for word in self.words)


@record.record(frozen=True, slots=True)
class Names:
    """What a query may name: the project's types of tickets, and who ``me`` is."""

    types: Callable[[], Sequence[str]]
    me: str


def parse(
    text: str, now: datetime, types: Callable[[], Sequence[str]], me: str = "user:unknown", sort: str = "priority"
) -> Query:
    """The query that a text means; Usage, with the nearest name, when a field or a value is not known.

    ``types`` tells the types of tickets that the project has; ``assignee:me`` is ``me``. ``sort`` is the order unless
    the text names one; where no words are looked for, the best is what is most important.
    """
    names = Names(types, me)
    terms: list[Term] = []
    words: list[str] = []
    for is_not, field, value in _pieces(text):
        if not field:
            words.append(_word(value, is_not=bool(is_not)))
        elif field == "sort":
            sort = _order(value, is_not=bool(is_not))
        else:
            terms.append(_term(field, value, now, names, is_not=bool(is_not)))
    wanted = Query(tuple(terms), _findable(words), sort, _text(now))
    return replace(wanted, sort="priority") if sort == "relevance" and not wanted.finds_words else wanted


def _pieces(text: str) -> list[tuple[str, str, str]]:
    """Sign, field and value of every piece; a word with a colon that names no field stays a word."""
    _refuse_unreadable(text)
    pieces = []
    for sign, name, value in _TERM.findall(text):
        field = name.lower()
        if field and field not in FIELDS:
            _refuse_unknown_field(name, value)
            pieces.append((sign, "", f"{name}:{value}"))
        else:
            _refuse_empty(field, value)
            pieces.append((sign, field, value.strip('"')))
    if len(pieces) > _MANY:
        raise errors.Usage(f"the query has {len(pieces):,} terms; {_MANY} are understood", "look for a few words of it")
    return [piece for piece in pieces if piece[2]]


def _word(value: str, *, is_not: bool) -> str:
    """A word as the query keeps it: one sign in front turns it round, so ``--version`` and "-v" lose theirs."""
    return f"-{value}" if is_not and not value.startswith("-") else value.lstrip("-")


def _findable(words: Sequence[str]) -> tuple[str, ...]:
    """The words that have a letter or a digit: nothing else is in an index. Those alone that have none find nothing."""
    found = tuple(word for word in words if any(letter.isalnum() for letter in word))
    return found or tuple(word for word in words if not word.startswith("-"))


def _order(value: str, *, is_not: bool) -> str:
    if is_not:
        raise errors.Usage(f"-sort:{value} is no order", f"write sort:{value}")
    return _known(value, SORTS, "sort", "order")


def _term(field: str, value: str, now: datetime, names: Names, *, is_not: bool) -> Term:
    if field in TIMES:
        return _time(field, value, now, is_not=is_not)
    if field == "votes":
        return _number(field, value, is_not=is_not)
    if field == "priority" and value[:1] in "<>":
        return Term(field, "in", _compared_priorities(value), is_not)
    values = tuple(dict.fromkeys(_value(field, part, names) for part in value.split(",") if part))
    if not 0 < len(values) <= _MANY:
        raise errors.Usage(f"{field}: takes 1 to {_MANY} values, not {len(values)}", f"write {field}:one,another")
    return Term(field, field if field in {"is", "has"} else "in", values, is_not)


def _value(field: str, typed: str, names: Names) -> str:
    if field == "type":
        return _known(typed, names.types(), field, field)
    if field in _FIXED:
        return _known(typed, _FIXED[field], field, field)
    if field in {"parent", "id"}:
        return typed if typed == "none" else typed.upper()
    if field in {"assignee", "reporter"}:
        return _principal(typed, names.me)
    return typed.lower() if field == "tag" else typed


def _principal(typed: str, me: str) -> str:
    if typed == "me":
        return me
    return typed if typed == "none" or ":" in typed else f"%:{typed}"


def _known(typed: str, known: Sequence[str], field: str, noun: str) -> str:
    name = typed.lower().replace("-", "_")
    if name in known:
        return name
    from tickety.core import nearest

    asked = nearest.asked(name, known, f"{field}:{{}}")
    raise errors.Usage(f"{field}:{typed} names no {noun}", f"{asked}there are: {', '.join(known)}")


def _refuse_unreadable(text: str) -> None:
    if _BINARY.search(text):
        raise errors.Usage("the query is binary, not text", 'write words: tickety search "import error"')
    if text.count('"') % 2:
        raise errors.Usage("a quotation mark is not closed", 'write "several words" with one at both ends')


def _refuse_empty(field: str, value: str) -> None:
    """``type: bug`` is a slip of the hand: the field's value stands right behind the colon."""
    empty = field if field and not value.strip('"') else value[:-1].lower() if value.endswith(":") else ""
    if empty in FIELDS:
        raise errors.Usage(f"{empty}: has no value", f"write {empty}:VALUE, without a space between")


def _refuse_unknown_field(name: str, value: str) -> None:
    """``priorityy:high`` and ``foo:bar`` are slips of the hand; ``ImportError:x`` and ``http://…`` are words.

    A field is written in small letters, and its value begins with a letter, a quotation mark or a comparison.
    """
    from tickety.core import nearest

    is_field = name.isascii() and name.islower() and (value[0].isalpha() or value[0] in '"<>=')
    asked = "" if value.startswith("//") else nearest.asked(name.lower(), FIELDS, f"{{}}:{value}", cutoff=_SLIP)
    if is_field or asked:
        as_words = f'"{name}:{value.replace(_QUOTE, "")}"'
        raise errors.Usage(
            f"there is no field {name!r}",
            f"{asked or f'words are put in quotation marks: {as_words}; '}the fields are: {', '.join(FIELDS)}",
        )


def _compared_priorities(value: str) -> tuple[str, ...]:
    op, name = _compared(value)
    rank = PRIORITIES.index(_known(name, PRIORITIES, "priority", "priority"))
    holds = {"<": rank.__lt__, "<=": rank.__le__, ">": rank.__gt__, ">=": rank.__ge__, "=": rank.__eq__}[op]
    return tuple(priority for other, priority in enumerate(PRIORITIES) if holds(other))


def _time(field: str, value: str, now: datetime, *, is_not: bool) -> Term:
    from tickety.core import times

    op, when = _compared(value)
    try:
        age = times.length(when)
    except ValueError:
        return _date(field, op, when, now, is_not=is_not)
    if field == "due":
        return Term(field, op, (_text(_later(now, age)),), is_not)
    return Term(field, _FLIPPED[op], (_text(_later(now, -age)),), is_not)


def _date(field: str, op: str, when: str, now: datetime, *, is_not: bool) -> Term:
    """A day: ``=`` is any moment of it, ``>`` begins after it, ``<=`` takes it in."""
    from tickety.core import times

    try:
        day = times.day(when, now)
    except ValueError:
        raise errors.Usage(
            f"{field}:{when} is no time",
            f"{times.example(when)}; as an age {field}:<7d, as a date {field}:>2026-01-31, or today",
        ) from None
    first, following = _text(day), _text(_later(day, timedelta(days=1)))
    if op == "=":
        return Term(field, "within", (first, following), is_not)
    sign, moment = {"<": ("<", first), "<=": ("<", following), ">": (">=", following), ">=": (">=", first)}[op]
    return Term(field, sign, (moment,), is_not)


def _number(field: str, value: str, *, is_not: bool) -> Term:
    op, number = _compared(value)
    if not (number.isascii() and number.isdecimal()):
        raise errors.Usage(f"{field}:{value} is no number", f"write {field}:>10")
    return Term(field, op, (number,), is_not)


def _compared(value: str) -> tuple[str, str]:
    match = _COMPARED.fullmatch(value)
    return ((match[1] or "="), match[2]) if match else ("=", value)


def _later(moment: datetime, length: timedelta) -> datetime:
    """The moment so many hours later, or earlier; the calendar's end when it ends before."""
    try:
        return moment + length
    except OverflowError:
        is_late = length > timedelta(0)
        return moment.replace(year=9999, month=12, day=31) if is_late else moment.replace(year=1, month=1, day=1)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")[:19] + "Z"


EVERYTHING = Query()
UNFINISHED = Query((Term("is", "is", ("unfinished",)),))
READY = Query((Term("is", "is", ("ready",)),))
