"""What other tools wrote is understood as far as there are words for it, and kept where there are none."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import document, recipes, ticket, workflow
from tickety.core.exchange import arrival, dialects, moments, paper, table, words
from tickety.papers import frontmatter

NAMED_CELLS = st.sampled_from(("done", "[]", '{""a"": 1}', "[1]", '{""a"": NaN}', "[" * 2000, "{", "=1"))
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TEXTS = st.text(max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
GUIDE_NAMES = st.sampled_from((
    "id", "title", "description", "status", "priority", "type", "tags", "metadata", "orchestration", "workflow",
    "steps", "parallel_groups", "phases", "comments", "agent_updates", "linked_tickets", "created_at", "assignee",
    "parent", "depends_on", "agents_required", "conditions",
))  # fmt: skip
GUIDE = st.dictionaries(GUIDE_NAMES | TEXTS, JSON, max_size=8)


def read(text: str, place: str = "x.json", dialect: str = "auto") -> list[dialects.Found]:
    wanted = dialects.Wanted(dialect, NOW, tuple(recipes.BY_TYPE), frontmatter.parse)
    return list(dialects.read(paper.Paper(place, text), wanted))


def one(record: dict[str, Any], dialect: str = "auto") -> arrival.Arrival:
    (found,) = read(json.dumps(record), dialect=dialect)
    assert isinstance(found, arrival.Arrival), found
    return found


def is_kept_or_named(found: dialects.Found, place: str) -> bool:
    """A ticket that is the same after it was written down and read again, or what tells a person where to look."""
    if isinstance(found, dialects.Fault):
        return found.place.startswith(place) and bool(found.reason.strip())
    assert isinstance(found, arrival.Arrival)
    written = document.from_ticket(found.subject)
    return document.to_ticket(json.loads(json.dumps(written, allow_nan=False))) == found.subject


def kept(found: arrival.Arrival) -> dict[str, Any]:
    imported: dict[str, Any] = found.subject.metadata["imported"]
    return imported


@given(st.sampled_from(("guide", "beads", "github", "tickety")), GUIDE | st.dictionaries(TEXTS, JSON, max_size=5))
def test_any_json_is_a_ticket_that_can_be_kept_or_a_fault_with_a_place_and_a_reason(
    dialect: str, record: dict[str, Any]
) -> None:
    (found,) = read(json.dumps(record), dialect=dialect)

    assert is_kept_or_named(found, "x.json")


@given(st.lists(st.lists(TEXTS | NAMED_CELLS, min_size=1, max_size=4), max_size=4), st.sampled_from(",;"))
def test_any_table_is_tickets_that_can_be_kept_or_faults_with_a_place_and_a_reason(
    rows: list[list[str]], between: str
) -> None:
    lines = ["title,status,metadata,comments", *(",".join(f'"{cell}"' for cell in row) for row in rows)]

    for found in read("\n".join(lines).replace(",", between), "t.csv", "csv"):
        assert is_kept_or_named(found, "t.csv")


@given(st.text(max_size=60), st.sampled_from(("a.json", "a.jsonl", "a.csv", "a.md")))
def test_any_text_is_tickets_that_can_be_kept_or_faults_with_a_place_and_a_reason(text: str, place: str) -> None:
    for found in read(text, place):
        assert is_kept_or_named(found, place)


def test_a_ticket_of_the_guide_keeps_its_words_its_crew_and_its_workflow() -> None:
    found = one({
        "id": "BUG-2025-001", "title": "ImportError", "description": "It fails", "priority": "critical",
        "metadata": {"error_message": "E", "affected_users": 3},
        "orchestration": {"agents_required": ["Research Agent", "Engineer Agent", "QA Agent"],
                          "workflow": "diagnose -> fix -> test"},
        "agent_updates": [{"agent": "QA Agent", "timestamp": "2025-07-21T10:00:00", "action": "passed"}],
        "created_by": "ada", "odd": {"deep": [1]},
    })  # fmt: skip
    subject = found.subject

    assert (subject.id, subject.type, subject.priority) == ("BUG-2025-001", "bug", ticket.Priority.CRITICAL)
    assert [(step.name, step.agent, step.needs) for step in subject.orchestration.steps] == [
        ("diagnose", "Research Agent", ()), ("fix", "Engineer Agent", ("diagnose",)), ("test", "QA Agent", ("fix",)),
    ]  # fmt: skip
    assert subject.agent_updates[0].result == "passed"
    assert subject.agent_updates[0].timestamp == "2025-07-21T10:00:00Z"
    assert subject.reporter == "user:ada"
    assert subject.metadata["error_message"] == "E"
    assert kept(found)["odd"] == {"deep": [1]}
    assert "odd" in found.notes[0]


def test_every_pattern_of_the_guide_becomes_steps_and_keeps_its_spelling() -> None:
    steps = {"steps": [{"agent": "Research Agent", "task": "look", "depends_on": None},
                       {"agent": "Security Agent", "task": "look, too"},
                       {"agent": "Engineer Agent", "task": "mend",
                        "depends_on": ["Research Agent", "Security Agent"]}]}  # fmt: skip
    groups = {"parallel_groups": [
        {"group": 1, "agents": ["Research Agent", "Security Agent"], "can_run_together": True},
        {"group": 2, "agents": ["Engineer Agent"], "depends_on_group": 1}]}  # fmt: skip

    for form in (steps, groups):
        plan = one({"title": "x", "orchestration": {"workflow": form}}).subject.orchestration
        assert [step.needs for step in plan.steps] == [(), (), ("research", "security")]
        assert json.loads(plan.workflow) == form


def test_a_group_that_cannot_run_together_runs_one_after_the_other() -> None:
    alone = {"group": 1, "agents": ["Research Agent", "Security Agent"], "can_run_together": False}

    plan = one({"title": "x", "parallel_groups": [alone]}).subject.orchestration

    assert [step.needs for step in plan.steps] == [(), ("research",)]


@pytest.mark.parametrize(("signals", "done"), [
    ((), {"engineer"}), (("security_issue",), {"security"}), (("odd",), {"engineer"}),
    (("security_issue", "performance_issue"), {"security", "ops"})])  # fmt: skip
@pytest.mark.parametrize("is_outside", [True, False])
def test_what_the_first_step_signals_decides_which_of_the_others_are_done(
    signals: tuple[str, ...], done: set[str], *, is_outside: bool
) -> None:
    conditions = {"initial": "Research Agent", "conditions": {
        "if_security_issue": "Security Agent", "if_performance_issue": "Ops Agent",
        "default": "Engineer Agent"}}  # fmt: skip
    found = one({"title": "x", "orchestration": conditions if is_outside else {"workflow": conditions}})
    plan = found.subject.orchestration
    first, *others = plan.steps
    passed = workflow.change_step(plan, replace(first, state=ticket.State.PASSED, signals=signals))

    assert [(step.name, step.state.value) for step in plan.steps] == [
        ("research", "ready"), ("security", "pending"), ("ops", "pending"), ("engineer", "pending")]  # fmt: skip
    assert json.loads(plan.workflow) == conditions
    assert found.notes == ()
    states = {step.name: step.state.value for step in workflow.settle(passed).steps[1:]}
    assert states == {step.name: "ready" if step.name in done else "skipped" for step in others}


def test_steps_below_phases_become_steps_and_the_phases_stay() -> None:
    phases = [{"name": "One", "due": "This week", "steps": [{"agent": "Research Agent"}]},
              {"name": "Two", "steps": [{"agent": "QA Agent", "task": "look twice"}]}]  # fmt: skip

    plan = one({"title": "x", "orchestration": {"phases": phases}}).subject.orchestration

    assert [(step.name, step.needs, step.phase) for step in plan.steps] == [
        ("research", (), "One"), ("qa", ("research",), "Two"),
    ]  # fmt: skip
    assert list(plan.phases) == phases


def test_what_was_imported_names_no_commands() -> None:
    steps = [{"agent": "QA Agent", "receipts": [["touch", "x"]]}]

    plan = one({"title": "x", "orchestration": {"steps": steps}}).subject.orchestration

    assert plan.steps[0].receipts == ()
    assert "touch" in plan.workflow


@pytest.mark.parametrize("odd", [{"initial": "Research Agent", "conditions": {"perhaps": "QA Agent"}},
                                 {"initial": "Nobody", "conditions": {"default": "QA Agent"}}])  # fmt: skip
def test_a_workflow_that_says_more_than_steps_stays_as_it_was_written(odd: dict[str, Any]) -> None:
    found = one({"title": "x", "orchestration": {"workflow": odd}})

    assert found.subject.orchestration.steps == ()
    assert json.loads(found.subject.orchestration.workflow) == odd
    assert kept(found)["workflow"] == {"workflow": odd}


def test_a_word_that_was_understood_is_no_note_and_one_that_was_not_is() -> None:
    understood = one({"title": "x", "status": "done", "priority": "P1", "type": "defect", "resolution": "Won't fix"})
    strange = one({"title": "x", "status": "somewhere"})

    assert understood.notes == ()
    assert kept(understood)["status"] == "done"
    assert strange.notes == ("kept as imported: status",)


def test_nothing_is_closed_before_it_was_made() -> None:
    found = one({"title": "x", "status": "closed", "created_at": "2026-01-02T00:00:00Z", "closed_at": "2026-01-01"})

    assert found.subject.closed_at == found.subject.created_at == "2026-01-02T00:00:00Z"
    assert kept(found)["closed_at"] == "2026-01-01T00:00:00Z"
    assert found.notes == ("kept as imported: closed_at",)


def test_a_command_in_a_ticket_of_another_tool_is_kept_and_is_none_of_ours() -> None:
    found = one({"title": "x", "metadata": {"reproduction": ["touch", "pwned"], "verification": ["rm"]}})

    assert not {"reproduction", "verification"} & found.subject.metadata.keys()
    assert kept(found)["reproduction"] == ["touch", "pwned"]


def test_an_issue_of_beads_depends_on_others_and_has_a_number_for_a_priority() -> None:
    (found,) = read(
        '{"id":"bd-7.1","title":"T","status":"tombstone","priority":0,"issue_type":"chore","labels":["a"],'
        '"dependencies":[{"issue_id":"bd-7.1","depends_on_id":"bd-3","type":"blocks"}],"estimated_minutes":90,'
        '"updated_at":"2025-10-14T12:34:56.123456789-07:00","design":"d"}\n',
        "issues.jsonl",
    )
    assert isinstance(found, arrival.Arrival)
    subject = found.subject

    assert (subject.type, subject.priority, subject.status) == ("task", "critical", "closed")
    assert subject.resolution is ticket.Resolution.CANCELLED
    assert found.ties == ((ticket.Relationship.BLOCKED_BY, "bd-3"),)
    assert (found.parent, subject.metadata["estimated_hours"]) == ("bd-7", 1.5)
    assert subject.updated_at == "2025-10-14T19:34:56Z"
    assert kept(found)["design"] == "d"
    assert kept(found)["status"] == "tombstone"


def test_an_issue_of_github_is_known_by_its_address() -> None:
    record = {"number": 12, "title": "T", "body": "B", "state": "CLOSED", "stateReason": "NOT_PLANNED",
              "url": "https://github.com/a/b/issues/12", "labels": [{"name": "bug", "color": "red"}, {"name": "P1"}],
              "author": {"login": "ada"}, "createdAt": "2026-01-02T03:04:05Z", "updatedAt": "2026-01-03T03:04:05Z",
              "closedAt": "2026-01-03T03:04:05Z", "milestone": {"title": "S1", "number": 3},
              "comments": [{"author": {"login": "bob"}, "body": "hm",
                            "createdAt": "2026-01-02T04:00:00Z"}]}  # fmt: skip
    found = one(record)
    again = one({**record, "title": "Another title"})

    assert (found.subject.type, found.subject.priority, found.subject.resolution) == ("bug", "high", "wont_fix")
    assert found.subject.uid == again.subject.uid
    assert (found.subject.sprint, found.subject.comments[0].by) == ("S1", "user:bob")
    assert kept(found)["milestone"] == {"number": 3}


def test_a_file_of_trackdown_has_its_fields_in_front_and_its_story_below() -> None:
    (found,) = read(
        "---\nid: TSK-0105\ntitle: Mend it\nstatus: on_hold\npriority: high\nassignees: [ada, bob]\n"
        "tags: [x]\nlabels: [y]\n"
        "created_at: 2025-08-01T10:00:00.5\ndependencies: [TSK-0001]\nparent: EP-0001\n---\n\nThe story.\n",
        "TSK-0105.md",
    )
    assert isinstance(found, arrival.Arrival)

    assert (found.subject.status, found.subject.type, found.subject.tags) == ("blocked", "task", ("x", "y"))
    assert (found.subject.assignee, kept(found)["assignees"]) == ("user:ada", ["bob"])
    assert (found.parent, found.ties) == ("EP-0001", ((ticket.Relationship.BLOCKED_BY, "TSK-0001"),))
    assert found.subject.description == "The story."


@pytest.mark.parametrize("front", ["a: &x [1]\nb: *x", "a: [", "!!python/name:os.system", "- 1", "a: \x01"])
def test_front_matter_that_is_more_than_fields_is_refused(front: str) -> None:
    (found,) = read(f"---\ntitle: t\n{front}\n---\n", "a.md")

    assert isinstance(found, dialects.Fault)


def test_a_file_without_front_matter_is_named() -> None:
    (found,) = read("# Only words\n", "tasks/readme.md")

    assert isinstance(found, dialects.Fault)
    assert (found.place, found.reason) == ("tasks/readme.md", "it has no front matter")


def test_a_table_is_read_by_what_people_call_its_columns_and_each_row_by_itself() -> None:
    found = read('Issue Key,Summary,State,Labels\n7,\'=1+1,Done,"a, b"\n8,,open,\n', "t.csv")

    assert isinstance(found[0], arrival.Arrival)
    assert (found[0].subject.title, found[0].subject.tags, found[0].ref) == ("=1+1", ("a", "b"), "7")
    assert isinstance(found[1], dialects.Fault)
    assert found[1].place == "t.csv line 3"


@given(st.text())
def test_no_cell_is_a_formula_and_every_cell_comes_back(cell: str) -> None:
    assert table.unguarded(table.guarded(cell)) == cell
    assert not table.guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_one_bad_entry_refuses_its_file_and_one_bad_line_only_itself() -> None:
    whole = read('[{"title": "good"}, 5]')
    lines = read('{"title": "good"}\n{broken\n{"title": "too"}\n', "a.jsonl")

    assert [(type(found).__name__, found.left_out) for found in whole] == [("Fault", 1)]  # type: ignore[union-attr]
    assert [type(found).__name__ for found in lines] == ["Arrival", "Fault", "Arrival"]
    assert lines[1].place == "a.jsonl line 2"  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"title": NaN}', "5", "", '{"a":' * 70 + "1" + "}" * 70, "{"])
def test_what_is_no_ticket_is_refused_with_a_reason(text: str) -> None:
    assert all(isinstance(found, dialects.Fault) and found.reason for found in read(text))


def test_a_document_of_ours_with_a_wrong_field_is_refused_by_the_name_of_the_field() -> None:
    whole = {"schema": 1, "uid": "x", "version": 1, "orchestration": {"steps": 5}}
    (found,) = read(json.dumps(whole))

    assert isinstance(found, dialects.Fault)
    assert "id is missing" in found.reason or "steps" in found.reason


@pytest.mark.parametrize(("theirs", "ours"), [
    ("2025-07-21", "2025-07-21T00:00:00Z"), (1700000000, "2023-11-14T22:13:20Z"),
    ("2025-07-21T10:00:00+02:00", "2025-07-21T08:00:00Z"), ("0001-01-01T00:00:00", None), ("soon", None), (True, None),
    (1e300, None), ("9999-12-31T23:59:59-23:00", None)])  # fmt: skip
def test_times_become_utc(theirs: object, ours: str | None) -> None:
    assert moments.utc(theirs) == ours


def test_every_word_of_the_tables_is_plain_and_means_something_of_ours() -> None:
    for known, mean in ((words.STATUSES, words.status_of), (words.RESOLUTIONS, words.resolution_of),
                        (words.PRIORITIES, words.priority_of)):  # fmt: skip
        assert all(mean(word) is not None and words.plain(word) == word for word in known)
    assert set(words.TYPES.values()) == set(recipes.BY_TYPE)
