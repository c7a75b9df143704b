"""Where people are told: as the project says, as far as it is trusted, and as the user's own file says."""

from pathlib import Path

import pytest

from tickety.bootstrap import outbox
from tickety.core import errors, settings
from tickety.desk import outbox as desk_outbox

PROJECT = settings.Notify(
    on=("blocked",), desktop=True, urls=("json://chat.example.org/secret",), webhook="https://hooks.example.org/secret"
)


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A user with a desktop, and no file of their own yet."""
    program = tmp_path / "notify-send"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    return {"XDG_CONFIG_HOME": str(tmp_path / "config")}


def own(environ: dict[str, str], words: str | bytes) -> Path:
    path = Path(environ["XDG_CONFIG_HOME"]) / "tickety" / "notify.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(words if isinstance(words, bytes) else words.encode())
    return path


def told(channels: tuple[desk_outbox.Channel, ...]) -> dict[str, frozenset[str]]:
    return {channel.notifier.name.partition("-")[0]: channel.kinds for channel in channels}


def test_a_project_that_is_trusted_is_heeded(environ: dict[str, str]) -> None:
    channels = outbox.channels(PROJECT, environ, is_trusted=True)

    assert told(channels) == dict.fromkeys(("desktop", "json", "webhook"), frozenset({"blocked"}))


def test_of_a_project_that_nobody_trusts_no_address_is_heeded(environ: dict[str, str]) -> None:
    assert list(told(outbox.channels(PROJECT, environ, is_trusted=False))) == ["desktop"]


def test_a_users_own_file_needs_no_trust_and_decides_about_the_desktop(environ: dict[str, str]) -> None:
    own(environ, '[notify]\non = ["escalation"]\nwebhook = "https://mine.example.org/"\n')

    assert told(outbox.channels(PROJECT, environ, is_trusted=False)) == {"webhook": frozenset({"escalation"})}


def test_an_address_that_both_name_is_told_once_as_the_user_wants_it(environ: dict[str, str]) -> None:
    own(environ, f'[notify]\non = ["closed"]\nwebhook = "{PROJECT.webhook}"\n')

    channels = outbox.channels(PROJECT, environ, is_trusted=True)

    assert told(channels) == {"webhook": frozenset({"closed"}), "json": frozenset({"blocked"})}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ('[notify]\non = ["blokced"]\n', "there is no kind of message 'blokced'"),
        ("[notify]\nwebhook = 1\n", "notify.webhook"),
        ("[mirror]\nfolder = 'x'\n", "'mirror'"),
        (b"[notify]\n# \xff\n", "is not UTF-8 text"),
    ],
)
def test_a_mistake_in_the_users_file_is_said_with_its_place(
    environ: dict[str, str], words: str | bytes, complaint: str
) -> None:
    path = own(environ, words)

    with pytest.raises(errors.Usage) as refused:
        outbox.channels(settings.Notify(), environ, is_trusted=True)

    assert refused.value.message.startswith(str(path))
    assert complaint in refused.value.message
    assert str(path) in refused.value.hint or "did you mean blocked?" in refused.value.hint


def test_where_nothing_is_said_nobody_is_told(environ: dict[str, str]) -> None:
    assert outbox.channels(settings.Notify(), environ, is_trusted=True) == ()
