import tomllib
from typing import Any

import pytest

from tests.core import trees
from tickety import config
from tickety.core import errors, scaffold, settings

PYTEST = {"pytest.ini": "[pytest]\n"}


def read(toml: str, **files: str | None) -> settings.Settings:
    return config.read(trees.Files({"tickety.toml": toml, **files}))


def refusal(toml: str) -> str:
    with pytest.raises(errors.Usage) as refused:
        read(toml)
    assert refused.value.hint
    return refused.value.message


# What is said, and what is found.


def test_a_project_that_says_nothing_is_taken_as_it_is_found() -> None:
    chosen = config.read(trees.Files(PYTEST))

    assert chosen.verification is not None
    assert chosen.verification.source == "pytest.ini"
    assert (chosen.roster, chosen.extra_environment, chosen.files) == ({}, (), {})
    assert (chosen.verification_timeout, chosen.setup_timeout) == (1800.0, 1800.0)


def test_a_project_in_which_nothing_is_found_has_no_verification() -> None:
    assert config.read(trees.Files({})).verification is None


def test_the_projects_own_verification_goes_before_the_one_that_is_found() -> None:
    chosen = config.read(
        trees.Files({**PYTEST, "tickety.toml": '[verification]\ncommand = "make -s check"\ntimeout = "2 hours"\n'})
    )

    assert chosen.verification is not None
    assert (chosen.verification.argv, chosen.verification.source) == (("make", "-s", "check"), "tickety.toml")
    assert chosen.verification_timeout == 7200


def test_a_workspace_says_what_is_run_copied_linked_and_passed() -> None:
    chosen = read(
        '[workspace]\nsetup = [["uv", "sync"], "make deps"]\ntimeout = "5 min"\n'
        'copy = [".env"]\nshare = ["data"]\nenv = ["TOKEN"]\n'
    )

    assert chosen.setup.commands == (("uv", "sync"), ("make", "deps"))
    assert (chosen.setup.copy, chosen.setup.share, chosen.extra_environment) == ((".env",), ("data",), ("TOKEN",))
    assert chosen.setup_timeout == 300


def test_an_empty_set_up_means_none_and_a_missing_one_means_what_is_found() -> None:
    lock = {"package.json": '{"scripts": {"test": "x"}}', "package-lock.json": "{}"}

    assert read("[workspace]\nsetup = []\n", **lock).setup.commands == ()
    assert (
        read("[workspace]\ncopy = ['.env']\n", **lock).setup.commands
        == config.read(trees.Files(lock)).setup.commands
        != ()
    )


@pytest.mark.parametrize("name", ["QA", "qa", "QA Agent", "qa agent", "'@qa'", "'QA-Agent'"])
def test_a_role_goes_by_any_of_its_names(name: str) -> None:
    table = name if "'" in name or " " not in name else f'"{name}"'

    chosen = read(f'[roster.{table}]\nagent = {{command = ["my-agent", "-x"]}}\ntimeout = "1 hour"\n')

    assert chosen.roster == {"QA": settings.Filling(("my-agent", "-x"), timeout=3600)}


def test_a_role_may_be_filled_by_a_built_in_agent_by_name() -> None:
    assert read('[roster."Data Engineer"]\nagent = "mechanic"\n').roster == {
        "Data Engineer": settings.Filling(builtin="mechanic")
    }


# What is refused, and how.


@pytest.mark.parametrize(
    ("toml", "place"),
    [
        ("[verify]\n", "verify"),
        ("[verification]\nargv = 'x'\n", "argv"),
        ("[workspace]\nset-up = []\n", "set-up"),
        ("[roster.QA]\nagent = 'checker'\nmodel = 'x'\n", "model"),
        ("[roster.QA.agent]\ncommand = ['x']\nshell = true\n", "shell"),
        ("name = 'x'\n", "name"),
    ],
)
def test_a_field_that_is_not_known_is_a_mistake_and_is_named(toml: str, place: str) -> None:
    message = refusal(toml)

    assert message.startswith("tickety.toml: ")
    assert f"'{place}'" in message or f"[{place}]" in message


@pytest.mark.parametrize(
    ("toml", "path"),
    [
        ("verification = 'pytest'\n", "verification"),
        ("[verification]\ncommand = 1\n", "verification.command"),
        ("[verification]\ncommand = ['pytest', 1]\n", "verification.command[1]"),
        ("[verification]\ntimeout = 30\n", "verification.timeout"),
        ("[workspace]\nsetup = 'uv sync'\n", "workspace.setup"),
        ("[workspace]\nsetup = [[1]]\n", "workspace.setup[0][0]"),
        ("[workspace]\ncopy = '.env'\n", "workspace.copy"),
        ("[workspace]\nenv = [true]\n", "workspace.env[0]"),
        ("[roster]\nQA = 'checker'\n", "roster[...]"),
        ("[roster.QA]\nagent = ['x']\n", "roster[...].agent"),
        ("[roster.QA]\nagent = {}\n", "roster[...].agent"),
        ("[roster.QA]\n", "roster[...]"),
    ],
)
def test_a_value_of_the_wrong_type_is_named_by_its_path(toml: str, path: str) -> None:
    assert path in refusal(toml)


@pytest.mark.parametrize("toml", ["[verification", "= 1\n", "[a]\n[a]\n", "\0", "x = " + "[" * 3000])
def test_what_is_no_toml_is_a_mistake_in_tickety_toml(toml: str) -> None:
    assert refusal(toml).startswith("tickety.toml: ")


def test_a_file_that_cannot_be_read_is_not_taken_for_a_missing_one() -> None:
    with pytest.raises(errors.Usage, match=r"tickety\.toml"):
        config.read(trees.Files({"tickety.toml": None}))


@pytest.mark.parametrize("letter", [";", "|", "&", "<", ">", "$", "`", "\\n"])
@pytest.mark.parametrize(
    "toml",
    [
        '[verification]\ncommand = "a{}b"\n',
        '[workspace]\nsetup = ["a{}b"]\n',
        '[roster.QA]\nagent = {{command = "a{}b"}}\n',
    ],
    ids=["verification", "set-up", "roster"],
)
def test_a_command_that_needs_a_shell_is_refused_with_the_way_to_have_one(toml: str, letter: str) -> None:
    with pytest.raises(errors.Usage, match="needs a shell") as refused:
        read(toml.format(letter))

    assert '["sh", "-c", "…"]' in refused.value.hint


def test_a_list_says_every_word_itself_and_needs_no_shell_to_say_any() -> None:
    assert config.argv(["sh", "-c", "a | b > c; $d `e` && f\n"], "here") == ("sh", "-c", "a | b > c; $d `e` && f\n")


@pytest.mark.parametrize("words", ["", "   ", [], [""], ["", "-q"]])
def test_an_empty_command_is_refused(words: str | list[str]) -> None:
    with pytest.raises(errors.Usage, match="here: the command is empty"):
        config.argv(words, "here")


@pytest.mark.parametrize(
    ("words", "argv"),
    [
        ("pytest -q", ("pytest", "-q")),
        ("pytest 'a b' \"c d\" e\\ f", ("pytest", "a b", "c d", "e f")),
        ("pytest -k '' # all", ("pytest", "-k", "", "#", "all")),
    ],
)
def test_a_text_is_split_as_a_shell_would(words: str, argv: tuple[str, ...]) -> None:
    assert config.argv(words, "here") == argv


def test_a_quote_that_never_ends_is_refused() -> None:
    with pytest.raises(errors.Usage, match="cannot be split"):
        config.argv("pytest 'a", "here")


def test_the_refusal_says_where_the_command_stands() -> None:
    assert refusal("[verification]\ncommand = []\n").startswith("[verification] command: ")
    assert refusal("[workspace]\nsetup = ['']\n").startswith("[workspace] setup: ")
    assert refusal("[roster.QA]\nagent = {command = []}\n").startswith("[roster] agent: ")


def test_a_role_that_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(errors.Usage, match="'Builder'") as refused:
        read('[roster.Builder]\nagent = "mechanic"\n')

    assert "Research, Engineer, QA" in refused.value.hint


@pytest.mark.parametrize("words", ["soon", "30", "-1 hours", "1.5 hours", "", "999999999999 days"])
@pytest.mark.parametrize(
    "table",
    ["[verification]", "[workspace]", "[roster.QA]\nagent = 'checker'"],
    ids=["verification", "workspace", "roster"],
)
def test_a_time_limit_is_a_length_of_time(table: str, words: str) -> None:
    with pytest.raises(errors.Usage, match="is not a length of time") as refused:
        read(f'{table}\ntimeout = "{words}"\n')

    assert refused.value.hint == "write a length of time: 30min, 12h, 3 days, 2 weeks"


# What a person trusts.


def test_the_files_that_decide_what_is_run_are_part_of_what_is_trusted() -> None:
    files: dict[str, str | None] = {
        ".tickety/agents/qa.md": "You are QA.",
        ".claude/agents/ops.md": "You are Ops.",
        ".claude/settings.json": "{}",
        "tools/agent.py": "print()",
        "src/app.py": "app",
    }
    toml = '[roster.QA]\nagent = {command = ["python3", "./tools/agent.py"]}\n'

    assert read(toml, **files).files == {
        "tickety.toml": toml,
        ".tickety/agents/qa.md": "You are QA.",
        ".claude/agents/ops.md": "You are Ops.",
        "tools/agent.py": "print()",
    }


# What `init` writes.


@pytest.mark.parametrize(
    "files",
    [
        {},
        PYTEST,
        {"package.json": '{"scripts": {"test": "node --test"}}', "package-lock.json": "{}"},
        {"\U0001d518nit/test_a.py": "import unittest\n"},
    ],
    ids=["nothing", "pytest", "npm", "strange names"],
)
def test_what_init_writes_is_read_back_as_what_was_found(files: dict[str, str]) -> None:
    found = config.read(trees.Files(files))
    assert (found.verification is not None) == bool(files)

    written = scaffold.files(found)
    chosen = config.read(trees.Files({**files, **written}))

    assert (chosen.verification and chosen.verification.argv) == (found.verification and found.verification.argv)
    assert chosen.setup.commands == found.setup.commands
    assert chosen.files == written


def test_the_examples_that_init_writes_are_valid_once_their_marks_are_taken_away() -> None:
    written = scaffold.files(settings.EMPTY)["tickety.toml"]
    lines = [
        line.removeprefix("# ") if "=" in line or line.startswith("# [") else line for line in written.splitlines()
    ]

    chosen: dict[str, Any] = tomllib.loads("\n".join(lines))

    assert set(chosen) == {"verification", "workspace", "roster", "types", "mirror", "notify"}
    assert read("\n".join(lines)).roster["Engineer"].command == ("my-agent", "--some-option")


def test_two_names_of_one_role_are_refused() -> None:
    with pytest.raises(errors.Usage, match="names one role twice"):
        read('[roster.qa]\nagent = "checker"\n[roster."QA Agent"]\nagent = "checker"\n')


def test_trust_covers_the_scripts_that_the_verification_and_the_set_up_name() -> None:
    toml = '[verification]\ncommand = ["sh", "ci/test.sh"]\n[workspace]\nsetup = [["./ci/setup.sh"]]\n'

    covered = read(toml, **{"ci/test.sh": "pytest", "ci/setup.sh": "make", "ci/other.sh": "ls"}).files

    assert set(covered) == {"tickety.toml", "ci/test.sh", "ci/setup.sh"}


def test_trust_covers_the_scripts_behind_the_verification() -> None:
    files = {"Makefile": "test:\n\tsh ./run-tests.sh\n", "run-tests.sh": "true\n", "deploy.sh": "", "notes.py": ""}

    assert config.read(trees.Files(files)).files.keys() == {"Makefile", "run-tests.sh"}
    assert read('[verification]\ncommand = "make -s test"\n', **files).files.keys() == {
        *("tickety.toml", "Makefile", "run-tests.sh")
    }


def test_a_verification_that_is_named_has_scripts_too() -> None:
    chosen = read('[verification]\ncommand = ["sh", "ci/test.sh"]\n', **PYTEST)

    assert chosen.verification is not None
    assert chosen.verification.scripts == ("ci/test.sh",)


# Who is told of what.

HIDDEN = "T0ps3cret"


def test_a_project_that_says_nothing_of_messages_tells_nobody() -> None:
    assert read("").notify == settings.Notify(("escalation", "question", "blocked", "closed"), desktop=False)


def test_what_a_project_says_of_messages_is_read_and_trusted_with_the_file() -> None:
    chosen = read(
        '[notify]\non = ["closed"]\ndesktop = true\nurls = ["mailto://u:p@example.org"]\n'
        'webhook = "http://10.0.0.1/x"\nallow_private = true\n'
    )

    assert chosen.notify == settings.Notify(
        ("closed",), desktop=True, urls=("mailto://u:p@example.org",), webhook="http://10.0.0.1/x", allow_private=True
    )
    assert "tickety.toml" in chosen.files
    assert chosen.notify.untrusted() == settings.Notify(("closed",), desktop=True, allow_private=True)


@pytest.mark.parametrize(
    ("toml", "field"),
    [
        (f'webhook = "{HIDDEN}"', "webhook"),
        (f'webhook = "http://example.org/{HIDDEN}"', "webhook is not secure"),
        (f'webhook = "https://u:{HIDDEN}@example.org/"', "webhook"),
        (f'urls = ["json://x", "{HIDDEN}"]', "urls[1]"),
        ('on = ["blocked", "blokced"]', "on: there is no kind of message 'blokced'"),
        (f'desktop = "{HIDDEN}"', "notify.desktop"),
        ("urls = 'json://x'", "notify.urls"),
        ("sound = true", "sound"),
    ],
)
def test_a_mistake_about_messages_is_named_and_no_address_repeated(toml: str, field: str) -> None:
    message = refusal(f"[notify]\n{toml}\n")

    assert message.startswith("tickety.toml: ")
    assert field in message
    assert HIDDEN not in message


def test_a_kind_of_message_that_was_mistyped_is_guessed() -> None:
    with pytest.raises(errors.Usage) as refused:
        read('[notify]\non = ["escalations"]\n')

    assert refused.value.hint.startswith("did you mean escalation? the kinds: escalation, question, ")
