"""What the rules understand; the sentences at the top are the guide's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import errors, recipes, ticket, triage

CRITICAL, HIGH, MEDIUM, LOW = ticket.Priority

GUIDE = [
    ("The claude-pm --version command is throwing an ImportError", "bug", HIGH),
    ("I want to create custom agent templates", "feature", MEDIUM),
    ("I want to create custom agent templates (12 user votes)", "feature", HIGH),
    ("Update the README with ticketing instructions", "doc", MEDIUM),
    ("Production is down! ImportError in core service!", "bug", CRITICAL),
    ("Plan implementation for custom agent templates feature", "feature", MEDIUM),
    ("We need to refactor the auth system and update all documentation", "epic", MEDIUM),
]

OTHERS = [
    ("SQL injection in the login form", "security", MEDIUM),
    ("The start page takes 12 seconds to load", "performance", MEDIUM),
    ("Add unit tests for the parser", "qa", MEDIUM),
    ("Rename the settings module", "task", MEDIUM),
    ("Polish the thing", "task", MEDIUM),
    ("A security breach: the tokens were exploited", "security", CRITICAL),
    ("The export is broken, urgent!", "bug", HIGH),
    ("It would be nice to have a dark mode", "feature", LOW),
    ("There is a typo in the docs", "doc", LOW),
    ("Make the app production-ready", "task", MEDIUM),
]


@pytest.mark.parametrize(("words", "kind", "priority"), GUIDE)
def test_the_guides_own_sentences_come_out_as_the_guide_says(words: str, kind: str, priority: ticket.Priority) -> None:
    verdict = triage.understand(words)

    assert (verdict.type, verdict.priority) == (kind, priority)


@pytest.mark.parametrize(("words", "kind", "priority"), OTHERS)
def test_plain_words_are_understood_by_rule(words: str, kind: str, priority: ticket.Priority) -> None:
    verdict = triage.understand(words)

    assert (verdict.type, verdict.priority) == (kind, priority)


def test_the_reason_quotes_the_words_it_was_drawn_from() -> None:
    verdict = triage.understand("Production is down! ImportError in core service!")

    assert verdict.type_reasons[0] == "it names an error: 'ImportError'"
    assert verdict.priority_reasons[0] == "production is affected: 'Production'"


@pytest.mark.parametrize(
    ("words", "votes", "priority"),
    [
        ("A dark mode, please (12 user votes)", 12, HIGH),
        ("A dark mode, please: 11 votes", 11, HIGH),
        ("A dark mode, please (10 votes)", 10, MEDIUM),
        ("A dark mode, please (1 vote)", 1, MEDIUM),
        ("A dark mode, please (0 votes)", 0, MEDIUM),
        ("A dark mode, please", None, MEDIUM),
    ],
)
def test_more_than_ten_votes_make_it_high(words: str, votes: int | None, priority: ticket.Priority) -> None:
    verdict = triage.understand(words)

    assert (verdict.votes, verdict.priority) == (votes, priority)


def test_a_word_of_the_request_overrides_the_rules() -> None:
    verdict = triage.understand("Production is down! type:task priority:LOW")

    assert (verdict.type, verdict.priority) == ("task", LOW)
    assert verdict.type_reasons == ("the words say type:task",)
    assert verdict.priority_reasons == ("the words say priority:LOW",)


def test_a_word_inside_another_does_not_override() -> None:
    assert triage.understand("The prototype:bug field crashes").type_reasons[0].startswith("it says that something")


def test_what_a_person_chose_stands() -> None:
    verdict = triage.understand("It crashes with an ImportError type:task", "doc")

    assert (verdict.type, verdict.type_reasons) == ("doc", ("you said so",))


@pytest.mark.parametrize(("typed", "meant"), [("critical", CRITICAL), ("HIGH", HIGH), ("Medium", MEDIUM), ("low", LOW)])
def test_priorities_go_by_their_names(typed: str, meant: ticket.Priority) -> None:
    assert triage.priority_named(typed) is meant


def test_an_unknown_priority_is_refused_with_those_there_are() -> None:
    with pytest.raises(errors.Usage, match="'huge'") as refusal:
        triage.priority_named("huge")

    assert refusal.value.hint == "the priorities are: critical, high, medium, low"


def test_every_rule_leads_to_a_type_that_has_a_recipe_or_to_a_priority() -> None:
    assert {rule.verdict for rule in triage.TYPE_RULES} <= set(recipes.BY_TYPE)
    assert {rule.verdict for rule in triage.PRIORITY_RULES} <= set(ticket.Priority)


@given(st.text())
def test_any_words_are_understood_somehow_and_for_a_reason(words: str) -> None:
    verdict = triage.understand(f"about {words}")

    assert verdict.type_reasons
    assert verdict.priority_reasons


def test_a_mebibyte_of_words_is_understood_by_its_beginning() -> None:
    assert triage.understand("The export crashes. " + "a" * 1024 * 1024 + " epic").type == "bug"


@pytest.mark.parametrize(
    ("words", "quote"),
    [
        ("Plan implementation for custom agent templates feature", "Plan implementation"),
        ("Please plan the implementation of the login", "Please plan the implementation"),
        ("plan the migration to the new store", "plan the"),
        ("  We should plan out the rollout of 2.0", "We should plan out the rollout"),
        ("The plan is wrong", None),
        ("Planning the release crashes", None),
        ("Show the plan of a ticket", None),
        ("Plan B", None),
    ],
)
def test_what_is_to_be_planned_says_so_at_its_beginning(words: str, quote: str | None) -> None:
    assert triage.planned(words) == quote
