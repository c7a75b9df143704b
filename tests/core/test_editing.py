"""What may be edited, how people write it, and what follows."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tickety.core import catalogue, editing, errors, events, recipes, ticket

NOW = datetime.fromisoformat(builders.AT)
AT_HIGH, AT_LOW = "2026-11-23T09:00:00Z", "2026-11-27T09:00:00Z"


def after(subject: ticket.Ticket, **wanted: Any) -> ticket.Ticket:  # noqa: ANN401 - fields of an edit
    return builders.after(subject, editing.edit(subject, editing.Edit(**wanted), catalogue.BUILT_IN))


def test_an_edit_tells_each_fact_with_what_it_was() -> None:
    wanted = editing.Edit({"title": "Other", "tags/ui": True}, origin="user")
    (draft,) = editing.edit(builders.opened(), wanted, catalogue.BUILT_IN, "user:ada")

    assert draft.data == {"changes": {
        "title": {"from": "The --version command fails", "to": "Other"}, "tags/ui": {"from": None, "to": True},
    }}  # fmt: skip


def test_what_is_so_already_leaves_no_event() -> None:
    subject = builders.opened(tags=["ui"])
    same = editing.Edit({"title": subject.title, "tags/ui": True, "parent": None}, priority=ticket.Priority.HIGH)

    assert editing.edit(subject, same, catalogue.BUILT_IN) == []


def test_another_priority_moves_the_date_and_the_sla() -> None:
    low = after(builders.opened(), priority=ticket.Priority.LOW)

    assert (low.priority, low.due_at, low.orchestration.sla) == ("low", AT_LOW, "120 hours")


def test_a_date_or_an_sla_set_by_hand_stays_where_it_is() -> None:
    dated = after(builders.opened(due_at="2027-01-01T00:00:00Z"), priority=ticket.Priority.LOW)
    subject = after(builders.opened(), facts={"orchestration/sla": "3 hours"})

    assert (dated.due_at, dated.orchestration.sla) == ("2027-01-01T00:00:00Z", "120 hours")
    assert after(subject, priority=ticket.Priority.LOW).orchestration.sla == "3 hours"
    assert after(subject, priority=ticket.Priority.LOW).due_at == subject.due_at


def test_a_date_given_with_the_priority_is_the_one_that_holds() -> None:
    given_both = after(builders.opened(), priority=ticket.Priority.LOW, facts={"due_at": "2026-12-01T00:00:00Z"})

    assert (given_both.due_at, given_both.orchestration.sla) == ("2026-12-01T00:00:00Z", "120 hours")


def test_a_date_that_is_given_up_follows_the_priority_again() -> None:
    subject = builders.opened(due_at="2027-01-01T00:00:00Z")

    assert after(subject, is_due_by_sla=True).due_at == AT_HIGH
    assert after(subject, is_due_by_sla=True, priority=ticket.Priority.LOW).due_at == AT_LOW


def test_another_type_brings_its_plan_and_keeps_the_id() -> None:
    task = after(builders.opened(), recipe=recipes.BY_TYPE["task"])

    assert (task.type, task.id) == ("task", "BUG-2026-001")
    assert [(step.name, step.state.value) for step in task.orchestration.steps] == [
        ("implement", "ready"),
        ("test", "pending"),
    ]
    assert (task.orchestration.workflow, task.orchestration.sla) == ("implement -> test", "24 hours")


def test_a_plan_that_was_begun_stays_when_the_type_changes() -> None:
    task = after(builders.started(builders.opened(), "diagnose"), recipe=recipes.BY_TYPE["task"])

    assert task.type == "task"
    assert [step.name for step in task.orchestration.steps] == ["diagnose", "fix", "test"]


def test_a_plan_made_by_hand_stays_when_the_type_changes() -> None:
    patched = builders.opened(kind="security").orchestration
    subject = after(
        builders.opened(),
        facts={"orchestration/steps": [{**_json(step), "task": "do it well"} for step in patched.steps]},
    )

    assert [step.name for step in after(subject, recipe=recipes.BY_TYPE["task"]).orchestration.steps] == [
        "assess", "patch", "verify"
    ]  # fmt: skip


def _json(step: ticket.Step) -> dict[str, Any]:
    from tickety.core import document

    return dict(document.from_plan(ticket.Plan((), "", "", (step,)))["steps"][0])


def test_hours_are_added_up() -> None:
    once = after(builders.opened(), logged_hours=1.5)

    assert after(once, logged_hours=0.5).metadata["actual_hours"] == 2
    assert after(builders.opened(metadata={"actual_hours": "?"}), logged_hours=1).metadata["actual_hours"] == 1


def test_an_archived_ticket_is_not_edited() -> None:
    archived = builders.after(builders.opened(), [events.Draft("ticket.archived")])

    with pytest.raises(errors.Refused, match="is archived"):
        after(archived, facts={"title": "Other"})


@pytest.mark.parametrize(("typed", "moment"), [
    ("3 days", "2026-11-25T09:00:00Z"), ("2 weeks", "2026-12-06T09:00:00Z"), ("tomorrow", "2026-11-23T23:59:59Z"),
    ("today", "2026-11-22T23:59:59Z"), ("90min", "2026-11-22T10:30:00Z"),
    ("12h", "2026-11-22T21:00:00Z"), ("2026-11-22", "2026-11-22T23:59:59Z"),
    ("2026-12-01", "2026-12-01T23:59:59Z"), ("2026-12-01T10:00", "2026-12-01T10:00:00Z"),
    ("2026-12-01T10:00+02:00", "2026-12-01T08:00:00Z"),
])  # fmt: skip
def test_a_date_is_the_end_of_its_day_and_a_length_counts_from_now(typed: str, moment: str) -> None:
    assert editing.due(typed, NOW) == moment


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-21",
        "0 days",
        "2026-11-22T09:00:00Z",
        "soon",
        "",
        "30m",
        "999999 years",
        "2026-13-01",
        "9999-12-31T23:00:00-20:00",
    ],
)
def test_what_is_past_or_no_date_is_refused(typed: str) -> None:
    with pytest.raises(errors.Usage):
        editing.due(typed, NOW)


@pytest.mark.parametrize(("typed", "who"), [
    ("me", "user:ada"), ("none", None), ("bob", "user:bob"), ("user:bob", "user:bob"), ("agent:qa agent", "agent:QA"),
    ("Ada Lovelace", "user:Ada Lovelace"),
])  # fmt: skip
def test_whom_a_person_means(typed: str, who: str | None) -> None:
    assert editing.assignee(typed, "user:ada") == who


@pytest.mark.parametrize("typed", ["", "user:", "agent:", "agent:King", "system:sla", "x:y", "a\x1b[2Jb", "b" * 200])
def test_nobody_is_refused(typed: str) -> None:
    with pytest.raises(errors.Usage):
        editing.assignee(typed, "user:ada")


@pytest.mark.parametrize(("typed", "hours"), [("2.5", 2.5), ("4", 4), ("1e2", 100)])
def test_hours_are_numbers_above_nothing(typed: str, hours: float) -> None:
    assert editing.hours(typed) == hours


@pytest.mark.parametrize("typed", ["0", "-1", "nan", "inf", "many", "1e9", ""])
def test_no_number_of_hours_is_refused(typed: str) -> None:
    with pytest.raises(errors.Usage):
        editing.hours(typed)


@given(st.text(max_size=80))
def test_a_tag_is_one_clean_word_or_refused(typed: str) -> None:
    try:
        tag = editing.tag(typed)
    except errors.Usage:
        return
    assert tag.isprintable()
    assert tag.split() == [tag]
    assert 0 < len(tag) <= editing.TAG_LIMIT
    assert editing.tag(tag) == tag or tag[0] in "+#"


@pytest.mark.parametrize("typed", ["two words", "", "a,b", "--flag", "a\x00b", "x" * 65, '"q"', "\u202eabc"])
def test_what_is_no_tag_is_refused(typed: str) -> None:
    with pytest.raises(errors.Usage):
        editing.tag(typed)


def test_a_title_stays_one_line() -> None:
    assert editing.title(" First.\nSecond\tline ") == "First. Second line"


@pytest.mark.parametrize("typed", ["x" * 101, "a\x00b", "\x1b[2Jgone", "\u202eturned", " "])
def test_a_title_that_would_have_to_be_cut_or_cleaned_is_refused(typed: str) -> None:
    with pytest.raises(errors.Usage):
        editing.title(typed)


def test_tags_are_alike_whatever_their_case() -> None:
    subject = builders.opened(tags=["Auth", "ui"])

    assert editing.tag("+AUTH") == "auth"
    assert after(subject, facts={"tags/auth": True}) == subject
    assert after(subject, facts={"tags/auth": None}).tags == ("ui",)


@pytest.mark.parametrize(
    ("facts", "origin", "by", "whose"),
    [
        ({"description": "run it"}, "user", "user:ada", "user"),
        ({"description": "run it"}, "user", "user:bob", "user:bob"),
        ({"description": "run it"}, "agent:claude", "user:ada", "agent:claude"),
        ({"description": "run it"}, "import:stdin", "user:ada", "import:stdin"),
        ({"title": "run it"}, "agent:claude", "user:ada", "agent:claude"),
        ({"tags/ui": True}, "agent:claude", "user:ada", "user"),
    ],
)
def test_words_are_whose_who_wrote_them_last(facts: dict[str, Any], origin: str, by: str, whose: str) -> None:
    subject = builders.opened()
    wanted = editing.Edit(facts, origin=origin)

    edited = builders.after(subject, editing.edit(subject, wanted, catalogue.BUILT_IN, by))

    assert edited.origin["description"] == whose


def test_a_title_of_the_users_makes_nobody_elses_description_the_users() -> None:
    subject = builders.opened(origin={"description": "agent:claude"})
    wanted = editing.Edit({"title": "Mine"}, origin="user")

    edited = builders.after(subject, editing.edit(subject, wanted, catalogue.BUILT_IN, "user:ada"))

    assert edited.origin["description"] == "agent:claude"
