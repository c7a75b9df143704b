"""A workflow in one line: who does which word, after what."""

import pytest

from tickety.core import errors, spelling, ticket
from tickety.core.spelling import manner


def _steps(workflow: str, *agents: str) -> tuple[ticket.Step, ...]:
    return spelling.read(workflow, manner.Manner(agents)).steps


def _crew(workflow: str, *agents: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(step.name, step.agent.removesuffix(" Agent"), step.needs) for step in _steps(workflow, *agents)]


def test_the_words_take_the_agents_in_order() -> None:
    assert _crew("profile -> optimize -> deploy", "Research Agent", "Engineer Agent", "Ops Agent") == [
        ("profile", "Research", ()),
        ("optimize", "Engineer", ("profile",)),
        ("deploy", "Ops", ("optimize",)),
    ]


def test_words_in_brackets_run_together_and_what_follows_waits_for_both() -> None:
    assert _crew("research -> (implement | document) -> test") == [
        ("research", "Research", ()),
        ("implement", "Engineer", ("research",)),
        ("document", "Documentation", ("research",)),
        ("test", "QA", ("implement", "document")),
    ]


def test_when_the_counts_differ_each_word_finds_its_role_on_the_crew() -> None:
    crew = _crew("assess -> diagnose -> patch -> verify", "Security Agent", "Engineer Agent", "QA Agent")

    assert [role for _, role, _ in crew] == ["Security", "Security", "Engineer", "QA"]


@pytest.mark.parametrize(
    ("workflow", "agents", "said"),
    [
        ("paint -> test", (), "nobody knows whose step 'paint' is"),
        ("fix -> fix", (), "'fix' twice"),
        ("", (), "is empty"),
        ("fix -> -> test", (), "'' is no step"),
        ("fix -> (test", (), "is no step"),
        ("fix; rm -rf / -> test", (), "is no step"),
        ("fix", ("Painter",), "there is no role 'Painter'"),
        (" -> ".join(f"s{n}" for n in range(41)), (), "more than 40 steps"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(workflow: str, agents: tuple[str, ...], said: str) -> None:
    with pytest.raises(errors.Usage, match=said.replace("(", r"\(")):
        _steps(workflow, *agents)


def test_writing_words_write_and_whoever_researches_never_does() -> None:
    steps = _steps("research -> fix -> refurbish -> review", "Research", "Engineer", "Engineer", "QA")

    assert [step.writes for step in steps] == [False, True, True, False]
    assert not _steps("fix", "Research")[0].writes
