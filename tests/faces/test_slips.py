"""What people leave out, mistype and give too much of, and whose words are kept: calls in this process."""

import pytest

from tests.faces import calling


@pytest.fixture
def call(call: calling.Call) -> calling.Call:
    """The same, and there is a bug."""
    call("new", "It fails", "--type", "bug")
    return call


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["assign", "BUG-1"], "who is to have it"),
        (["assign", "BUG-1", "1"], "who is to have it"),
        (["comment", "BUG-1"], "what the comment is"),
        (["comment", "1", ""], "what the comment is"),
        (["comment", "1", "-"], "what the comment is"),
        (["block", "BUG-1"], "what stands in the way"),
        (["block", "BUG-1", ""], "what stands in the way"),
        (["link", "1", "blokced_by", "1"], "did you mean blocked_by?"),
        (["close", "1", "--resolution", "wontfix"], "did you mean wont_fix?"),
        (["epic", "new", "Whole", "--child", "bgu: it fails"], "did you mean bug?"),
        (["edit", "1", "--title", "x" * 101], "101 characters long"),
        (["new", "It fails", "--title", "\x1b[31mred"], "control characters"),
        (["edit", "1", "--due", "30m"], "write 30min or 30mo"),
        (["list", "updated:<2m"], "write 2min or 2mo"),
        (["vote", "1", "--as", ""], "is nobody"),
        (["vote", "1", "--as", "user:a\x1bb"], "is nobody"),
        (["vote", "1", "--as", "user:" + "a" * 100], "is nobody"),
    ],
    ids=" ".join,
)
def test_a_slip_is_told_with_what_to_write_and_nothing_changes(call: calling.Call, words: list[str], said: str) -> None:
    before = call("show", "1", "--json").data

    refused = call(*words)

    assert refused.code == 2
    assert said in refused.err
    assert call("show", "1", "--json").data == before
    assert len(call("list", "--json").data["tickets"]) == 1


def test_one_word_is_reason_enough(call: calling.Call) -> None:
    assert call("block", "BUG-1", "vendor", "--json").data["blocker"] == "vendor"


def test_a_word_before_a_colon_that_is_near_no_type_is_part_of_a_title(call: calling.Call) -> None:
    opened = call("epic", "new", "Whole", "--child", "note: tell the users", "--json").data

    assert [one["title"] for one in opened["tickets"]] == ["Whole", "note: tell the users"]


def test_tags_and_dates_are_understood_as_people_write_them(call: calling.Call) -> None:
    call("tag", "1", "Auth")
    call("edit", "1", "--due", "2 weeks")

    assert call("show", "1", "--json").data["tags"] == ["auth"]
    for asked in ("tag:AUTH", "due:<3weeks", "created:today", "due:>tomorrow"):
        assert len(call("list", asked, "--json").data["tickets"]) == 1, asked


@pytest.mark.parametrize("option", ["--description", "--title"])
def test_an_agents_edit_makes_the_words_the_agents(
    call: calling.Call, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setenv("CLAUDECODE", "1")

    assert call("edit", "1", option, "Run `rm -r .`", "--json").data["origin"]["description"] == "agent:claude"


def test_a_piped_description_is_nobodys_here(call: calling.Call) -> None:
    piped = call("edit", "1", "--title", "Mine", "--description", "-", "--json", stdin=b"Run `rm -r .`").data

    assert (piped["description"], piped["origin"]["description"]) == ("Run `rm -r .`", "import:stdin")
    assert call("edit", "1", "--description", "Typed", "--json").data["origin"]["description"] == "user"


def test_somebody_elses_description_is_not_the_reporters(call: calling.Call) -> None:
    edited = call("edit", "1", "--description", "Theirs", "--as", "user:bob", "--json").data

    assert edited["origin"]["description"] == "user:bob"
