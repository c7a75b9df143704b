"""Tests and markers of JavaScript, Rust and Go, by patterns on code without comments.

A string that does not end is taken to end with its line or with the text, and what may be long is bounded: every
scan stays linear.
"""

import re
from collections import Counter
from collections.abc import Callable

from tickety.core.testcode import contents


def _reader(
    scan: re.Pattern[str], tests: re.Pattern[str], markers: re.Pattern[str]
) -> Callable[[str], contents.Contents]:
    """A reader: tests are found in the code without its comments, markers in the code without its strings, too."""

    def read(content: str) -> contents.Contents:
        code = scan.sub(lambda match: match["string"] or " ", content)
        bare = scan.sub(lambda match: "''" if match["string"] else " ", content)
        found = (contents.Test(match["name"], _IDLE[match["idle"] is not None]) for match in tests.finditer(code))
        return contents.Contents(tuple(found), Counter(_label(match[0]) for match in markers.finditer(bare)))

    return read


def _label(marker: str) -> str:
    """How a marker is named to people: ``it.skip``, ``#[ignore]``, ``option skip``."""
    if marker.startswith("#"):
        return "#[ignore]"
    name, colon, _ = _SPACE.sub("", marker).partition(":")
    return f"option {name}" if colon else name


_IDLE = {True: contents.Worth.NOTHING, False: contents.Worth.THAT_IT_RUNS}
_SPACE = re.compile(r"\s+|\($")

_COMMENT = r"//[^\n]*|/\*.*?(?:\*/|\Z)"
_JS_SCAN = re.compile(
    rf"(?P<string>\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?|`(?:\\.|[^`\\])*`?)|{_COMMENT}", re.DOTALL
)
_RUST_SCAN = re.compile(
    rf"(?P<string>\br(?P<hashes>#+)\".*?(?:\"(?P=hashes)|\Z)|\"(?:\\.|[^\"\\])*\"?|'(?:\\.|[^'\\\n])')|{_COMMENT}",
    re.DOTALL,
)
_GO_SCAN = re.compile(rf"(?P<string>\"(?:\\.|[^\"\\\n])*\"?|`[^`]*`?|'(?:\\.|[^'\\\n])*'?)|{_COMMENT}", re.DOTALL)

_JS_TEST = re.compile(
    r"""
    (?<![\w.$]) (?:it|test|specify) (?:\.\w+)* \s* (?:\([^()]*\)\s*)? \(\s*
    (?P<quote>['"`]) (?P<name>(?:\\.|(?!(?P=quote))[^\\\n])*) (?P=quote) \s*, \s*
    (?P<idle>
        (?:async\s*)? (?: \(\s*(?:\w+\s*)?\) \s*=> | \w+ \s*=> | function\s*(?:\w+\s*)?\(\s*(?:\w+\s*)?\) ) \s*
        \{\s* (?:(?:return|expect\(true\)\.toBe\(true\)|assert(?:\.ok)?\(true\))\s*;?\s*)? \}
    )?
    """,
    re.VERBOSE,
)
_JS_MARKER = re.compile(
    r"""
    (?<![\w.$]) (?:it|test|describe|context|suite|specify) (?:\.\w+)*? \.(?:skip|only|todo|fails|failing|skipIf|runIf)\b
    | (?<![\w.$]) (?:x(?:it|test|describe|context|specify)|f(?:it|describe|context)) \s*\(
    | (?<![\w.$]) (?:t|this|ctx) \.(?:skip|todo) \s*\(
    | (?<=[{,\s]) (?:skip|todo|only) \s*:\s* (?:true|'')
    """,
    re.VERBOSE,
)
_RUST_TEST = re.compile(
    r"""
    \#\[ \s*(?:\w+::){0,4}(?:test|rstest|test_case)\b [^\]]{0,500} \] \s* (?:\#\[[^\]]{0,500}\]\s*){0,9}
    (?:pub(?:\([\w\s:]*\))?\s+)? (?:async\s+)? (?:unsafe\s+)? fn \s+ (?P<name>\w+)
    (?P<idle> \s*\(\)\s* \{\s* (?:assert!\(true\)\s*;?\s*)? \} )?
    """,
    re.VERBOSE,
)
_RUST_MARKER = re.compile(r"#\[\s*(?:cfg_attr\([^\]]{0,500}\b)?ignore\b")
_GO_TEST = re.compile(r"^func (?P<name>(?:Test|Example|Fuzz)\w*)\([^)\n]*\)\s*(?P<idle>\{\s*\})?", re.MULTILINE)
_GO_MARKER = re.compile(r"\b[tbf]\.Skip(?:f|Now)?\b")

read_javascript = _reader(_JS_SCAN, _JS_TEST, _JS_MARKER)
read_rust = _reader(_RUST_SCAN, _RUST_TEST, _RUST_MARKER)
read_go = _reader(_GO_SCAN, _GO_TEST, _GO_MARKER)
