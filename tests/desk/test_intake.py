"""Opening tickets on a real store, without the command line."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tickety import places
from tickety.bootstrap import memory as memories
from tickety.core import editing, errors, events, ids, opening, query, ticket, verdict
from tickety.desk import changing, eta, intake, memory
from tickety.desk import editing as edits


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout, as far as tickets need one."""
    path = tmp_path / "project"
    (path / ".git").mkdir(parents=True)
    return path


@pytest.fixture
def desk(project: Path, tmp_path: Path) -> Iterator[memory.Memory]:
    found = places.Places(str(project / ".git"), str(project), str(tmp_path / "state"))
    opened = memories.open_memory(found, "user:ada", builders.HandClock())
    yield opened
    opened.store.close()


def _new(desk: memory.Memory, words: str = "It fails", **given: Any) -> ticket.Ticket:  # noqa: ANN401 - fields of a request
    return intake.open_ticket(desk, intake.prepare(desk, opening.Request(words, "user:ada", "user", **given)))


def _links(desk: memory.Memory, subject: ticket.Ticket) -> list[tuple[str, str]]:
    return [(link.relationship.value, link.ticket_id) for link in desk.store.load(subject.uid).linked_tickets]


def test_a_ticket_is_opened_with_all_that_was_said_of_it(desk: memory.Memory) -> None:
    epic = _new(desk, "The whole", type="epic")
    given: dict[str, Any] = {
        "assignee": "qa-lead",
        "due": "3 days",
        "estimate": "2.5",
        "tags": ("auth",),
        "parent": "EPIC-1",
    }
    opened = _new(desk, **given)

    assert (opened.assignee, opened.due_at, opened.tags) == ("user:qa-lead", "2026-11-25T09:00:00Z", ("auth",))
    assert (opened.metadata["estimated_hours"], opened.parent) == (2.5, epic.id)
    assert desk.store.document(epic.uid)["progress"] == {"done": 0, "total": 1}


def test_what_blocks_a_ticket_knows_it_and_it_waits(desk: memory.Memory) -> None:
    first, second = _new(desk), _new(desk)
    waiting = _new(desk, blocked_by=(first.id,), starts_with=(second.id,))

    assert _links(desk, waiting) == [("blocked_by", first.id), ("starts_with", second.id)]
    assert _links(desk, first) == [("blocks", waiting.id)]
    assert desk.store.document(waiting.uid)["waiting_for"] == f"waits for {first.id}, {second.id}"


def test_a_part_that_waits_for_its_whole_is_a_circle_and_nothing_is_opened(desk: memory.Memory) -> None:
    epic = _new(desk, "The whole", type="epic")

    with pytest.raises(errors.Refused, match=f"{epic.id} -> BUG-2026-001"):
        _new(desk, parent=epic.id, blocked_by=(epic.id,))
    assert desk.store.count(query.EVERYTHING) == 1


@pytest.mark.parametrize(
    "ending", [("ticket.closed",), ("ticket.closed", "ticket.archived")], ids=["closed", "archived"]
)
def test_a_parent_that_is_over_gets_no_more_children(desk: memory.Memory, ending: tuple[str, ...]) -> None:
    epic = _new(desk, "The whole", type="epic")
    data = {"ticket.closed": {"resolution": "done"}}
    builders.append(desk.store, epic.uid, [events.Draft(kind, data.get(kind, {})) for kind in ending])

    with pytest.raises(errors.Refused, match="cannot get another child") as refused:
        _new(desk, parent=epic.id)
    assert refused.value.hint == f"tickety reopen {epic.id}"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"due": "2020-01-01"}, "2020-01-01 is in the past"),
        ({"due": "soon"}, "'soon' is no date"),
        ({"estimate": "-1"}, "'-1' is no number of hours"),
        ({"assignee": "agent:painter"}, "no role 'painter'"),
        ({"tags": ("two words",)}, "'two words' is no tag"),
        ({"type": "features"}, "no type 'features'"),
        ({"priority": "hgh"}, "no priority 'hgh'"),
        ({"template": "vulnerability"}, "no template"),
        ({"title": "\x00"}, "control characters"),
        ({"title": "\x1b[31mred"}, "control characters"),
        ({"title": ""}, "no words"),
        ({"title": "x" * 101}, "101 characters long; 100 are the most"),
        ({"title": "x" * 1_100_000}, "1,100,000 characters long"),
        ({"tags": ("a\x1bb",)}, "is no tag"),
        ({"due": "30m"}, "'30m' is no date"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_and_nothing_is_stored(
    desk: memory.Memory, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(errors.Usage, match=said):
        _new(desk, **given)
    assert desk.store.count(query.EVERYTHING) == 0


def test_a_parent_that_is_not_there_is_not_found(desk: memory.Memory) -> None:
    with pytest.raises(errors.NotFound):
        _new(desk, parent="EPIC-9")


def test_a_title_from_the_words_is_cut_and_one_that_was_given_is_kept_whole(desk: memory.Memory) -> None:
    words = "\x1b[31mred\x1b[0m \u202eturned " + "long " * 1_000
    found, given = _new(desk, words), _new(desk, title="It fails. Then\nit crashes")

    assert found.title.startswith("red turned long")
    assert len(found.title) <= 100 < len(found.description)
    assert given.title == "It fails. Then it crashes"


def test_a_new_ticket_is_not_tied_to_an_archived_one(desk: memory.Memory) -> None:
    first = _new(desk)
    builders.append(desk.store, first.uid, [events.Draft("ticket.closed", {"resolution": "done"})])
    builders.append(desk.store, first.uid, [events.Draft("ticket.archived")])

    with pytest.raises(errors.Refused, match=f"{first.id} is archived"):
        _new(desk, blocked_by=(first.id,))
    assert desk.store.count(query.EVERYTHING) == 1


def test_a_templates_priority_tags_and_length_stand_and_words_override(desk: memory.Memory) -> None:
    nice = "A typo would be nice to have"
    stands = _new(desk, nice, template="security_vulnerability", tags=("login",))
    forced = _new(desk, f"{nice} priority:low", template="security_vulnerability")
    chosen = _new(desk, nice, template="performance_issue", priority="low")

    assert (stands.type, stands.priority, stands.tags) == ("security", "critical", ("security", "urgent", "login"))
    assert (stands.orchestration.sla, stands.due_at) == ("4 hours", "2026-11-22T13:00:00Z")
    assert stands.metadata["template"] == "security_vulnerability"
    assert (forced.priority, chosen.priority) == ("low", "low")
    assert chosen.orchestration.sla == "120 hours"


def test_a_type_of_the_projects_own_starts_where_the_project_says(desk: memory.Memory, project: Path) -> None:
    (project / "tickety.toml").write_text('[types.incident]\nprefix = "INC"\nlike = "bug"\nsla = "2 hours"\n')

    named, said = _new(desk, "We cannot sign in", type="incident"), _new(desk, "Look at it type:incident")

    assert (named.id, named.priority, named.orchestration.sla) == ("INC-2026-001", "high", "2 hours")
    assert named.metadata["like"] == "bug"
    assert said.id == "INC-2026-002"
    assert [step.agent for step in named.orchestration.steps] == ["Research Agent", "Engineer Agent", "QA Agent"]


def test_the_same_command_twice_opens_an_epic_and_its_children_once(desk: memory.Memory, project: Path) -> None:
    folder = project / ".tickety" / "templates"
    folder.mkdir(parents=True)
    (folder / "whole.toml").write_text(
        'type = "epic"\ntitle = "Whole of $words"\n'
        '[[children]]\nkey = "a"\ntitle = "First of $words"\ntype = "task"\n'
        '[[children]]\nkey = "b"\ntitle = "Second"\ntype = "doc"\nblocked_by = ["a"]\n'
    )
    made = intake.prepare(desk, opening.Request("all things", "user:ada", "user", template="whole"))

    first, again = (intake.open_ticket(desk, made, "command-1") for _ in range(2))

    assert first == again
    assert first.title == "Whole of all things"
    assert sorted(row.type for row in desk.store.page(query.EVERYTHING, 9, None, whole=False).rows) == [
        "doc", "epic", "task",
    ]  # fmt: skip
    child = desk.store.load(desk.store.find(ids.parse_reference("TASK-1"), 2026)[0][0])
    assert (child.title, child.origin["description"]) == ("First of all things", "import:template whole")
    would_be = [document["id"] for document in intake.as_they_would_be(desk, made)]
    assert would_be == ["EPIC-2026-NNN", "TASK-2026-NNN/a", "DOC-2026-NNN/b"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'type = "bogus"', "bad.toml|no type 'bogus'"),
        (b"type = ", "bad.toml: Invalid value"),
        (b"heading = 'x'", "bad.toml: heading: there is no such field"),
        (b"[[children]]\ncolour = 1", r"bad.toml: children\[0\].colour: there is no such field"),
        (b"priority = 'huge'", "bad.toml: .*huge"),
        (b"tags = 1", "bad.toml: .*tags"),
        (b"\xff\xfe", "bad.toml is not UTF-8"),
        (b"#" * 40_000, "bad.toml is no file of at most"),
        (b"x = " + b"[" * 10_000, "bad.toml: "),
    ],
)
def test_a_faulty_template_is_refused_and_its_file_named(
    desk: memory.Memory, project: Path, content: bytes, said: str
) -> None:
    folder = project / ".tickety" / "templates"
    folder.mkdir(parents=True)
    (folder / "bad.toml").write_bytes(content)

    with pytest.raises(errors.Usage, match=said):
        _new(desk, template="bad")
    assert _new(desk, template="bug").type == "bug"


def test_an_opened_epic_can_be_changed_as_every_ticket(desk: memory.Memory) -> None:
    opened = _new(desk, "The whole", type="epic")

    (changed,) = changing.change_many(desk, (opened.uid,), lambda *_: [events.noted({"goal": "ship it"})])

    assert changed.after.metadata["goal"] == "ship it"
    assert desk.store.load(opened.uid) == changed.after


EMERGENCY = "Production is down! ImportError in core service!"


def test_everybody_is_alerted_in_the_transaction_that_opens_an_emergency(desk: memory.Memory) -> None:
    opened = _new(desk, EMERGENCY)

    log = desk.store.log(opened.uid)
    assert len({event.command_id for event in log}) == 1
    assert [(event.data["agent"], event.data["words"]) for event in log[1:]] == [
        ("Research Agent", "URGENT"),
        ("Engineer Agent", "STANDBY"),
        ("QA Agent", "PREPARE"),
        ("Ops Agent", "STANDBY"),
    ]
    assert [step.state for step in opened.orchestration.steps] == ["ready", "standby", "standby", "standby"]
    assert opened.metadata["understood"]["emergency"] == ["it is critical, and production is affected: 'Production'"]


def test_an_emergency_with_a_workflow_of_its_own_keeps_it_and_is_alerted(desk: memory.Memory) -> None:
    opened = _new(desk, EMERGENCY, workflow="diagnose -> fix -> test")

    assert [step.mode for step in opened.orchestration.steps] == ["normal"] * 3
    assert [step.state for step in opened.orchestration.steps] == ["ready", "standby", "standby"]


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (EMERGENCY, {"priority": "high"}),
        (EMERGENCY, {"type": "task"}),
        ("The export is down", {}),
    ],
    ids=["not critical", "no fault", "not production"],
)
def test_what_is_no_emergency_alerts_nobody(desk: memory.Memory, words: str, given: dict[str, Any]) -> None:
    opened = _new(desk, words, **given)

    assert len(desk.store.log(opened.uid)) == 1
    assert opened.orchestration.steps[-1].agent != "Ops Agent"


def test_the_guides_planning_sentence_becomes_its_three_phases(desk: memory.Memory) -> None:
    opened = _new(desk, "Plan implementation for custom agent templates feature")
    plan = opened.orchestration

    # 22 November 2026 is a Sunday: this week ends with it.
    assert [(phase["name"], phase["said"], phase["due"][:10]) for phase in plan.phases] == [
        ("Research & Design", "This week", "2026-11-22"),
        ("Implementation", "Next week", "2026-11-29"),
        ("Testing & Documentation", "Week 3", "2026-12-06"),
    ]
    assert [(step.agent, step.task, step.phase) for step in plan.steps] == [
        ("Research Agent", "Best practices analysis", "Research & Design"),
        ("Documentation Agent", "API design draft", "Research & Design"),
        ("Engineer Agent", "Core functionality", "Implementation"),
        ("Data Engineer Agent", "Storage design", "Implementation"),
        ("QA Agent", "Comprehensive testing", "Testing & Documentation"),
        ("Documentation Agent", "User guides", "Testing & Documentation"),
    ]
    assert [step.state for step in plan.steps] == ["ready", "ready", "pending", "pending", "pending", "pending"]
    assert (opened.type, opened.due_at) == ("feature", plan.phases[-1]["due"])


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("Plan the fix of the crash", {}),
        ("Plan the roadmap", {}),
        ("Plan the export", {"type": "task"}),
        ("Plan the export", {"workflow": "implement -> test"}),
        ("Plan the export", {"template": "feature"}),
    ],
    ids=["a bug", "an epic", "another type", "a workflow", "a template"],
)
def test_what_is_something_else_or_has_a_plan_is_not_planned_in_phases(
    desk: memory.Memory, words: str, given: dict[str, Any]
) -> None:
    assert _new(desk, words, **given).orchestration.phases == ()


SLA = """
[sla]
critical = "30 minutes"
high = "2 days"
"""


def test_the_time_for_a_ticket_is_the_projects(desk: memory.Memory, project: Path) -> None:
    (project / "tickety.toml").write_text(SLA)
    opened = _new(desk)

    assert (opened.orchestration.sla, opened.due_at) == ("2 days", "2026-11-24T09:00:00Z")
    (changed,) = edits.edit_many(desk, [opened.uid], editing.Edit(priority=ticket.Priority.CRITICAL))
    assert (changed.after.orchestration.sla, changed.after.due_at) == ("30 minutes", "2026-11-22T09:30:00Z")


def test_a_date_set_by_hand_is_given_up_for_the_projects_time(desk: memory.Memory, project: Path) -> None:
    (project / "tickety.toml").write_text(SLA)
    opened = _new(desk, due="1 week")

    (changed,) = edits.edit_many(desk, [opened.uid], editing.Edit(is_due_by_sla=True))
    assert changed.after.due_at == "2026-11-24T09:00:00Z"


def _researched(desk: memory.Memory, seconds: float) -> None:
    """A ticket whose first step took so long."""
    subject = builders.open_one(desk.store)
    builders.start(desk.store, subject.uid, "diagnose")
    running = desk.store.load(subject.uid)
    told = replace(builders.update(running, "diagnose"), usage={**ticket.UNKNOWN_USAGE, "seconds": seconds})
    ended = replace(builders.end(running, "diagnose"), update=told)
    builders.append(desk.store, subject.uid, verdict.follow(running, ended, builders.NOW))


def test_an_eta_comes_from_what_was_measured_here(desk: memory.Memory) -> None:
    for seconds in (200, 300, 100, 600):
        _researched(desk, seconds)
    assert eta.estimates(desk, ["Research Agent"]) == {}

    _researched(desk, 400)
    assert eta.estimates(desk, ["Research Agent", "QA Agent"]) == {"Research Agent": 300}
