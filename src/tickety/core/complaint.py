"""What the reader of a settings file complains of, in our words: a place, what is there, and what should be."""

import re

_WRONG = re.compile(r"Expected `(?P<wanted>[^`]+)`, got `(?P<found>[^`]+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]*)`")
_PLACE = re.compile(r" - at `\$\.?(?P<place>[^`]*)`")
_KINDS = {
    "str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false", "array": "a list",
    "object": "a table", "null": "nothing", "datetime": "a time", "date": "a date", "time": "a time of day",
}  # fmt: skip


def sentence(said: str) -> str:
    """``verification.command: it is a whole number, and should be a text``; what is not known stays as it is."""
    found = _PLACE.search(said)
    place = found["place"] if found else ""
    where = f"{place}: " if place else ""
    if wrong := _WRONG.search(said):
        wanted = [kind for kind in wrong["wanted"].split(" | ") if kind != "null"]
        return f"{where}it is {_kind(wrong['found'])}, and should be {' or '.join(map(_kind, wanted))}"
    if unknown := _UNKNOWN.search(said):
        return f"{where}there is no field {unknown['field']!r}"
    if missing := _MISSING.search(said):
        return f"{where}the field {missing['field']!r} is missing"
    return _PLACE.sub("", where + said)


def _kind(name: str) -> str:
    return _KINDS.get(name, name)
