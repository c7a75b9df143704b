"""What every keeper of trust promises, and what the one in a file promises beyond that."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tickety import trust
from tickety.stores import trust_file

AT = "2026-11-22T09:00:00Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "tickety" / "trust" / "project-0123.json"


@pytest.fixture
def records(path: Path) -> trust.TrustRecords:
    return trust_file.TrustFile(str(path), "/home/ada/project/.git")


@pytest.fixture
def anything_goes() -> Iterator[None]:
    """A process that restricts nothing by itself."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_nothing_is_trusted_at_first_and_looking_makes_no_file(records: trust.TrustRecords, tmp_path: Path) -> None:
    assert not records.is_trusted("digest")
    assert list(tmp_path.iterdir()) == []


def test_exactly_what_was_trusted_is_trusted(records: trust.TrustRecords) -> None:
    records.trust("digest", "user:ada", AT)

    assert records.is_trusted("digest")
    assert not records.is_trusted("diges")
    assert not records.is_trusted("digest2")
    assert not records.is_trusted("")


def test_trust_is_kept_for_the_next_time(records: trust.TrustRecords, path: Path) -> None:
    records.trust("digest", "user:ada", AT)

    assert trust_file.TrustFile(str(path), "/home/ada/project/.git").is_trusted("digest")


def test_trusting_something_new_does_not_end_older_trust(records: trust.TrustRecords, path: Path) -> None:
    another = trust_file.TrustFile(str(path), "/home/ada/project/.git")
    records.trust("one", "user:ada", AT)
    another.trust("two", "user:ada", AT)
    records.trust("three", "user:ada", AT)

    assert all(records.is_trusted(digest) and another.is_trusted(digest) for digest in ("one", "two", "three"))


def test_trusting_twice_is_trusting_once(records: trust.TrustRecords, path: Path) -> None:
    records.trust("digest", "user:ada", AT)
    records.trust("digest", "user:bob", "2026-11-23T09:00:00Z")

    assert list(json.loads(path.read_text())["trusted"]) == ["digest"]


def test_one_repository_is_not_trusted_for_another(records: trust.TrustRecords, path: Path) -> None:
    records.trust("digest", "user:ada", AT)

    assert not trust_file.TrustFile(str(path.with_name("other-4567.json")), "/home/ada/other/.git").is_trusted("digest")


def test_the_file_tells_a_person_who_trusted_what_and_when(records: trust.TrustRecords, path: Path) -> None:
    records.trust("digest", "user:ada", AT)

    assert json.loads(path.read_text()) == {
        "repository": "/home/ada/project/.git",
        "trusted": {"digest": {"by": "user:ada", "at": AT}},
    }


@pytest.mark.usefixtures("anything_goes")
def test_the_file_and_its_folders_are_the_users_own(records: trust.TrustRecords, path: Path) -> None:
    records.trust("digest", "user:ada", AT)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in list(path.parents)[:3]] == [0o700] * 3


def test_nothing_but_the_file_is_left_behind(records: trust.TrustRecords, path: Path) -> None:
    records.trust("one", "user:ada", AT)
    records.trust("two", "user:ada", AT)

    assert list(path.parent.iterdir()) == [path]


BROKEN = {
    "empty": b"",
    "cut off": b'{"repository": "x", "trusted": {"digest": {"by": ',
    "no JSON": b"digest",
    "not UTF-8": b'{"trusted": {"digest\xff": {}}}',
    "a list": b'["digest"]',
    "null": b"null",
    "a text": b'"digest"',
    "trust as a list": b'{"trusted": ["digest"]}',
    "trust as a text": b'{"trusted": "a digest or two"}',
    "no trust": b'{"digest": {}}',
    "zeros": b"\0" * 4096,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_broken_trusts_nothing_and_is_mended_by_the_next_yes(
    records: trust.TrustRecords, path: Path, content: bytes
) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)

    assert not records.is_trusted("digest")
    records.trust("digest", "user:ada", AT)
    assert records.is_trusted("digest")


def test_a_file_that_cannot_be_opened_trusts_nothing(records: trust.TrustRecords, path: Path) -> None:
    path.mkdir(parents=True)

    assert not records.is_trusted("digest")
