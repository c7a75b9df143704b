import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import report, report_form

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
NAMES = st.sampled_from(["status", "summary", "error", "question", "signals", "outputs", "steps", "until", "children"])


def read(**fields: object) -> report.Report | report.Limited | report_form.Malformed:
    return report_form.read(json.dumps({"status": "passed"} | fields).encode())


def taken(**fields: object) -> report.Report:
    said = read(**fields)
    assert isinstance(said, report.Report), said
    return said


def reason(content: bytes) -> str:
    said = report_form.read(content)
    assert isinstance(said, report_form.Malformed), said
    return said.reason


def test_everything_an_agent_may_say_is_taken() -> None:
    said = {
        "status": "needs_human", "summary": "looked", "error": "e", "question": "q?", "signals": ["security_issue"],
        "outputs": {"a": [1, None, "ü"]}, "steps": [{"name": "more", "agent": "QA"}], "unknown": {"to": "us"},
    }  # fmt: skip
    assert read(**said) == report.Report(
        status=report.Status.NEEDS_HUMAN,
        summary="looked",
        error="e",
        question="q?",
        signals=("security_issue",),
        outputs={"a": [1, None, "ü"]},
        steps=({"name": "more", "agent": "QA"},),
    )


def test_a_status_alone_is_a_report_and_null_is_as_good_as_nothing() -> None:
    nothing = dict.fromkeys(("summary", "error", "question", "signals", "outputs", "steps", "until"))
    assert read() == read(**nothing) == report.Report(report.Status.PASSED, "")


def test_terminal_codes_are_taken_out_of_its_words() -> None:
    said = taken(summary="\x1b[31mred\x1b[0m", error="\x07beep", question="a\u202eb")
    assert (said.summary, said.error, said.question) == ("red", "beep", "ab")


@pytest.mark.parametrize(
    ("until", "moment"),
    [
        ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
        ("2026-11-22T12:00:00+02:00", "2026-11-22T10:00:00Z"),
        ("2026-11-22 10:00", "2026-11-22T10:00:00Z"),
        ("in a while", None),
        ("0001-01-01T00:00:00+12:00", None),
        (None, None),
        (1764000000, None),
    ],
)
def test_an_agent_that_is_limited_says_until_when(until: object, moment: str | None) -> None:
    assert read(status="limited", summary="429", until=until) == report.Limited("429", moment)


def test_what_is_no_signal_is_dropped_and_told() -> None:
    bad = ["Upper", "", "a b", "9a", "x" * 65, "a\n", 7, None, {"a": 1}, ["a"]]
    said = taken(signals=["good", *bad, "x" * 64, "good", "a-b_9"], summary="done")
    assert said.signals == ("good", "x" * 64, "a-b_9")
    assert said.summary == "done\n(not taken as signals: 'Upper', '', 'a b', and 7 more)"


def test_more_signals_than_fifty_are_dropped_and_told() -> None:
    said = taken(signals=[f"s{number}" for number in range(52)])
    assert len(said.signals) == 50
    assert said.summary == "(not taken as signals: 's50', 's51')"


def test_outputs_and_steps_may_be_so_large_and_so_many_and_no_more() -> None:
    assert taken(outputs={"a": "x" * (256 * 1024 - 9)})
    assert taken(steps=[{"name": str(number)} for number in range(20)])
    assert "outputs is 262,145 bytes" in reason(
        b'{"status": "passed", "outputs": {"a": "%s"}}' % (b"x" * (256 * 1024 - 8))
    )
    assert "21 steps" in reason(json.dumps({"status": "passed", "steps": [{}] * 21}).encode())
    assert "steps is 300," in reason(json.dumps({"status": "passed", "steps": [{"a": "x" * 300_000}]}).encode())


def test_outputs_may_be_so_deep_and_no_deeper() -> None:
    inner: object = 1
    for _ in range(49):
        inner = [inner]
    assert taken(outputs={"a": inner})
    assert "deeper" in reason(json.dumps({"status": "passed", "outputs": {"a": [inner]}}).encode())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe{\x00}\x00", "not JSON"),
        (b'{"status": "passed\xff"}', "not JSON"),
        (b'{"status": "passed"} and more', "not JSON"),
        (b'{"status": "passed", "outputs": {"a": NaN}}', "NaN"),
        (b'{"status": "passed", "outputs": {"a": -Infinity}}', "Infinity"),
        (b'{"status": "passed", "outputs": {"a": 1e999}}', "not JSON compliant"),
        (b'{"status": "passed", "outputs": {"a": %s}}' % (b"9" * 5000), "not JSON"),
        (b'{"status": "passed", "outputs": {"a": "\\ud800"}}', "surrogates"),
        (b'{"status": "passed", "summary": "\\ud800"}', "half a character"),
        (b'{"status": "passed", "outputs": %s}' % (b'{"a":' * 200_000), "nested"),
        (b'{"status": "passed", "outputs": {"a": %s1%s}}' % (b"[" * 900, b"]" * 900), "nested"),
        (b" " * (1024 * 1024 + 1), "larger than 1,048,576 bytes"),
        (b'["passed"]', "no JSON object"),
        (b'"passed"', "no JSON object"),
        (b"{}", "status is none of passed, failed, needs_human, limited: None"),
        (b'{"status": "done"}', "'done'"),
        (b'{"status": ["passed"]}', "['passed']"),
        (b'{"status": "passed", "summary": 1}', "summary is no text"),
        (b'{"status": "passed", "signals": "x"}', "signals is no list"),
        (b'{"status": "passed", "outputs": []}', "outputs is no JSON object"),
        (b'{"status": "passed", "steps": {}}', "steps is no JSON list"),
        (b'{"status": "passed", "steps": ["x"]}', "steps is no JSON object"),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_taken_says_why(content: bytes, why: str) -> None:
    assert why in reason(content)
    assert len(reason(content)) <= 160


@given(st.binary())
def test_no_bytes_at_all_are_an_error(content: bytes) -> None:
    report_form.read(content)


@given(st.dictionaries(NAMES, ANY_JSON), st.sampled_from(["passed", "failed", "needs_human", "limited"]))
def test_what_is_taken_can_be_stored_and_shown(form: dict[str, Any], status: str) -> None:
    said = report_form.read(json.dumps({**form, "status": status}).encode())
    if isinstance(said, report.Report):
        kept = [said.summary, said.error, said.question, said.outputs, said.steps]
        json.dumps(kept, allow_nan=False, ensure_ascii=False).encode()
        assert all(report_form.SIGNAL.fullmatch(signal) for signal in said.signals)
