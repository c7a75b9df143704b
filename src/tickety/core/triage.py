"""What a request is about: its type and its priority, by rules that show their reason.

The guide's priorities: critical is production down or a security breach, high a major feature or a
significant bug, medium standard work, low nice to have. Bugs start at high, the rest at medium.
"""

import re
from collections.abc import Mapping

from tickety.core import errors, nearest, recipes, record, ticket

_VOTES = re.compile(r"\b(\d{1,9})\s+(?:user\s+)?votes?\b", re.IGNORECASE)
_FORCED_TYPE = re.compile(rf"(?<!\S)type:({'|'.join(recipes.BY_TYPE)})\b", re.IGNORECASE)
_FORCED_PRIORITY = re.compile(rf"(?<!\S)priority:({'|'.join(ticket.Priority)})\b", re.IGNORECASE)
_PLANNED = re.compile(
    r"^\W*(?:please |we (?:should|need to|must) |let'?s )?"
    r"plan (?:(?:out )?(?:the |an |our )?(?:implementation|development|rollout)\b|(?:the|our) (?=\S))",
    re.IGNORECASE,
)
MANY_VOTES = 10
"""What more users than these ask for is high."""


@record.record(frozen=True, slots=True)
class Rule:
    """``verdict`` holds when ``pattern`` is found; ``weight`` is how much that says."""

    verdict: str
    weight: int
    pattern: re.Pattern[str]
    reason: str


@record.record(frozen=True, slots=True)
class Verdict:
    """What was understood, and why: one reason a line, strongest first. ``votes`` is None when not said."""

    type: str
    priority: ticket.Priority
    type_reasons: tuple[str, ...]
    priority_reasons: tuple[str, ...]
    votes: int | None = None


def _rule(verdict: str, weight: int, pattern: str, reason: str) -> Rule:
    return Rule(verdict, weight, re.compile(pattern, re.IGNORECASE), reason)


TYPE_RULES = (
    _rule("security", 7, r"\b(?:vulnerabilit\w+|CVE-\d+|exploit\w*|security (?:breach|hole|issue|flaw|bug)|(?:sql|command|shell|code) injection|XSS|CSRF|SSRF|leak(?:s|ed|ing)? (?:the |our |its |a )?(?:secrets?|tokens?|passwords?|credentials?|keys?))\b", "it names a weakness an attacker could use"),
    _rule("security", 3, r"\b(?:npm audit|pip-audit|unauthori[sz]ed|privilege escalation|without (?:logging|signing) in|path traversal)\b", "it speaks of access nobody should have"),
    _rule("performance", 6, r"\b(?:slow(?:er|ly|ness)?|sluggish|latency|too long|takes? (?:about |over |more than )?\d+ ?(?:s|sec\w*|minutes?|min|hours?)\b|memory (?:leak|usage)|out of memory|high cpu|speed up|performance|optimi[sz]e)", "it is about time or memory"),
    _rule("bug", 6, r"\b\w*(?:Error|Exception|Traceback|panic(?:ked|s)?|segfault|segmentation fault|stack ?trace)\b", "it names an error"),
    _rule("bug", 5, r"\b(?:crash\w*|broken|breaks?|fail(?:s|ed|ing|ure)?|throw(?:s|ing|n)?|bug|doesn'?t work|does not work|not working|stopped working|hangs?|freez\w+|is down|wrong(?:ly)?|corrupt\w*|regression)\b", "it says that something does not work"),
    _rule("bug", 3, r"\b(?:should (?:be|have|not)|instead of|but (?:it|gets?|is|the)|never (?:goes|ends|comes)|no longer|can'?t|cannot|unable|expected|twice|missing|disappear\w*|kills|forgets?|ignores|loses|doubles)\b", "it tells of something other than expected"),
    _rule("doc", 7, r"\b(?:documentation|docs?|readme|changelog|docstrings?|tutorial|user guide|man ?page|wiki|typo in the (?:docs|readme|guide)|how-?to)\b", "it is about documentation"),
    _rule("qa", 6, r"\b(?:test suite|(?:unit|integration|e2e|end-to-end|regression|flaky) tests?|test coverage|coverage of|write tests|add tests|tests? for|CI (?:fails|does|is|pipeline|job|doesn'?t))\b", "it is about tests"),
    _rule("epic", 8, r"\b(?:epic|road ?map|overhaul|re-?architect|rewrite (?:the )?(?:whole|entire)|big bet|multi-tenan\w+|initiative)\b", "it is larger than one piece of work"),
    _rule("epic", 8, r"\brefactor\b.*\band (?:update|write|document|test|migrate)\b", "it asks for several deliverables"),
    _rule("feature", 5, r"\b(?:i(?:'d| would) (?:like|love)|we (?:want|need) (?:a|an|to be able)|i want|please add|feature|support (?:for)?|allow (?:\w+ )?to|be able to|ability to|option (?:to|for)|it would be (?:nice|great|good)|would be nice|could (?:we|you) (?:add|have)|new command|dark mode)\b", "it asks for something new"),
    _rule("feature", 4, r"^\s*(?:add|implement|create|introduce|build|provide|let|make it possible)\b", "it asks to add something"),
    _rule("task", 4, r"^\s*(?:rename|remove|delete|move|upgrade|bump|update|migrate|clean ?up|refactor|find out|investigate|set up|configure|replace|extract|split|switch|drop|run|lint)\b", "it asks for a piece of work"),
)  # fmt: skip

PRIORITY_RULES = (
    _rule("critical", 9, r"\b(?:production|prod)\b(?!-ready)", "production is affected"),
    _rule("critical", 9, r"\b(?:security breach|breach(?:ed)?|data loss|los(?:es|ing|t) (?:customer |user |our |all )?data|is down\b|outage|everyone is (?:locked out|affected)|actively exploited)\b", "it tells of a breach, an outage or lost data"),
    _rule("high", 6, r"\b(?:urgent\w*|asap|as soon as possible|blocker|blocking (?:us|the release)|before the release|by (?:today|tonight|tomorrow)|all users|every user|customers? (?:can'?t|cannot|are)|major|big bet)\b", "it is said to be urgent or wide"),
    _rule("low", 6, r"\b(?:nice to have|would be nice|minor|cosmetic|typo|some ?day|when (?:you have|there is|there'?s) time|low priority|no (?:hurry|rush)|trivial|small thing|pls)\b", "it is nice to have"),
)  # fmt: skip


def planned(words: str) -> str | None:
    """The words by which a feature is to be planned in phases, ``Plan implementation``; None when nobody says so."""
    match = _PLANNED.match(words)
    return " ".join(match[0].split()) if match else None


def understand(
    words: str,
    type_name: str | None = None,
    starts: Mapping[str, ticket.Priority] | None = None,
    stands: ticket.Priority | None = None,
) -> Verdict:
    """Type and priority of a request, with the reasons for them.

    ``type:bug`` and ``priority:low`` in the words force; a ``type_name`` that a person chose stands. ``starts`` says
    where a project lets its types begin; ``stands`` is a template's priority, which only a forcing word overrides.
    """
    found, reasons = (type_name, ("you said so",)) if type_name else _type(words)
    votes = _votes(words)
    priority, priority_reasons = _forced(words, stands) or _priority(words, found, votes, starts or {})
    return Verdict(found, priority, reasons, priority_reasons, votes)


def _type(words: str) -> tuple[str, tuple[str, ...]]:
    if forced := _FORCED_TYPE.search(words):
        return forced[1].lower(), (f"the words say {forced[0]}",)
    found = _matches(TYPE_RULES, words)
    if not found:
        return "task", ("nothing in the words says more than that work is wanted",)
    scores: dict[str, int] = {}
    for rule, _ in found:
        scores[rule.verdict] = scores.get(rule.verdict, 0) + rule.weight
    best = max(scores, key=lambda verdict: scores[verdict])
    return best, tuple(f"{rule.reason}: {quote!r}" for rule, quote in found if rule.verdict == best)


def _forced(words: str, stands: ticket.Priority | None) -> tuple[ticket.Priority, tuple[str, ...]] | None:
    if forced := _FORCED_PRIORITY.search(words):
        return priority_named(forced[1]), (f"the words say {forced[0]}",)
    return (stands, ("the template says so",)) if stands else None


def _priority(
    words: str, type_name: str, votes: int | None, starts: Mapping[str, ticket.Priority]
) -> tuple[ticket.Priority, tuple[str, ...]]:
    if found := _matches(PRIORITY_RULES, words):
        best = max((rule for rule, _ in found), key=lambda rule: rule.weight).verdict
        return ticket.Priority(best), tuple(
            f"{rule.reason}: {quote!r}" for rule, quote in found if rule.verdict == best
        )
    if votes is not None and votes > MANY_VOTES:
        return ticket.Priority.HIGH, (f"{votes} users voted for it",)
    if type_name in starts:
        return starts[type_name], (f"a ticket of type {type_name} starts at {starts[type_name]}",)
    if type_name == "bug":
        return ticket.Priority.HIGH, ("a bug starts at high",)
    return ticket.Priority.MEDIUM, ("standard work",)


def priority_named(name: str) -> ticket.Priority:
    """The priority of that name; Usage, with the nearest name, when there is none."""
    try:
        return ticket.Priority(name.strip().lower())
    except ValueError:
        near, known = nearest.asked(name.strip().lower(), ticket.Priority), ", ".join(ticket.Priority)
        raise errors.Usage(f"there is no priority {name[:60]!r}", f"{near}the priorities are: {known}") from None


def _matches(rules: tuple[Rule, ...], words: str) -> list[tuple[Rule, str]]:
    found = ((rule, match) for rule in rules if (match := rule.pattern.search(words[:20_000])))
    return sorted(((rule, " ".join(match[0].split())[:60]) for rule, match in found), key=lambda pair: -pair[0].weight)


def _votes(words: str) -> int | None:
    match = _VOTES.search(words)
    return int(match[1]) if match else None
