"""Whatever workflow somebody writes: it is the same after its JSON and its TOML, it ends, or it is refused by name."""

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core import plans
from tickety.core import document, errors, replanning, spelling, ticket, workflow
from tickety.core.drawing import mermaid, notes, tree
from tickety.core.spelling import written

State = ticket.State
OVER = {State.PASSED, State.SKIPPED}
LABEL = r"(?:[\w _.,-]|#\d+;|<br/>)*"
LINE = re.compile(
    "flowchart LR"
    rf'|  (?:  )?s\d+(?:\["{LABEL}"\]|\{{\{{"{LABEL}"\}}\}}|\(\["{LABEL}"\]\))(?::::[a-z]+)?'
    rf'|  subgraph p\d+\["{LABEL}"\]'
    "|  end"
    rf'|  s\d+ -->(?:\|"{LABEL}"\|)? s\d+'
    rf'|  s\d+ -\.->\|"{LABEL}"\| s\d+'
    "|  classDef [a-z]+ [a-z0-9:#,-]+"
)
"""Every line that a chart may have."""


def definitions(plan: ticket.Plan) -> tuple[object, ...]:
    return plan.steps, [{name: phase[name] for name in ("name", "said")} for phase in plan.phases]


@given(plans.full_forms())
def test_the_full_form_is_the_same_after_its_json_and_its_toml(given_form: dict[str, Any]) -> None:
    plan = spelling.read(given_form)

    assert definitions(spelling.read(json.dumps(given_form))) == definitions(plan)
    assert definitions(spelling.read(json.loads(json.dumps(written.full(plan))))) == definitions(plan)
    assert definitions(spelling.read(written.toml(plan))) == definitions(plan)
    assert tomllib.loads(written.toml(plan))
    assert document.to_plan(json.loads(json.dumps(document.from_plan(plan)))) == plan


@given(plans.full_forms(), st.data())
def test_a_plan_without_a_circle_settles_to_its_end_whatever_its_steps_signal(
    given_form: dict[str, Any], data: st.DataObject
) -> None:
    plan = workflow.settle(spelling.read(given_form))
    for _ in plan.steps:
        ready = [step for step in plan.steps if step.state is State.READY]
        if not ready:
            break
        step = data.draw(st.sampled_from(ready))
        signals = tuple(data.draw(st.sets(plans.SIGNALS)))
        plan = workflow.settle(workflow.change_step(plan, replace(step, state=State.PASSED, signals=signals)))

    assert {step.state for step in plan.steps} <= OVER


@given(plans.circles())
def test_a_circle_is_always_refused_naming_one_of_its_steps(drawn: tuple[dict[str, Any], list[str]]) -> None:
    given_form, chosen = drawn

    with pytest.raises(errors.Usage, match="wait") as refused:
        spelling.read(given_form)

    assert any(name in refused.value.message for name in chosen)


@given(plans.full_forms(), st.sampled_from(list(State)))
def test_a_chart_holds_words_in_quotation_marks_only_and_escaped(given_form: dict[str, Any], state: State) -> None:
    plan = spelling.read(given_form)
    plan = replace(plan, steps=tuple(replace(step, state=state) for step in plan.steps))

    for is_live in (True, False):
        for line in mermaid.lines(plan, is_live=is_live):
            assert LINE.fullmatch(line), line


@given(plans.TEXTS | st.text())
def test_a_label_is_one_line_that_nothing_ends_too_early(words: str) -> None:
    label = mermaid.label(words)

    assert re.fullmatch(f'"{LABEL}"', label)
    assert "<br/>" not in label


@given(plans.full_forms())
def test_a_tree_shows_every_step_once_and_below_what_it_waits_for(given_form: dict[str, Any]) -> None:
    plan = spelling.read(given_form)
    shown = [row.step.name for row in tree.rows(plan) if row.step]

    assert sorted(shown) == sorted(step.name for step in plan.steps)
    for row in tree.rows(plan):
        assert row.above is None or (row.step and row.above in workflow.awaited(row.step))


@given(plans.full_forms())
def test_the_steps_in_order_stand_after_all_that_they_wait_for(given_form: dict[str, Any]) -> None:
    plan = spelling.read(given_form)
    ordered = [step.name for step in tree.in_order(plan.steps)]

    for step in plan.steps:
        assert all(ordered.index(name) < ordered.index(step.name) for name in workflow.awaited(step))
    assert set(notes.beside_a_sequence(plan)) == set(ordered)


@given(plans.full_forms(), plans.full_forms(), st.data())
def test_another_plan_keeps_every_step_that_has_begun_to_the_letter_or_is_refused(
    old: dict[str, Any], new: dict[str, Any], data: st.DataObject
) -> None:
    plan = workflow.settle(spelling.read(old))
    begun = data.draw(st.sets(st.sampled_from([step.name for step in plan.steps])))
    plan = replace(plan, steps=tuple(_running(step) if step.name in begun else step for step in plan.steps))

    match ending(lambda: replanning.changed(plan, spelling.read(new))):
        case errors.Refused() as refused:
            assert any(name in refused.message for name in begun)
        case ticket.Plan() as changed:
            assert {name: changed.step(name) for name in begun} == {name: plan.step(name) for name in begun}
            assert [step.name for step in changed.steps] == [step["name"] for step in new["steps"]]
        case other:
            raise AssertionError(other)


@given(plans.full_forms())
def test_the_same_plan_again_changes_nothing(given_form: dict[str, Any]) -> None:
    plan = workflow.settle(spelling.read(given_form))

    assert replanning.changed(plan, spelling.read(given_form)) == plan


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from((
                "steps", "phases", "parallel_groups", "initial", "conditions", "workflow", "agents_required", "name",
                "agent", "task", "needs", "depends_on", "when", "phase", "due", "said", "group", "agents", "default",
                "signal", "step", "all", "any", "not", "attempts", "timeout", "receipts", "mode", "starts_with",
            )) | st.text(max_size=3),
            inner | st.sampled_from(("Research Agent", "QA", "research", "fix -> test")),
            max_size=4,
        )
    ),
    max_leaves=12,
)  # fmt: skip


@given(ODD)
def test_anything_at_all_is_a_plan_that_can_be_done_or_a_mistake_that_is_told(odd: object) -> None:
    match ending(lambda: spelling.read(odd)):
        case ticket.Plan() as plan:
            assert plan.steps
            json.dumps(document.from_plan(plan), allow_nan=False)
        case refused:
            assert refused.kind == "usage"
            assert refused.hint


@given(st.text(max_size=80) | st.text(st.sampled_from("ab ->()|={}[]\"'\n.,#"), max_size=60))
def test_any_text_is_a_plan_or_a_mistake(text: str) -> None:
    match ending(lambda: spelling.read(text)):
        case ticket.Plan() as plan:
            assert plan.steps
        case refused:
            assert refused.kind == "usage"
            assert refused.hint


def ending(work: Callable[[], ticket.Plan]) -> ticket.Plan | errors.TicketyError:
    """The plan, or why there is none."""
    try:
        return work()
    except errors.TicketyError as refused:
        return refused


def _running(step: ticket.Step) -> ticket.Step:
    return replace(step, state=State.RUNNING, attempt=1, claimed_by="x")
