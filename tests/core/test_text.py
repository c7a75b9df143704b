import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import errors, text

TERMINAL_CODES = [
    ("\x1b[31mred\x1b[0m", "red"),
    ("\x1b]0;new window title\x07words", "words"),
    ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
    ("\x1b[2J\x1b[Hwiped", "wiped"),
    ("over\x08\x08\x08\x08under", "overunder"),
    ("one\x9b31mtwo", "one31mtwo"),
    ("\u202egnp.exe", "gnp.exe"),
    ("left\u2066right\u2069", "leftright"),
    ("bell\x07", "bell"),
    ("lonely\x1b", "lonely"),
]


@pytest.mark.parametrize(("given_words", "left"), TERMINAL_CODES)
def test_what_a_terminal_would_obey_is_taken_out(given_words: str, left: str) -> None:
    assert text.clean(given_words) == left
    assert text.harmless(given_words) == left


def test_line_ends_of_every_kind_become_one_kind_and_tabs_stay() -> None:
    assert text.clean("  a\r\nb\rc\n\td  ") == "a\nb\nc\n\td"


@pytest.mark.parametrize("words", ["", "   ", "\n\t\r\n", "\x1b[0m", "\u202e", "\u2028"])
def test_no_words_at_all_are_refused_with_an_example(words: str) -> None:
    with pytest.raises(errors.Usage, match="no words") as refusal:
        text.clean(words)

    assert "tickety" in refusal.value.hint


@pytest.mark.parametrize("words", ["\x7fELF\x00\x01", "half a letter \ud83d", "\x00"])
def test_binary_is_refused_as_binary(words: str) -> None:
    with pytest.raises(errors.Usage, match="binary"):
        text.clean(words)


def test_as_many_words_as_a_ticket_takes_are_taken_and_not_one_letter_more() -> None:
    assert len(text.clean("x" * text.LIMIT)) == text.LIMIT
    with pytest.raises(errors.Usage, match=r"1,048,577 characters .* 1,048,576"):
        text.clean("x" * (text.LIMIT + 1))


@given(st.text())
def test_cleaning_clean_words_changes_nothing(words: str) -> None:
    try:
        once = text.clean(words)
    except errors.Usage:
        return

    assert text.clean(once) == once
    assert text.harmless(once) == once


@given(st.text())
def test_harmless_words_hold_no_code_that_a_terminal_obeys(words: str) -> None:
    assert not {letter for letter in text.harmless(words) if letter < " " and letter not in "\n\t"}


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("The --version command is throwing an ImportError", "The --version command is throwing an ImportError"),
        ("It crashes. I restarted it twice.", "It crashes"),
        ("Production is down! ImportError in core service!", "Production is down!"),
        ("cli.py fails on v1.2.3 of the app", "cli.py fails on v1.2.3 of the app"),
        ("\n\n  First line\nsecond line", "First line"),
        ("Why? Because.", "Why?"),
        ("...", "..."),
    ],
)
def test_a_title_is_the_first_sentence_of_the_first_line(words: str, title: str) -> None:
    assert text.title(words) == title


def test_a_long_title_is_cut_between_two_words() -> None:
    title = text.title("word, " * 40)

    assert title.endswith("word…")
    assert len(title) <= text.TITLE_LIMIT


def test_a_title_of_a_hundred_letters_stays_whole() -> None:
    assert text.title("x" * 100) == "x" * 100
    assert text.title("x" * 101) == "x" * 99 + "…"


def test_a_title_of_one_endless_word_is_cut_inside_it() -> None:
    assert text.title("x" * 500) == "x" * 99 + "…"


@given(st.text())
def test_every_request_that_is_taken_has_a_title_of_one_line(words: str) -> None:
    try:
        clean = text.clean(words)
    except errors.Usage:
        return
    title = text.title(clean)

    assert 0 < len(title) <= text.TITLE_LIMIT
    assert len(title.splitlines()) == 1


@given(st.text(), st.integers(1, 50))
def test_one_line_is_one_line_and_no_wider_than_asked(words: str, width: int) -> None:
    line = text.one_line(words, width)

    assert len(line) <= width
    assert len(line.splitlines()) <= 1


def test_one_line_says_that_something_was_left_out() -> None:
    assert text.one_line("a\n\n b\tc  d", 80) == "a b c d"
    assert text.one_line("abcdef", 4) == "abc…"


@pytest.mark.parametrize(("count", "words"), [(0, "0 tests"), (1, "1 test"), (2, "2 tests")])
def test_one_is_not_plural(count: int, words: str) -> None:
    assert text.plural(count, "test") == words
