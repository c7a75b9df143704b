import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import change, tampering

PYTEST = ("python3", "-m", "pytest", "-q")


def edit(path: str, old: str | None, new: str | None) -> change.Change:
    status = "added" if old is None else "deleted" if new is None else "modified"
    return change.Change(path, status, *(None if side is None else textwrap.dedent(side) for side in (old, new)))


def found(*changes: change.Change, command: tuple[str, ...] = PYTEST, source: str = "pytest.ini") -> tuple[str, ...]:
    return tampering.found(changes, command, source, ())


PY = """
    import pytest
    from app import add

    def test_add():
        assert add(1, 2) == 3

    class TestMore:
        def test_negative(self):
            with pytest.raises(ValueError):
                add(-1, 0)

        async def test_zero(self):
            '''Zero.'''
            assert add(0, 0) == 0
    """


def py(old: str, new: str) -> str:
    """PY with a part of it exchanged, which must be there."""
    assert old in PY
    return PY.replace(old, new)


ADD, ZERO = "assert add(1, 2) == 3", "assert add(0, 0) == 0"

PYTHON = {
    "nothing": (PY, ()),
    "an added test": (PY + "\n    def test_new():\n        assert add(2, 2) == 4\n", ()),
    "a changed number": (py("== 3", "== 4"), ()),
    "a test under another name": (py("test_add", "test_addition"), ()),
    "a removed function": (py("def test_add():\n        assert add(1, 2) == 3", ""), ("test_add was removed",)),
    "a removed class": (
        PY[: PY.index("class")],
        ("TestMore.test_negative and TestMore.test_zero were removed",),
    ),
    "a test out of its naming": (py("def test_add", "def check_add"), ("test_add was removed",)),
    "a class out of its naming": (
        py("class TestMore", "class More"),
        ("TestMore.test_negative and TestMore.test_zero were removed",),
    ),
    "behind a condition": (
        py("def test_add():\n        assert", "if False:\n     def test_add():\n        assert"),
        ("test_add was removed",),
    ),
    "commented out": (
        py("def test_add():\n        assert", "# def test_add():\n    #    assert"),
        ("test_add was removed",),
    ),
    "gutted: pass": (py(ADD, "pass"), ("test_add no longer checks what it did",)),
    "gutted: ...": (py(ADD, "..."), ("test_add no longer checks what it did",)),
    "gutted: return": (py(ADD, f"return\n        {ADD}"), ("test_add no longer checks what it did",)),
    "gutted: assert True": (py(ADD, "assert True"), ("test_add no longer checks what it did",)),
    "gutted: assert 1 == 1": (py(ADD, "assert 1 == 1"), ("test_add no longer checks what it did",)),
    "gutted: a docstring stays": (py(ZERO, "pass"), ("TestMore.test_zero no longer checks what it did",)),
    "gutted: it only runs": (py(ADD, "add(1, 2)"), ("test_add no longer checks what it did",)),
    "gutted: no raises": (
        py("with pytest.raises(ValueError):", "if add:"),
        ("TestMore.test_negative no longer checks what it did",),
    ),
    "gutted: replaced below": (
        PY + "\n    def test_add():\n        pass\n",
        ("test_add no longer checks what it did",),
    ),
    "two gutted": (
        py(ADD, "pass").replace(ZERO, "pass"),
        ("test_add and TestMore.test_zero no longer check what they did",),
    ),
    "skip": (py("def test_add", "@pytest.mark.skip\n    def test_add"), ("pytest.mark.skip was added",)),
    "skipif": (
        py("class TestMore", "@pytest.mark.skipif(True, reason='x')\n    class TestMore"),
        ("pytest.mark.skipif was added",),
    ),
    "xfail for a whole module": (
        py("def test_add", "pytestmark = pytest.mark.xfail\n    def test_add"),
        ("pytest.mark.xfail was added",),
    ),
    "pytest.skip()": (py(ADD, f"pytest.skip('x')\n        {ADD}"), ("pytest.skip was added",)),
    "importorskip": (py("from app", "pytest.importorskip('app')\n    from app"), ("pytest.importorskip was added",)),
    "under another import": (
        py("import pytest\n", "import pytest\n    from pytest import mark as m\n").replace(
            "def test_add", "@m.skip\n    def test_add"
        ),
        ("pytest.mark.skip was added",),
    ),
    "unittest's": (
        py("import pytest\n", "import pytest\n    from unittest import skipIf\n").replace(
            "def test_add", "@skipIf(True, 'x')\n    def test_add"
        ),
        ("unittest.skipIf was added",),
    ),
    "raise SkipTest": (
        py("import pytest\n", "import pytest, unittest\n").replace(ADD, f"{ADD}\n        raise unittest.SkipTest"),
        ("unittest.SkipTest was added",),
    ),
    "self.skipTest()": (py("with pytest", "self.skipTest('x')\n            with pytest"), ("self.skipTest was added",)),
    "__test__": (py("class TestMore:", "class TestMore:\n        __test__ = False"), ("__test__ was added",)),
    "a method that is called skip": (py(ADD, f"{ADD}\n        parser.skip(3)"), ()),
    "a comment about skipping": (py(ADD, f"{ADD}  # no pytest.skip() here"), ()),
    "a syntax this Python does not know": (py(ADD, f"{ADD}\n    !!"), ()),
    "a syntax this Python does not know, and a skip": (
        py(ADD, f"pytest.skip('x')\n        {ADD}\n    !!"),
        ("pytest.skip was added",),
    ),
    "a syntax this Python does not know, and a test less": (
        py("def test_add", "!!\n    def check_add"),
        ("test_add was removed",),
    ),
    "a null byte": (py("def test_add", "\x00\n    def check_add"), ("test_add was removed",)),
}

JS = """
    import assert from 'node:assert';
    describe('adding', () => {
      it('adds', () => { assert.equal(add(1, 2), 3); });
      test("takes 'negatives'", async () => {
        assert.equal(add(-1, 0), -1);
      });
      test.each([[0, 0]])('zero %i', (a, b) => { assert.equal(a, b); });
    });
    """

JAVASCRIPT = {
    "nothing": (JS, ()),
    "an added test": (JS + "it('more', () => { assert(add(1, 1)); });", ()),
    "a test removed": (JS.replace("it('adds'", "run('adds'"), ("adds was removed",)),
    "commented out": (JS.replace("it('adds'", "// it('adds'"), ("adds was removed",)),
    "commented out in a block": (
        JS.replace("it('adds'", "/* it('adds'").replace("});\n      test(", "}); */\n      test("),
        ("adds was removed",),
    ),
    "a table's test removed": (JS.replace("test.each([[0, 0]])(", "noop("), ("zero %i was removed",)),
    "renamed": (JS.replace("'adds'", "'adds numbers'"), ("adds was removed",)),
    "without a body": (
        JS.replace("it('adds', () => { assert.equal(add(1, 2), 3); })", "it('adds')"),
        ("adds was removed",),
    ),
    "gutted": (
        JS.replace("{ assert.equal(add(1, 2), 3); }", "{}"),
        ("adds no longer checks what it did",),
    ),
    "gutted to a truth": (
        JS.replace("assert.equal(add(1, 2), 3);", "expect(true).toBe(true);"),
        ("adds no longer checks what it did",),
    ),
    "skipped": (JS.replace("it('adds'", "it.skip('adds'"), ("it.skip was added",)),
    "only": (JS.replace("it('adds'", "it.only('adds'"), ("it.only was added",)),
    "todo": (JS.replace('test("takes', 'test.todo("takes'), ("test.todo was added",)),
    "a suite skipped": (JS.replace("describe('adding'", "describe.skip('adding'"), ("describe.skip was added",)),
    "x": (JS.replace("describe('adding'", "xit('adding'"), ("xit was added",)),
    "an option": (JS.replace("it('adds', ", "it('adds', { skip: true }, "), ("option skip was added",)),
    "an option with a reason": (JS.replace("it('adds', ", "it('adds', { todo: 'x' }, "), ("option todo was added",)),
    "from within": (
        JS.replace("() => { assert.equal(add(1", "(t) => { t.skip(); assert.equal(add(1"),
        ("t.skip was added",),
    ),
    "in a string": (JS + "it('says it.skip', () => { assert.equal(said(), 'it.skip(1)'); });", ()),
}

RUST = """
    pub fn add(a: i32, b: i32) -> i32 { a + b }

    #[cfg(test)]
    mod tests {
        use super::*;
        /// Adds.
        #[test]
        fn adds() { assert_eq!(add(1, 2), 3); }

        #[tokio::test]
        #[should_panic]
        async fn overflows() {
            add(i32::MAX, 1);
        }
    }
    """

RUSTY = {
    "nothing": (RUST, ()),
    "the code": (RUST.replace("a + b", "b + a"), ()),
    "a test removed": (RUST.replace("#[test]", ""), ("adds was removed",)),
    "an async test removed": (RUST.replace("#[tokio::test]", ""), ("overflows was removed",)),
    "commented out": (RUST.replace("#[test]", "/* #[test]").replace("3); }", "3); } */"), ("adds was removed",)),
    "ignored": (RUST.replace("#[test]", "#[test]\n        #[ignore]"), ("#[ignore] was added",)),
    "ignored for a reason": (RUST.replace("#[test]", '#[test]\n #[ignore = "slow"]'), ("#[ignore] was added",)),
    "ignored on a condition": (
        RUST.replace("#[test]", "#[test]\n        #[cfg_attr(unix, ignore)]"),
        ("#[ignore] was added",),
    ),
    "gutted": (RUST.replace("{ assert_eq!(add(1, 2), 3); }", "{}"), ("adds no longer checks what it did",)),
    "in a string": (RUST + 'const S: &str = r#"#[test] #[ignore] fn x() {}"#;', ()),
}

GO = """
package app

func TestAdd(t *testing.T) {
	if Add(1, 2) != 3 {
		t.Fatal("no")
	}
}
"""

GOING = {
    "nothing": (GO + "\nfunc helper() {}\n", ()),
    "a test removed": (GO.replace("TestAdd", "addTest"), ("TestAdd was removed",)),
    "skipped": (GO.replace("\tif", '\tt.Skip("x")\n\tif'), ("t.Skip was added",)),
    "gutted": ("package app\n\nfunc TestAdd(t *testing.T) {}\n", ("TestAdd no longer checks what it did",)),
}

EDITS = {
    f"{path}: {name}": (path, old, new, sentences)
    for path, old, table in (
        ("tests/test_app.py", PY, PYTHON),
        ("src/app.test.js", JS, JAVASCRIPT),
        ("src/lib.rs", RUST, RUSTY),
        ("app_test.go", GO, GOING),
    )
    for name, (new, sentences) in table.items()
}


@pytest.mark.parametrize(("path", "old", "new", "sentences"), EDITS.values(), ids=EDITS.keys())
def test_what_an_edit_takes_from_the_tests_is_found(path: str, old: str, new: str, sentences: tuple[str, ...]) -> None:
    assert found(edit(path, old, new)) == tuple(f"{path}: {sentence}" for sentence in sentences)


@pytest.mark.parametrize(("path", "old", "new", "sentences"), EDITS.values(), ids=EDITS.keys())
def test_the_way_back_is_no_removal_of_what_was_lost(path: str, old: str, new: str, sentences: tuple[str, ...]) -> None:
    """What an edit took away, its opposite gives back: a different finding at most, never the same one."""
    back = found(edit(path, new, old))
    assert not sentences or set(back).isdisjoint(f"{path}: {sentence}" for sentence in sentences)


# Files that come, go and move.


def test_a_deleted_test_file_is_found_with_its_tests() -> None:
    sentences = found(edit("tests/test_app.py", PY, None))
    assert sentences == ("tests/test_app.py was deleted, with test_add, TestMore.test_negative and TestMore.test_zero",)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("tests/data/case.json", "{}"),
        ("tests/test_empty.py", "import app\n"),
        ("web/button.spec.ts", "it('clicks', () => { click(); });"),
        ("tests/it.rs", "#[test] fn integrates() { run(); }"),
        ("app_test.go", GO),
        ("tests/picture.png", None),
    ],
)
def test_anything_deleted_from_the_tests_is_found(path: str, content: str | None) -> None:
    (sentence,) = tampering.found([change.Change(path, "deleted", content, None)], PYTEST, "", ())
    assert sentence.startswith(f"{path} was deleted")


@pytest.mark.parametrize("path", ["src/app.py", "src/lib.rs", "README.md", "src/latest/app.js", "contest.py"])
def test_a_deleted_file_that_holds_no_test_is_fine(path: str) -> None:
    assert found(edit(path, "pub fn test() {}\n", None)) == ()


@pytest.mark.parametrize("goal", ["tests/unit/test_app.py", "tests/test_calculator.py", "tests/app_test.py"])
def test_a_test_file_may_move(goal: str) -> None:
    assert found(edit("tests/test_app.py", PY, None), edit(goal, None, PY)) == ()


@pytest.mark.parametrize("goal", ["tests/app.py", "tests/old_app.py.txt", "src/app.py"])
def test_a_test_file_may_not_move_out_of_its_naming(goal: str) -> None:
    (sentence,) = found(edit("tests/test_app.py", PY, None), edit(goal, None, PY))
    assert sentence.startswith("tests/test_app.py was deleted, with test_add")


def test_a_test_may_move_to_another_file_with_its_markers() -> None:
    skipped = PY.replace("def test_add", "@pytest.mark.skip\n    def test_add")
    assert found(edit("tests/test_app.py", skipped, "import app\n"), edit("tests/test_new.py", None, skipped)) == ()


def test_a_test_that_is_gutted_on_its_move_is_found() -> None:
    moved = py(ADD, "pass")
    assert found(edit("tests/test_app.py", PY, None), edit("tests/test_new.py", None, moved)) == (
        "tests/test_app.py: test_add no longer checks what it did",
    )


def test_a_test_of_the_same_name_elsewhere_does_not_hide_a_removal() -> None:
    other = "def test_add():\n    assert other()\n"
    changes = (
        edit("tests/test_app.py", PY, py("def test_add", "def check_add")),
        edit("tests/test_b.py", other, other + "\n"),
    )
    assert found(*changes) == ("tests/test_app.py: test_add was removed",)


def test_data_of_tests_may_move() -> None:
    assert found(edit("tests/data/a.json", "{}", None), edit("tests/data/b.json", None, "{}")) == ()


def test_other_data_does_not_take_the_place_of_deleted_data() -> None:
    sentences = found(edit("tests/data/a.json", "{}", None), edit("tests/data/b.json", None, "[]"))
    assert sentences == ("tests/data/a.json was deleted",)


SMOKE = "def test_runs():\n    run()\n\ndef test_later():\n    pass\n"


def test_a_test_without_assertions_can_be_gutted_too() -> None:
    assert found(edit("test_a.py", SMOKE, SMOKE.replace("run()", "'Runs.'"))) == (
        "test_a.py: test_runs no longer checks what it did",
    )


def test_a_test_that_never_checked_anything_may_go() -> None:
    assert found(edit("test_a.py", SMOKE, SMOKE.partition("def test_later")[0])) == ()
    assert found(edit("test_a.py", SMOKE.replace("run()", "assert True"), "")) == ()


def test_a_marker_is_found_where_it_was_added() -> None:
    skipped = "import pytest\n@pytest.mark.skip\ndef test_a():\n    assert a()\n"
    plain = skipped.replace("@pytest.mark.skip\n", "")
    changes = (edit("tests/test_a.py", skipped, skipped + "\n"), edit("tests/test_b.py", plain, skipped))
    assert found(*changes) == ("tests/test_b.py: pytest.mark.skip was added",)


def test_a_new_test_that_is_skipped_is_found() -> None:
    new = "import pytest\n@pytest.mark.skip\ndef test_later():\n    assert later()\n"
    assert found(edit("tests/test_new.py", None, new)) == ("tests/test_new.py: pytest.mark.skip was added",)


def test_many_names_are_cut() -> None:
    old = "".join(f"def test_{number}():\n    assert run({number})\n" for number in range(7))
    assert found(edit("tests/test_many.py", old, "")) == (
        "tests/test_many.py: test_0, test_1, test_2, test_3, test_4 and 2 other tests were removed",
    )
    assert found(edit("tests/test_many.py", old, old[old.index("def test_5") :])) == (
        "tests/test_many.py: test_0, test_1, test_2, test_3 and test_4 were removed",
    )


def test_findings_come_in_the_order_of_their_paths_and_once() -> None:
    changes = (edit("tox.ini", "a", "b"), edit("conftest.py", "a", "b"), edit("tox.ini", "a", "b"))
    assert found(*changes) == ("conftest.py was changed", "tox.ini was changed")


# Properties.

PATHS = st.sampled_from(["tests/test_a.py", "tests/test_b.py", "a.test.js", "src/lib.rs", "a_test.go", "package.json"])
TEXTS = st.none() | st.text(max_size=80) | st.sampled_from([PY, JS, RUST, GO, "{", "[", "def test_x(:\n", "'" * 9])


@given(
    st.lists(
        st.builds(change.Change, PATHS, st.sampled_from(["added", "modified", "deleted"]), TEXTS, TEXTS), max_size=5
    )
)
def test_no_text_is_too_strange(changes: list[change.Change]) -> None:
    assert all(isinstance(sentence, str) for sentence in tampering.found(changes, PYTEST, "", ()))


@given(st.lists(st.builds(lambda path, text: change.Change(path, "modified", text, text), PATHS, TEXTS.filter(bool))))
def test_a_file_that_stays_as_it_is_needs_no_approval(changes: list[change.Change]) -> None:
    assert tampering.found(changes, ("make", "test"), "Makefile", ("t.sh",)) == ()


@given(st.lists(st.sampled_from(["test_a", "test_b", "test_c", "helper"]), unique=True), st.data())
def test_every_removed_test_is_named_and_no_other(names: list[str], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    source = {name: f"def {name}():\n    assert run('{name}')\n" for name in names}
    sentences = found(edit("test_x.py", "".join(source.values()), "".join(source[name] for name in kept)))
    gone = {name for name in names if name not in kept and name.startswith("test")}
    assert {name for name in names if any(name in sentence.partition(":")[2] for sentence in sentences)} == gone


@pytest.mark.parametrize(
    "unit", ['"', "\\'", "it(", "it('", "`", "/*", "#[test", "#[test]", "#[a]", "a", "a.", " ", "(", "{"]
)
@pytest.mark.parametrize("path", ["tests/test_a.py", "a.test.js", "src/lib.rs", "a_test.go"])
def test_half_a_megabyte_takes_linear_time(path: str, unit: str) -> None:
    """Quadratic time would take minutes here; the bar leaves room for a slow machine."""
    content = "it('x', (" + unit * (500_000 // len(unit))
    begin = time.process_time()
    found(edit(path, content, content + " "))
    assert time.process_time() - begin < 10


def test_a_gutted_script_of_the_verification_is_found_once() -> None:
    changes = [edit("t.sh", "python3 -m pytest\n", "true\n"), edit("Makefile", "test:\n", "test: all\n")]
    sentences = tampering.found(changes, ("make", "test"), "Makefile: target test", ("Makefile", "t.sh"))
    assert sentences == ("Makefile was changed", "t.sh was changed")
