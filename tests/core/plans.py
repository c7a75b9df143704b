"""Workflows in the full form, drawn at random: plans without a circle, and the words that people put into them."""

from typing import Any

from hypothesis import strategies as st

from tickety.core import roster, text

MOST = 9
NAMES = tuple(f"step-{number}" for number in range(MOST))
AGENTS = st.sampled_from([role.agent for role in roster.ROLES])
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).map(text.harmless).map(str.strip).filter(bool)
"""Whatever can be shown: quotation marks, brackets, and every script there is."""

SIGNALS = st.sampled_from(("leak", "slow"))


def _conditions(before: list[str]) -> st.SearchStrategy[dict[str, Any] | None]:
    """Conditions on what comes before; those that can come true whatever the others say."""
    if not before:
        return st.none()
    passed = st.fixed_dictionaries({"step": st.sampled_from(before), "outcome": st.just("passed")})
    signal = st.fixed_dictionaries({"signal": SIGNALS})
    return st.none() | signal | st.fixed_dictionaries({"not": signal}) | passed


@st.composite
def full_forms(draw: st.DrawFn) -> dict[str, Any]:
    """A workflow without a circle in the full form, its steps in any order."""
    steps = []
    for index in range(draw(st.integers(1, MOST))):
        before = list(NAMES[:index])
        needs = draw(st.lists(st.sampled_from(before), unique=True, max_size=3)) if before else []
        begun = draw(st.lists(st.sampled_from(before), unique=True, max_size=1)) if before else []
        steps.append(_step(draw, NAMES[index], needs, begun))
    phases = [{"name": "One", "due": "this week"}] if any(step.get("phase") for step in steps) else []
    return {"steps": draw(st.permutations(steps)), **({"phases": phases} if phases else {})}


def _step(draw: st.DrawFn, name: str, needs: list[str], begun: list[str]) -> dict[str, Any]:
    said = {
        "needs": needs,
        "starts_with": begun,
        "when": draw(_conditions(needs)),
        "mode": draw(st.sampled_from(("normal", "standby", "approval"))),
        "phase": draw(st.sampled_from((None, "One"))),
        "writes": draw(st.none() | st.booleans()),
        "attempts": draw(st.integers(1, 20)),
        "timeout": draw(st.none() | st.sampled_from((90, "30 minutes", 0.5))),
        "receipts": draw(st.lists(st.lists(TEXTS, min_size=1, max_size=2), max_size=1)),
    }
    known = {field: value for field, value in said.items() if value not in (None, [])}
    return {"name": name, "agent": draw(AGENTS), "task": draw(TEXTS), **known}


@st.composite
def circles(draw: st.DrawFn) -> tuple[dict[str, Any], list[str]]:
    """A workflow in the full form that has a circle somewhere, and the names of the steps in it."""
    whole = draw(full_forms())
    steps = {step["name"]: dict(step) for step in whole["steps"]}
    size = draw(st.integers(1, len(steps)))
    chosen = draw(st.permutations(sorted(steps)))[:size]
    for name, other in zip(chosen, (*chosen[1:], chosen[0]), strict=True):
        kind = draw(st.sampled_from(("needs", "starts_with", "when")))
        one = steps[name]
        if kind == "when":
            one["when"] = {"step": other, "outcome": draw(st.sampled_from(("passed", "failed")))}
        else:
            one[kind] = [*one.get(kind, ()), other]
    return {**whole, "steps": list(steps.values())}, chosen
