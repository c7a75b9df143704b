"""What a good description says: what is broken or needed, why it matters, who is affected, when it is needed.

The rules only look for the words that people use for these; they say what they miss, and never what is wrong.
"""

import re
from typing import Any

from tickety.core import times

WHAT = "what is broken or needed"
WHY = "why it matters"
WHO = "who is affected"
WHEN = "when it is needed"
PARTS = (WHAT, WHY, WHO, WHEN)
_LABELS = {WHAT: "What", WHY: "Why", WHO: "Who", WHEN: "When needed"}
"""How answers are headed in the words: told by the rules above, and by no rule of triage."""

_READ = 20_000
_FEW_WORDS = 3
_WORD = re.compile(r"[^\W\d_]{2,}")
_WHY = re.compile(
    r"\b(?:because|since|so that|in order to|otherwise|therefore|matters?|why|impact\w*|risks?|costs?|los(?:e|es|ing|t)"
    r"|blocks?|blocking|prevents?|breaks?|needed for|depends? on|to avoid|without (?:it|this)|can(?:no|')t|unable"
    r"|breach|outage|is down)\b",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"\b(?:(?i:users?|customers?|clients?|visitors?|people|every(?:one|body)|some(?:one|body)|any(?:one|body)|nobody"
    r"|teams?|developers?|engineers?|admin(?:istrator)?s?|operators?|maintainers?|contributors?|colleagues?|support"
    r"|affects? \w+|who|we)|us|I)\b"
)
_WHEN = re.compile(
    r"\b(?:when needed|needed by|by (?:today|tonight|tomorrow|next|the end|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|\d)"
    r"|before|until|deadline|due|today|tonight|tomorrow|this (?:week|month|quarter|sprint)|next (?:week|month|quarter"
    r"|sprint|release)|urgent\w*|asap|as soon as possible|immediately|some ?day|no (?:hurry|rush)|nice to have"
    r"|\d{4}-\d{2}-\d{2})\b",
    re.IGNORECASE,
)


def missing(document: dict[str, Any]) -> tuple[str, ...]:
    """The parts that a ticket's JSON does not tell, in the order of a good description."""
    words = f"{document.get('title') or ''}\n{document.get('description') or ''}"[:_READ]
    metadata = document.get("metadata") or {}
    told = {
        WHAT: bool(metadata.get("error_message")) or len(set(_WORD.findall(words))) >= _FEW_WORDS,
        WHY: bool(_WHY.search(words)),
        WHO: bool(metadata.get("affected_users")) or bool(_WHO.search(words)),
        WHEN: bool(document.get("sprint")) or _has_a_date(document) or bool(_WHEN.search(words)),
    }
    return tuple(part for part in PARTS if not told[part])


def added(words: str, answers: dict[str, str]) -> str:
    """The words with answers below them, each after the part that it tells."""
    told = [f"{_LABELS[part]}: {answer.strip()}" for part, answer in answers.items() if answer.strip()]
    return "\n\n".join((words, *told)) if told else words


def _has_a_date(document: dict[str, Any]) -> bool:
    """Somebody said when: it is due at another time than its length of time by itself says."""
    due, created = document.get("due_at"), document.get("created_at")
    sla = (document.get("orchestration") or {}).get("sla")
    if not (due and created and sla):
        return bool(due)
    try:
        return times.as_moment(due) != times.as_moment(created) + times.length(sla)
    except (ValueError, TypeError):
        return True
