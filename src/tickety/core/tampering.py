"""What in a change needs a person's approval before its green tests count: the ways to make a red test silent.

Deleted, removed, gutted and skipped tests, and edits to whatever decides which tests run and how. Names and markers
are read, nothing is run, so this is a fence and no wall; that fewer tests run is seen by ``core.evidence``.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tickety.core import change, record, safeguards, testcode, text
from tickety.core.testcode import contents


def found(
    changes: Sequence[change.Change], command: Sequence[str], source: str, scripts: Sequence[str]
) -> tuple[str, ...]:
    """One sentence for each thing to approve, in the order of their paths; none when there is nothing.

    ``command`` is the verification, ``source`` where it was found (``Makefile: target test``; empty when it was not),
    ``scripts`` the files that decide what it runs.
    A test that moved to another test file, or kept its body under another name, is not gone.
    """
    ordered = sorted(changes, key=lambda entry: entry.path)
    tests = [_file(entry) for entry in ordered if testcode.holds_tests(entry)]
    sentences = (*safeguards.changed(ordered, command, source, scripts), *_lost_tests(tests), *_new_markers(tests))
    return tuple(sorted(dict.fromkeys(sentences)))


# Tests that are gone, or that no longer check what they did.


@record.record(frozen=True, slots=True)
class _File:
    """A changed test file, or a file in a folder of tests."""

    change: change.Change
    old: contents.Contents
    new: contents.Contents


def _file(entry: change.Change) -> _File:
    old, new = testcode.read(entry)
    if entry.status == "added" and not testcode.is_test(entry.path):
        new = replace(new, tests=())  # no runner looks there
    return _File(entry, old, new)


def _lost_tests(files: Sequence[_File]) -> Iterator[str]:
    became = _matched(files)
    for file in files:
        path, own = file.change.path, [test for test in file.old.tests if test.worth]
        gone = [test.name for test in own if test not in became]
        weaker = [test.name for test in own if test in became and became[test].worth < test.worth]
        if file.change.status == "deleted" and (gone or not (own or _is_moved(file, files))):
            yield f"{path} was deleted{f', with {_listed(gone)}' if gone else ''}"
        elif gone:
            yield f"{path}: {_listed(gone)} {'was' if len(gone) == 1 else 'were'} removed"
        if weaker:
            check_what_they = "checks what it" if len(weaker) == 1 else "check what they"
            yield f"{path}: {_listed(weaker)} no longer {check_what_they} did"


def _matched(files: Sequence[_File]) -> dict[contents.Test, contents.Test]:
    """What each old test became: the one of its name in its file, the one of its name elsewhere, the same body."""
    then = [(file.change.path, test) for file in files for test in file.old.tests]
    left = [(file.change.path, test) for file in files for test in file.new.tests]
    became: dict[contents.Test, contents.Test] = {}
    for key in _SAMENESS:
        places: dict[object, list[contents.Test]] = {}
        for path, test in left:
            places.setdefault(key(path, test), []).append(test)
        for path, test in then:
            if test not in became and key(path, test) and places.get(key(path, test)):
                became[test] = places[key(path, test)].pop()
        taken = set(became.values())
        left = [(path, test) for path, test in left if test not in taken]
    return became


_SAMENESS: tuple[Callable[[str, contents.Test], object], ...] = (
    lambda path, test: (path, test.name),
    lambda _path, test: test.name,
    lambda _path, test: test.body,
)


def _is_moved(file: _File, files: Sequence[_File]) -> bool:
    added = (other.change for other in files if other.change.status == "added")
    return any(other.new is not None and other.new == file.change.old for other in added)


_LISTED = 5  # names


def _listed(names: Sequence[str]) -> str:
    shown, more = list(names[:_LISTED]), len(names) - _LISTED
    last = text.plural(more, "other test") if more > 0 else shown.pop()
    return f"{', '.join(shown)} and {last}" if shown else last


# Markers that keep a test from running, or from mattering.


def _new_markers(files: Sequence[_File]) -> Iterator[str]:
    """Counted over all files together: a marker that moved with its test is not new."""
    then = Counter(marker for file in files for marker in file.old.markers.elements())
    now = Counter(marker for file in files for marker in file.new.markers.elements())
    for file in files:
        new = (now - then) & (file.new.markers - file.old.markers)
        yield from (f"{file.change.path}: {marker} was added" for marker in new)
