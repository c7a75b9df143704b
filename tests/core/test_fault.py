import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickety.core import fault

PLAIN = """\
Traceback (most recent call last):
  File "/w/src/demo/cli.py", line 3, in <module>
    from demo.report import render
ImportError: cannot import name 'render' from 'demo.report' (/w/src/demo/report.py). Did you mean: 'render_all'?
"""
RENDER = "cannot import name 'render' from 'demo.report' (/w/src/demo/report.py). Did you mean: 'render_all'?"


def places(found: fault.Fault) -> list[tuple[str, int]]:
    return [(frame.path, frame.line) for frame in found.frames]


def only(text: str) -> fault.Fault:
    (found,) = fault.read(text)
    return found


def test_a_traceback_is_read_with_its_frames() -> None:
    found = only(PLAIN)
    assert (found.error, found.message, found.language) == ("ImportError", RENDER, "python")
    assert found.frames == (fault.Frame("/w/src/demo/cli.py", 3, "<module>"),)


@pytest.mark.parametrize(
    "dress",
    [
        pytest.param(lambda line: f"    {line}", id="indented"),
        pytest.param(lambda line: f"> {line}", id="quoted"),
        pytest.param(lambda line: f"web_1  | {line}", id="logged"),
        pytest.param(lambda line: line.strip(), id="flattened"),
        pytest.param(lambda line: f"{line}\r", id="with carriage returns"),
        pytest.param(lambda line: f"\x1b[31m{line}\x1b[0m", id="coloured"),
    ],
)
def test_a_traceback_is_read_however_it_was_pasted(dress: Callable[[str], str]) -> None:
    assert only("It fails:\n\n" + "\n".join(map(dress, PLAIN.splitlines())) + "\n\nPlease help.") == only(PLAIN)


def test_of_chained_errors_the_newest_comes_first() -> None:
    text = (
        'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    f\nKeyError: 3\n'
        "\nDuring handling of the above exception, another exception occurred:\n\n"
        'Traceback (most recent call last):\n  File "b.py", line 2, in g\n    g\nzipfile.BadZipFile: no zip\n'
    )
    newest, oldest = fault.read(text)
    assert (newest.error, newest.message, places(newest)) == ("zipfile.BadZipFile", "no zip", [("b.py", 2)])
    assert (oldest.error, oldest.message, places(oldest)) == ("KeyError", "3", [("a.py", 1)])


def test_an_error_without_a_message_and_one_of_a_group_are_read() -> None:
    text = (
        "  + Exception Group Traceback (most recent call last):\n"
        '  |   File "a.py", line 1, in <module>\n  |     raise x\n  | ExceptionGroup: two (1 sub-exception)\n'
        "  +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n"
        '    |   File "b.py", line 2, in f\n    |     raise KeyboardInterrupt\n    | KeyboardInterrupt\n'
        "    +------------------------------------\n"
    )
    inner, outer = fault.read(text)
    assert (inner.error, inner.message, places(inner)) == ("KeyboardInterrupt", "", [("b.py", 2)])
    assert (outer.error, places(outer)) == ("ExceptionGroup", [("a.py", 1)])


def test_a_syntax_error_is_where_its_last_frame_is() -> None:
    text = (
        '  File "a.py", line 9, in <module>\n    import b\n'
        '  File "b.py", line 1\n    def (:\n        ^\nSyntaxError: invalid syntax\n'
    )
    assert places(only(text)) == [("a.py", 9), ("b.py", 1)]


PYTEST_SHORT = """\
_______________________ ERROR collecting tests/test_c.py _______________________
ImportError while importing test module '/w/tests/test_c.py'.
Hint: make sure your test modules/packages have valid Python names.
Traceback:
/usr/lib/python3.11/importlib/__init__.py:126: in import_module
    return _bootstrap._gcd_import(name[level:], package, level)
tests/test_c.py:1: in <module>
    from demo import cli
src/demo/cli.py:1: in <module>
    from .report import render
E   ImportError: cannot import name 'render' from 'demo.report' (/w/src/demo/report.py)
=========================== short test summary info ============================
ERROR tests/test_c.py - ImportError: cannot import name 'render' from 'demo.r...
"""


def test_the_short_form_of_pytest_is_read() -> None:
    found = only(PYTEST_SHORT)
    assert found.message == "cannot import name 'render' from 'demo.report' (/w/src/demo/report.py)"
    assert places(found)[1:] == [("tests/test_c.py", 1), ("src/demo/cli.py", 1)]


PYTEST_LONG = """\
____________________________________ test_g ____________________________________

    def g():
        try:
>           return report.Inv().totl
E           AttributeError: 'Inv' object has no attribute 'totl'

src/demo/use.py:6: AttributeError

The above exception was the direct cause of the following exception:

    def test_g():
>       use.g()

tests/test_a.py:6: 
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ 

        except AttributeError as e:
>           raise demo.Wrong("bad: Error: thing") from e
E           demo.Wrong: bad: Error: thing

src/demo/use.py:8: Wrong
____________________________________ test_h ____________________________________

    def test_h():
>       assert [1] == [2]
E       assert [1] == [2]
E         
E         At index 0 diff: 1 != 2

tests/test_a.py:8: AssertionError
"""  # noqa: W291 - pytest prints it so


def test_the_long_form_of_pytest_is_read() -> None:
    compared, raised, first = fault.read(PYTEST_LONG)
    assert (compared.error, compared.message, places(compared)) == (
        "AssertionError",
        "assert [1] == [2]",
        [("tests/test_a.py", 8)],
    )
    assert (raised.error, places(raised)) == ("demo.Wrong", [("tests/test_a.py", 6), ("src/demo/use.py", 8)])
    assert (first.error, places(first)) == ("AttributeError", [("src/demo/use.py", 6)])


def test_the_line_form_of_pytest_is_read() -> None:
    assert places(only("/w/src/demo/use.py:8: ValueError: bad: thing\n")) == [("/w/src/demo/use.py", 8)]


def test_unittest_says_an_error_once_for_many_tests() -> None:
    text = (
        f"ERROR: test_a (x.T.test_a)\n{'-' * 70}\n{PLAIN}\n{'=' * 70}\nERROR: test_b (x.T.test_b)\n{'-' * 70}\n{PLAIN}"
    )
    assert only(text) == only(PLAIN)


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        ("It throws ImportError: cannot import name 'x' from 'm'", "ImportError", "cannot import name 'x' from 'm'"),
        ("cannot import name 'x' from 'm' (/p/m.py)", "ImportError", "cannot import name 'x' from 'm' (/p/m.py)"),
        ("/usr/bin/python: No module named demo.clii", "ModuleNotFoundError", "No module named demo.clii"),
        ("I see: module 'm' has no attribute 'x'", "AttributeError", "module 'm' has no attribute 'x'"),
        ("'Shelf' object has no attribute 'x'", "AttributeError", "'Shelf' object has no attribute 'x'"),
        ("type object 'Shelf' has no attribute 'x'", "AttributeError", "type object 'Shelf' has no attribute 'x'"),
    ],
)
def test_an_error_in_plain_words_is_read_without_a_place(words: str, error: str, message: str) -> None:
    found = only(words)
    assert (found.error, found.message, found.frames, found.language) == (error, message, (), "python")


@pytest.mark.parametrize(
    "words",
    [
        "The --version command is throwing an ImportError",
        "There is no module named after me",
        "    except ImportError: # a comment",
        'assert str(error) == "ValueError: no"',
        "src/demo/use.py:3: error: Name is not defined",
        "src/demo/use.py:3: DeprecationWarning: old",
    ],
)
def test_what_reports_no_error_is_left_alone(words: str) -> None:
    assert fault.read(words) == ()


def test_a_stack_of_node_is_read_deepest_last() -> None:
    text = (
        "/w/a.js:2\nfunction go() { b.missing(); }\n                  ^\n\nTypeError: b.missing is not a function\n"
        "    at go (/w/a.js:2:19)\n    at async Object.<anonymous> (file:///w/c.mjs:3:1)\n"
        "    at node:internal/main:28:49\n"
    )
    found = only(text)
    assert (found.error, found.language) == ("TypeError", "javascript")
    assert places(found) == [("node:internal/main", 28), ("/w/c.mjs", 3), ("/w/a.js", 2)]


def test_a_syntax_error_of_node_is_where_node_says_first() -> None:
    error = "SyntaxError: Unexpected identifier 'bar'\n    at wrapSafe (node:internal/x:1464:18)\n"
    text = f"/w/d.js:1\nfoo bar\n    ^^^\n\n{error}"
    assert places(only(text)) == [("node:internal/x", 1464), ("/w/d.js", 1)]


def test_errors_and_panics_of_rust_are_read() -> None:
    text = (
        "thread 'main' (9486) panicked at m.rs:1:54:\nindex out of bounds: the len is 0\n"
        "thread 'main' panicked at 'oh, no', src/main.rs:4:5\n"
        "warning: unused variable\n --> n.rs:9:9\n"
        "error[E0425]: cannot find value `x` in this scope\n --> n.rs:1:41\n  |\n"
        "error: aborting due to 1 previous error\n"
    )
    compiled, old, new = fault.read(text)
    assert (compiled.error, compiled.message, places(compiled)) == (
        "error[E0425]",
        "cannot find value `x` in this scope",
        [("n.rs", 1)],
    )
    assert (old.error, old.message, places(old)) == ("panic", "oh, no", [("src/main.rs", 4)])
    assert (new.message, places(new)) == ("index out of bounds: the len is 0", [("m.rs", 1)])


def test_a_deep_recursion_keeps_its_deepest_frames() -> None:
    frames = "".join(f'  File "a.py", line {number}, in f\n    f()\n' for number in range(1, 1001))
    found = only(f"Traceback (most recent call last):\n{frames}RecursionError: too deep\n")
    assert len(found.frames) == fault.MOST_FRAMES
    assert found.deepest == fault.Frame("a.py", 1000, "f")


PIECES = (
    *("a", "a.", "é", "1", "'", '"', ":", " ", "> ", "(", "\x00", "\n", "\r", "\x1b[", "\x1b[0m"),
    *('File "', 'File "a", line 1', "Error: ", "xError: a\n", "Traceback (most recent call last):\n", "___\n"),
    *("E  ", "E   x\n", "x.py:1:", "x.py:1: in f\n", "x.py:1: E\n", "a.js:1\n", "at a (b:1:1)\n"),
    *("thread 'x' panicked at ", "error: a\n", " --> a:1:1\n"),
    *("No module named ", "module '", "cannot import name '"),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6), st.booleans())
@pytest.mark.slow
def test_a_megabyte_of_anything_is_read_in_linear_time(pieces: list[str], lined: bool) -> None:  # noqa: FBT001
    piece = "".join(pieces)
    line = (piece * (fault.LONGEST_LINE // len(piece) + 1))[: fault.LONGEST_LINE].replace("\n", "") + "\n"
    text = line * (1_000_000 // len(line)) if lined else piece * (1_000_000 // len(piece))
    began = time.process_time()
    assert len(fault.read(text)) <= fault.MOST_FAULTS
    # At most half a second where this was written; a pattern that is not linear takes minutes.
    assert time.process_time() - began < 2.0


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=40).map("".join))
def test_whatever_is_read_is_well_formed(text: str) -> None:
    found = fault.read(text)
    assert len(set(found)) == len(found)
    for each in found:
        assert each.error
        assert "\n" not in each.message
        assert all(frame.path and frame.line >= 0 for frame in each.frames)
