"""A plan as people look at it."""

from dataclasses import replace
from typing import Any

import pytest

from tests.core.test_spelling import CONDITIONAL, FULL
from tickety.core import spelling, ticket
from tickety.core.drawing import mermaid, notes, tree

BUILD = "2 h at the most, proved by `pytest -q` and `make lint`, 5 attempts at the most"
FORK = "research -> (implement | document) -> test"


def drawn(spelled: object) -> list[str]:
    """The tree, each row with its branches, its step and what is to be known of it."""
    rows = tree.rows(spelling.read(spelled))
    return [
        row.lead
        + (row.step.name + notes.of(row.step, (row.above or "",)) if row.step else f"# {row.phase and row.phase.name}")
        for row in rows
    ]


def _head(row: tree.Row) -> str:
    assert row.phase
    return f"# {row.phase.name}"


def chart(plan: ticket.Plan, *, is_live: bool = False) -> list[str]:
    return [line.strip() for line in mermaid.lines(plan, is_live=is_live)]


def labelled(words: str) -> dict[str, Any]:
    return {"steps": [{"name": "a", "agent": "QA", "task": words}]}


def test_a_tree_shows_a_step_below_the_last_that_it_waits_for() -> None:
    assert drawn(FORK) == [
        "research", "├─ implement", "└─ document", "   └─ test, also after implement",
    ]  # fmt: skip


def test_a_tree_goes_phase_by_phase_and_names_what_lies_in_another() -> None:
    assert drawn(FULL) == [
        "# Research & Design",
        "  research",
        "# Shipping",
        "  ready, alerted at once",
        f"  └─ build, after research, once ready has started, if research passed and not stop, {BUILD}",
        "     └─ deploy, once a person approves it",
    ]


def test_how_many_run_side_by_side_is_counted() -> None:
    assert [tree.width(spelling.read(one)) for one in ("fix -> test", FORK, CONDITIONAL)] == [1, 2, 3]


def test_only_what_does_not_follow_the_step_before_is_told_in_a_list() -> None:
    assert set(notes.beside_a_sequence(spelling.read("diagnose -> fix -> test")).values()) == {""}
    assert notes.beside_a_sequence(spelling.read(FORK)) == {
        "research": "", "implement": "", "document": ", after research", "test": ", after implement and document",
    }  # fmt: skip


def test_an_attempt_is_told_of_how_many() -> None:
    step = replace(spelling.read("fix").steps[0], state=ticket.State.RUNNING, attempt=2)

    assert notes.of(step) == ", attempt 2 of 3"
    assert notes.of(replace(step, attempt=4)) == ", attempt 4"
    assert notes.of(replace(step, attempt=1, state=ticket.State.PASSED)) == ""


def test_a_chart_has_lines_for_needs_starts_and_conditions() -> None:
    lines = chart(spelling.read(FULL))

    assert lines[0] == "flowchart LR"
    assert 'subgraph p1["Phase 1 #183; Research #38; Design #40;this week#41;#58; 1 step"]' in lines
    assert 's1 -->|"research passed and not stop"| s2' in lines
    assert 's3 -.->|"starts with"| s2' in lines
    assert "s2 --> s4" in lines
    assert 's3(["ready<br/>Ops Agent<br/>ready"])' in lines
    assert 's4{{"deploy<br/>Ops Agent<br/>deploy it"}}' in lines


def test_a_chart_of_a_ticket_has_a_class_for_each_state() -> None:
    plan = spelling.read("fix -> test")
    first, second = plan.steps
    lines = chart(replace(plan, steps=(replace(first, state=ticket.State.PASSED), second)), is_live=True)

    assert lines[1].endswith(":::passed")
    assert lines[2].endswith(":::pending")
    assert [line.split()[1] for line in lines if line.startswith("classDef")] == ["passed", "pending"]


def test_a_condition_that_no_line_leads_to_is_in_the_step_itself() -> None:
    plan = spelling.read({"steps": [{"name": "a", "agent": "QA", "when": {"not": {"signal": "leak"}}}]})

    assert chart(plan)[1].endswith('<br/>if not leak"]')


@pytest.mark.parametrize("words", [
    '"] --> evil["', "%%{init: {'theme':'dark'}}%%", "<script>alert(1)</script>", "`**bold**`", "a;b", "end",
    "click s1 callback", "#quot;", "\n%% comment", "style s1 fill:#f00;", "]:::passed", "a|b", "\\", "&lt;b&gt;",
])  # fmt: skip
def test_words_of_a_plan_never_mean_anything_to_mermaid(words: str) -> None:
    lines = chart(spelling.read(labelled(words)))

    assert len(lines) == 2
    label = lines[1].removeprefix('s1["').removesuffix('"]').replace("<br/>", "")
    assert not set(label) & set('"<>{}[]|%`\\&()')
    assert all(part.split(";")[0].isdecimal() for part in label.split("#")[1:])


def test_a_plan_of_any_length_that_was_imported_is_drawn() -> None:
    names = [f"s{number}" for number in range(1_200)]
    steps = tuple(
        ticket.Step(name, "QA Agent", "work", (before,) if before else ())
        for before, name in zip(("", *names), names, strict=False)
    )

    assert len(list(tree.rows(ticket.Plan((), "", "", steps)))) == 1_200
