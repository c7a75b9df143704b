"""The language in which tickets are asked for: what it understands, what it refuses, and that nothing breaks it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tickety import store
from tickety.core import errors, query
from tickety.stores import sqlite

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TYPES = ("bug", "feature", "doc")


def parsed(text: str, sort: str = "priority") -> query.Query:
    return query.parse(text, NOW, lambda: TYPES, "user:ada", sort)


def term(text: str) -> query.Term:
    (only,) = parsed(text).terms
    return only


def test_terms_side_by_side_are_all_kept_and_words_are_looked_for() -> None:
    wanted = parsed('type:bug,doc priority:>=high -tag:ui "import error" -flaky login')

    assert wanted.terms == (
        query.Term("type", "in", ("bug", "doc")),
        query.Term("priority", "in", ("critical", "high")),
        query.Term("tag", "in", ("ui",), is_not=True),
    )
    assert wanted.words == ("import error", "-flaky", "login")


@pytest.mark.parametrize(
    ("text", "op", "moment"),
    [
        ("updated:<7d", ">", "2026-11-15T09:00:00Z"),
        ("updated:>2w", "<", "2026-11-08T09:00:00Z"),
        ("due:<12h", "<", "2026-11-22T21:00:00Z"),
        ("created:>2026-01-31", ">=", "2026-02-01T00:00:00Z"),
        ("created:>=2026-01-31", ">=", "2026-01-31T00:00:00Z"),
        ("closed:<=2026-01-31", "<", "2026-02-01T00:00:00Z"),
        ("closed:<2026-01-31", "<", "2026-01-31T00:00:00Z"),
        ("created:>9999y", "<", "0001-01-01T09:00:00Z"),
        ("due:<9999y", "<", "9999-12-31T09:00:00Z"),
        ("created:<0001-01-01", "<", "0001-01-01T00:00:00Z"),
    ],
)
def test_a_time_is_a_date_or_an_age(text: str, op: str, moment: str) -> None:
    assert (term(text).op, term(text).values) == (op, (moment,))


def test_a_day_is_any_moment_of_it_even_the_calendars_last() -> None:
    assert term("created:2026-11-22").values == ("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z")
    assert term("created:9999-12-31").op == "within"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("type:bgu", "type:bug"),
        ("status:openn", "status:open"),
        ("is:readdy", "is:ready"),
        ("priorityy:high", "priority:high"),
        ("sort:prioritty", "sort:priority"),
        ("priority:>=hgih", "priority:high"),
    ],
)
def test_a_slip_of_the_hand_is_told_the_nearest_name(text: str, named: str) -> None:
    with pytest.raises(errors.Usage) as refused:
        parsed(text)

    assert f"did you mean {named}" in refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        '"not closed', "type: bug", 'tag:""', "type:,", "votes:many", "votes:²", "votes:٣", "created:2026-W01-1",
        "created:2026-13-01", "created:>", "due:yesterday", "-sort:id", "a\x00b", "\ud800", "x " * 101,
        "tag:" + ",".join(map(str, range(101))),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(errors.Usage) as refused:
        parsed(text)

    assert refused.value.hint


def test_a_word_with_a_colon_that_names_no_field_stays_a_word() -> None:
    assert parsed("ImportError:x http://example.org/a").words == ("ImportError:x", "http://example.org/a")


def test_an_option_is_a_word_and_only_one_sign_turns_a_word_round() -> None:
    assert parsed("--version").words == ("version",)
    assert parsed('"-v" -x').words == ("v", "-x")


def test_what_has_no_letter_is_not_looked_for_unless_it_is_all_there_is() -> None:
    assert parsed("login () ^ 🚨").words == ("login",)
    assert parsed("🚨").words == ("🚨",)
    assert parsed("-()").words == ()


def test_me_and_none_and_a_bare_name_are_people() -> None:
    assert term("assignee:me").values == ("user:ada",)
    assert term("assignee:none,bob,agent:QA").values == ("none", "%:bob", "agent:QA")
    assert term("parent:none,epic-2026-001").values == ("none", "EPIC-2026-001")


def test_the_best_first_needs_words_to_be_better_by() -> None:
    assert parsed("login", sort="relevance").sort == "relevance"
    assert parsed("login sort:due", sort="relevance").sort == "due"
    assert parsed("type:bug -login", sort="relevance").sort == "priority"
    assert parsed("sort:relevance").sort == "priority"


@pytest.mark.parametrize(
    ("text", "names"),
    [("is:closed", True), ("status:open", True), ("resolution:fixed", True), ("tag:open", False), ("is:epic", False)],
)
def test_a_query_tells_whether_closed_tickets_are_meant(text: str, *, names: bool) -> None:
    assert bool(parsed(text).names_a_status) is names


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> store.Store:
    folder: Path = tmp_path_factory.mktemp("query")
    opened = sqlite.SqliteStore(str(folder / "tickety" / "tickety.db"))
    builders.open_one(opened, title="The login fails", description="Nobody gets in", tags=["auth"])
    builders.open_one(opened, title="مرحبا ImportError 🚨", description="Warm words", kind="feature")
    return opened


FIELD = st.sampled_from([*query.FIELDS, "AND", "x"])
VALUE = st.one_of(
    st.sampled_from([
        *query.FLAGS, *query.THINGS, *query.PRIORITIES, *query.SORTS, *TYPES, "<7d", ">=2026-01-01", ">9999y", "<1h",
        "9" * 30, ">10", "none", "me", "a,b", "*", "%", "'", "login*", "ticket;--",
    ]),
    st.text(max_size=12),
)  # fmt: skip
PIECE = st.one_of(
    st.text(max_size=20),
    st.builds("{}{}:{}".format, st.sampled_from(["", "-"]), FIELD, VALUE),
    st.sampled_from([
        "AND", "OR", "NOT", "NEAR(a b, 2)", "NEAR", "*", "^a", "a^", "(", ")", "a AND (b", "{title}: x", "t : x", "+",
        '"', '""', '"*"', '"a b"*', "a*b", "--", "-", "'; DROP TABLE ticket; --", "🚨", "\u202eabc", "é",
        "a\x00b", "\ud800", "\x1b[31m", "%:", "login", "מבחן",
    ]),
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECE, max_size=6), sort=st.sampled_from(["priority", "relevance"]), whole=st.booleans())
def test_no_text_gives_anything_but_tickets_or_a_refusal(
    kept: store.Store, pieces: list[str], sort: str, *, whole: bool
) -> None:
    try:
        wanted = parsed(" ".join(pieces), sort)
    except errors.Usage:
        return

    page = kept.page(wanted, 10, None, whole=whole)

    assert len(page.rows) + len(page.documents) == kept.count(wanted)


def found(kept: store.Store, text: str) -> list[str]:
    return [row.id for row in kept.page(parsed(text), 10, None, whole=False).rows]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("fail", ["BUG-2026-001"]),
        ("failing", ["BUG-2026-001"]),
        ("LOGIN", ["BUG-2026-001"]),
        ("auth", ["BUG-2026-001"]),
        ("-login", ["FEAT-2026-001"]),
        ("-tag:auth", ["FEAT-2026-001"]),
        ('"import error"', ["FEAT-2026-001"]),
        ("import", ["FEAT-2026-001"]),
        ("importerror", ["FEAT-2026-001"]),
        ("مرحبا", ["FEAT-2026-001"]),
        ("BUG-2026-001", ["BUG-2026-001"]),
        ("login -fails", []),
        ("🚨", []),
        ("parent:none assignee:PM", ["BUG-2026-001", "FEAT-2026-001"]),
        ("type:bug -type:bug", []),
    ],
)  # fmt: skip
def test_words_and_terms_find_what_they_mean(kept: store.Store, text: str, ids: list[str]) -> None:
    assert found(kept, text) == ids


@pytest.mark.parametrize("text", ["foo:bar", "-foo:bar", 'note:"two words"', "effort:>3", "statsu:open", "labels:ui"])
def test_a_field_that_is_none_is_refused_with_the_fields_there_are(text: str) -> None:
    with pytest.raises(errors.Usage) as refused:
        parsed(text)
    assert "the fields are: type, status" in refused.value.hint


@pytest.mark.parametrize(
    "text",
    ["ImportError:x", "http://example.org", "C:\\x", "c:\\x", "file.py:12", "localhost:8080", '"foo:bar"', "std::move"],
)
def test_words_with_a_colon_that_are_written_like_no_field_are_looked_for(text: str) -> None:
    assert parsed(text).words == (text.strip('"'),)
