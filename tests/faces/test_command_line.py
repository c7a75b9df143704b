"""How the command line understands, tells, and fails: one call after the other, in this process."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.faces import calling
from tickety import catalogue_files, config
from tickety.cli import main, render
from tickety.core import errors, scaffold, settings, workspace_setup


@pytest.fixture
def stocked(call: calling.Call) -> calling.Call:
    """The same with a bug, a feature, and an epic of two parts."""
    call("new", "It fails", "--tag", "auth")
    call("new", "Add colours", "--type", "feature", "--tag", "ui")
    call("epic", "new", "Big", "--child", "bug: one", "--child", "doc: two")
    return call


def test_an_empty_list_says_why_it_is_empty(call: calling.Call) -> None:
    before = call("list").err
    call("new", "It fails")
    narrowed, every, named = call("list", "type:doc"), call("list", "type:doc", "--all"), call("list", "is:closed")

    assert "open one" in before
    assert narrowed.err == "nothing matches; `--all` looks at closed tickets too\n"
    assert every.err == named.err == "nothing matches\n"


@pytest.mark.parametrize("verb", ["list", "next", "search"])
def test_a_term_that_is_turned_round_is_no_option(stocked: calling.Call, verb: str) -> None:
    found = stocked(verb, "-tag:ui", "type:feature,bug", "--json").data

    assert {ticket["id"][:3] for ticket in found["tickets"]} == {"BUG"}


@pytest.mark.parametrize(
    "cursor", ["2|x|y", "2", "x|2026-11-22T09:00:00Z|BUG-2026-001", "2|2026-11-22T09:00:00Z|'; --"]
)
def test_what_is_no_cursor_of_this_list_is_refused(stocked: calling.Call, cursor: str) -> None:
    assert stocked("list", "--cursor", cursor).code == 2


def test_a_cursor_of_every_order_goes_on(stocked: calling.Call) -> None:
    for order in ("priority", "created", "updated", "due", "votes", "id"):
        cursor = stocked("list", "--sort", order, "--limit", "2", "--json").data["next"]

        assert len(stocked("list", "--sort", order, "--cursor", cursor, "--json").data["tickets"]) == 3, order


def test_a_slip_names_the_help_of_its_own_verb(stocked: calling.Call) -> None:
    assert "tickety edit --help" in stocked("edit", "BUG-1", "--titles", "x").err
    assert "tickety epic new --help" in stocked("epic", "new").err
    assert "did you mean '--version'" in stocked("--versions").err.lower()
    assert len(stocked("completion").err.splitlines()) == 2


def test_help_explains_a_verb_and_json_may_stand_in_front_of_one(stocked: calling.Call) -> None:
    helped, group = stocked("help", "list"), stocked("help", "epic", "new")
    unknown = stocked("help", "lists")

    assert helped.out.startswith("Usage: tickety list")
    assert group.out.startswith("Usage: tickety epic new")
    assert "tickety list" not in stocked("help", "epic").out
    assert (unknown.code, "did you mean list?" in unknown.err) == (2, True)
    assert len(stocked("--json", "list").data["tickets"]) == 5
    assert stocked("--json", "lists").code == 2
    assert set(stocked("completion", "bash", "--json").data) == {"schema", "shell", "script"}


def test_an_interrupted_verb_says_how_it_goes_on(call: calling.Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(render, "row", interrupted)
    call("new", "It fails")

    told = call("list")

    assert told.code == 130
    assert told.err.strip().endswith("try: run it again")


def test_a_full_disk_is_told_with_what_to_do_about_it(call: calling.Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "x")

    monkeypatch.setattr(render, "row", full)
    call("new", "It fails")

    told = call("list")

    assert told.code == 1
    assert "free some space; everything acknowledged earlier is kept; run it again" in told.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_cannot_be_written_says_whether_the_change_was_made(
    stocked: calling.Call, unbuffered: str
) -> None:
    def into_nothing(*words: str) -> tuple[int, str]:
        environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        with open("/dev/full", "w", encoding="utf-8") as full:
            ended = subprocess.run(
                [sys.executable, "-m", "tickety", *words], stdout=full, stderr=subprocess.PIPE, env=environment,
                check=False, text=True,
            )  # fmt: skip
        return ended.returncode, ended.stderr

    listed, voted = into_nothing("list"), into_nothing("vote", "FEAT-1")

    assert (listed[0], voted[0]) == (1, 1)
    assert "tickety: the output could not be written: No space left" in listed[1]
    assert "tickety: the change was made, but its output could not be written" in voted[1]
    assert stocked("show", "FEAT-1", "--json").data["metadata"]["user_votes"] == 1


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colours_are_left_out_where_nobody_wants_them(
    stocked: calling.Call, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda _, color: color is False)
    coloured = stocked("list").out
    monkeypatch.setenv(name, value)

    assert "\x1b[33mhigh" in coloured
    assert "\x1b" not in stocked("list").out


def test_a_word_without_a_colour_has_no_code_behind_it() -> None:
    assert render.coloured("open", 11) == "open       "


def test_the_log_tells_each_change_in_words_and_in_columns(stocked: calling.Call) -> None:
    stocked("vote", "FEAT-1", "--as", "user:somebody with a name that is long")
    stocked("link", "FEAT-1", "blocked_by", "BUG-1")
    stocked("unlink", "FEAT-1", "blocked_by", "BUG-1")
    stocked("undo")
    stocked("close", "FEAT-1", "-r", "cancelled")
    stocked("archive", "FEAT-1")

    lines = stocked("log", "FEAT-1").out.splitlines()

    assert len({line.index(kind) for line in lines for kind in ("ticket.",) if kind in line}) == 1
    told = [line.split("  ")[-1].strip() for line in lines]
    assert told[1] == "1 vote"
    assert told[2] == told[3]
    assert told[2].startswith("blocked_by BUG-")
    assert told[4].startswith("taken back, link blocked_by")
    assert told[-1] == "put out of sight"


def test_show_says_what_a_ticket_waits_for_and_which_step_needs_a_yes(stocked: calling.Call) -> None:
    stocked("new", "Slow", "--template", "performance_issue")

    shown, epic = stocked("show", "PERF-1").out, stocked("show", "EPIC-1").out

    assert "once a person approves it" in shown
    assert "waiting for: waits for" not in epic
    assert "held up: waits for BUG-" in epic


def test_an_imported_report_has_a_heading_without_what_is_not_known() -> None:
    known = {
        "agent": "QA",
        "result": "passed",
        "timestamp": "",
        "step": "",
        "attempt": 0,
        "details": "",
        "receipts": [],
    }

    assert [click.unstyle(line) for line in render.update_lines(known)] == ["QA  passed"]


def test_an_epic_shows_how_a_part_ended_that_was_closed_by_hand(stocked: calling.Call) -> None:
    stocked("close", "BUG-2", "-r", "wont_fix")

    assert "closed wont_fix  one" in stocked("epic", "tree", "EPIC-1").out


def test_a_link_that_never_was_is_said_to_be_none(stocked: calling.Call) -> None:
    told = stocked("unlink", "BUG-1", "FEAT-1")

    assert (told.code, told.out.split(" ", 1)[1]) == (0, "has no such link\n")


def test_a_duplicate_of_nothing_named_is_asked_for_its_original(stocked: calling.Call) -> None:
    assert "tickety link BUG-2 duplicate_of ID" in stocked("close", "BUG-2", "-r", "duplicate").err


def test_outside_of_git_there_are_no_templates_of_your_own(call: calling.Call) -> None:
    told = call("template", "new", "incident")

    assert (told.code, "bare" in told.err) == (4, False)


@pytest.mark.parametrize(
    ("param", "typed", "offered"),
    [
        (("new", "parent"), "epic", ["EPIC"]),
        (("new", "blocked_by"), "feat", ["FEAT"]),
        (("new", "starts_with"), "doc", ["DOC-"]),
        (("new", "type"), "fea", ["feature"]),
        (("new", "priority"), "cr", ["critical"]),
        (("new", "template"), "sec", ["security_vulnerability"]),
        (("new", "tags"), "a", ["auth"]),
        (("close", "resolution"), "w", ["wont_fix"]),
        (("close", "original"), "feat", ["FEAT"]),
        (("list", "types"), "bu", ["bug"]),
        (("edit", "type_name"), "bu", ["bug"]),
        (("link", "typed"), "blocked", ["blocked_by"]),
        (("unlink", "words"), "dup", ["duplicate_of"]),
        (("tag", "words"), "u", ["ui"]),
        (("reopen", "typed"), "bug", ["BUG-"]),
        (("unarchive", "typed"), "feat", []),
        (("help", "words"), "lis", ["list"]),
    ],
)
def test_the_shell_is_told_what_a_word_may_become(
    stocked: calling.Call, param: tuple[str, str], typed: str, offered: list[str]
) -> None:
    stocked("close", "BUG-1")
    verb, name = param
    with click.Context(main.cli, info_name="tickety") as context:
        command = main.cli.get_command(context, verb)
        assert command
        (found,) = [one for one in command.params if one.name == name]
        told = [item.value for item in found.shell_complete(context, typed)]

    assert [value[: len(start)] for value, start in zip(told, offered, strict=False)] == offered
    assert len(told) >= len(offered)
    assert offered or not told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("[verifications]\ncommand = 'x'\n", "did you mean [verification]"),
        ("[type.incident]\nprefix = 'INC'\n", "did you mean [types]"),
        ("[types.incident]\nprefix = 'INC'\n[workspaces]\nsetup = []\n", "did you mean [workspace]"),
    ],
)
def test_a_table_that_tickety_toml_has_not_is_refused_by_name(tmp_path: Path, words: str, said: str) -> None:
    (tmp_path / "tickety.toml").write_text(words)

    with pytest.raises(errors.Usage) as refused:
        catalogue_files.read(str(tmp_path))
    assert refused.value.message.startswith("tickety.toml: there is no table [")
    assert said in refused.value.hint
    with pytest.raises(errors.Usage, match=r"tickety\.toml: there is no table"):
        config.mirror(words)


def test_a_list_in_tickety_toml_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "tickety.toml").write_text("[workspace]\nsetup = [\n  ['uv'],\n]\n")

    assert catalogue_files.read(str(tmp_path)).types


def test_what_is_of_the_wrong_kind_is_told_in_our_words() -> None:
    with pytest.raises(errors.Usage) as refused:
        config.mirror("[mirror]\nfolder = 3\n")

    assert refused.value.message == "tickety.toml: mirror.folder: it is a whole number, and should be a text"


def test_what_init_writes_tells_of_types_mirror_and_templates() -> None:
    found = settings.Settings(verification=None, setup=workspace_setup.Setup((), (), (), (), ""))
    files = scaffold.files(found)

    assert "[types.incident]" in files["tickety.toml"]
    assert "[mirror]" in files["tickety.toml"]
    assert "tickety template new" in files[".tickety/README.md"]
    uncommented = files["tickety.toml"].replace("# [mirror]\n# folder", "[mirror]\nfolder")
    assert config.mirror(uncommented) == "tickets"
