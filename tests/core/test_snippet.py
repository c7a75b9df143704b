"""Where in a ticket's texts the words are that were looked for."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tickety.core import snippet


def document(description: str, *comments: str, details: str = "", error: str | None = None) -> dict[str, Any]:
    update = {"details": details, "error": error}
    said = [{"text": text} for text in comments]
    return {"description": description, "agent_updates": [update] if details else [], "comments": said}


def shown(found: dict[str, Any], *words: str) -> str:
    return snippet.marked(snippet.of(found, words), "[", "]")


def test_words_of_the_same_stem_are_marked() -> None:
    assert shown(document("The login fails, and failing is no login"), "failed", "logins") == (
        "The [login] [fails], and [failing] is no [login]"
    )


def test_a_phrase_is_marked_word_by_word_and_accents_and_capitals_do_not_matter() -> None:
    assert shown(document("A NAÏVE import of errors"), "naive", "import error") == "A [NAÏVE] [import] of [errors]"


def test_the_text_with_the_most_of_the_words_is_shown() -> None:
    found = document("The login", "a login that times out", details="some login", error="it crashed")

    assert shown(found, "login", "time", "out") == "a [login] that [times] [out]"
    assert shown(found, "crash") == "some login it [crashed]"


def test_of_a_long_text_the_part_with_the_words_is_shown() -> None:
    found = document("one " * 100 + "here the needle lies in hay " + "two " * 100)

    line = shown(found, "needle", "hay")

    assert "the [needle] lies in [hay]" in line
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) < snippet.WIDTH + 10


def test_where_nothing_is_found_the_beginning_is_shown() -> None:
    assert shown(document("The login\n\nfails"), "-login") == "The login fails"


def test_what_would_move_the_cursor_is_taken_out() -> None:
    assert shown(document("\x1b[31mred\u202e login\x07"), "login") == "red [login]"


@given(st.text(max_size=300), st.lists(st.text(max_size=10), max_size=4))
def test_marks_lie_inside_the_text_one_after_the_other(words: str, sought: list[str]) -> None:
    found = snippet.of(document(words, words), sought)

    ends = [place for mark in found.marks for place in mark]
    assert ends == sorted(ends)
    assert all(0 <= place <= len(found.text) for place in ends)
    assert snippet.marked(found, "", "") == found.text
