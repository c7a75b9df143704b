"""The types and templates of a project's own, as files of its checkout: ``tickety.toml``, ``.tickety/templates/``.

They are read when they are asked for; most projects have none, and then nothing is loaded to read them with.
"""

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from tickety.core import catalogue, errors

if TYPE_CHECKING:
    from tickety.core import recipes, template

SETTINGS = "tickety.toml"
TABLES = ("verification", "workspace", "roster", "types", "mirror", "engine", "escalation", "sla", "budget", "notify")
"""What ``tickety.toml`` can say."""

RULES = ("engine", "escalation", "sla", "budget")
"""Those of them that say how the crew works."""

FOLDER = os.path.join(".tickety", "templates")
_LIMIT = 32 * 1024
_ENDING = ".toml"
_HEADING = re.compile(r"^\s*\[+\s*([A-Za-z0-9_-]+)", re.MULTILINE)

T = TypeVar("T")
Reader = Callable[[], "template.Template"]


def read(checkout: str | None) -> catalogue.Catalogue:
    """What the project in a checkout opens tickets of; a bare repository has nothing of its own."""
    if checkout is None:
        return catalogue.BUILT_IN
    own = partial(_templates, checkout)
    words = _text(os.path.join(checkout, SETTINGS))
    if words is None or not _says_something(words):
        return catalogue.Catalogue(own=own)
    return catalogue.Catalogue(_explained(SETTINGS, lambda: _types(words)), own)


def settings_of(checkout: str | None) -> str:
    """The text of the checkout's ``tickety.toml``; empty when there is none."""
    return (checkout and _text(os.path.join(checkout, SETTINGS))) or ""


def says_rules(words: str) -> bool:
    """The settings say something of how the crew works: only then is it worth to load what reads them."""
    return any(name in words for name in RULES)


def require_tables(given: Mapping[str, Any]) -> None:
    """Refuses what ``tickety.toml`` has no table for: what is misspelt would be overlooked for ever."""
    for name in given:
        if name not in TABLES:
            from tickety.core import nearest

            near = nearest.asked(name, TABLES, "[{}]")
            raise errors.Usage(
                f"{SETTINGS}: there is no table [{name[:60]}]", f"{near}the tables are: {', '.join(TABLES)}"
            )


def types(defined: Any) -> dict[str, "recipes.Recipe"]:  # noqa: ANN401 - any TOML
    """The recipes of a ``types`` table, beside the built-in ones; Usage, naming the field, when one cannot be."""
    if not isinstance(defined, dict):
        raise errors.Usage("types: it is no table", "write [types.incident]")
    return catalogue.with_types(_definition(name, fields) for name, fields in _plain(defined).items())


def place(name: str) -> str:
    """Where a template lies in a checkout."""
    return os.path.join(FOLDER, name + _ENDING)


def misnamed(checkout: str) -> list[str]:
    """The files among the templates whose names are no template's."""
    return [os.path.join(FOLDER, name) for name in _listed(checkout) if not _is_named_well(name)]


def check_new(checkout: str, name: str) -> str:
    """Where a new template would lie; Usage or Refused when it could not be written."""
    from tickety.core import template

    if not re.fullmatch(template.NAME_PATTERN, name):
        raise errors.Usage(
            f"{name[:60]!r} cannot be a template's name", "use small letters, digits, - and _, a letter first"
        )
    if os.path.lexists(os.path.join(checkout, place(name))):
        raise errors.Refused(f"{place(name)} is there already", f"see it with: tickety template show {name}")
    return place(name)


def write(checkout: str, name: str, words: str) -> str:
    """Write a new template, and tell where. Nothing is ever written over a file."""
    path = os.path.join(checkout, check_new(checkout, name))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "x", encoding="utf-8") as file:
        file.write(words)
    return place(name)


def _types(words: str) -> dict[str, "recipes.Recipe"]:
    import tomllib

    given = tomllib.loads(words)
    require_tables(given)
    return types(given.get("types", {}))


def _says_something(words: str) -> bool:
    """Types are defined, or something is named that is no table: only then is it worth to load what reads TOML."""
    return "types" in words or any(name not in TABLES for name in _HEADING.findall(words))


def _definition(name: str, fields: Any) -> catalogue.Definition:  # noqa: ANN401 - any TOML
    import msgspec

    from tickety.core import complaint

    place = f"[types.{name[:60]}]"
    if not isinstance(fields, dict):
        raise errors.Usage(f"{place} is no table", 'write [types.incident], and below it: prefix = "INC"')
    _require_known(fields, catalogue.Definition.__slots__, place + " ")
    try:
        return msgspec.convert({**fields, "name": name}, catalogue.Definition)
    except msgspec.ValidationError as error:
        raise errors.Usage(f"{place} {complaint.sentence(str(error))}", f"mend {SETTINGS}, and try it again") from error


def _templates(checkout: str) -> dict[str, Reader]:
    """The templates of a checkout by name, each with what reads it."""
    names = (name.removesuffix(_ENDING) for name in _listed(checkout) if _is_named_well(name))
    return {name: partial(_template, checkout, name) for name in names}


def _template(checkout: str, name: str) -> "template.Template":
    words = _text(os.path.join(checkout, place(name)))
    if words is None:
        raise errors.NotFound(f"{place(name)} is not there any more", "tickety template list")
    return _explained(place(name), lambda: _parsed(name, words))


def _parsed(name: str, words: str) -> "template.Template":
    import tomllib

    import msgspec

    from tickety.core import template

    fields = _plain(tomllib.loads(words))
    _require_known(fields, template.Template.__slots__, "")
    for number, child in enumerate(fields.get("children", ())):
        if isinstance(child, dict):
            _require_known(child, template.Child.__slots__, f"children[{number}].")
    return msgspec.convert({**fields, "name": name}, template.Template)


def _require_known(fields: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for field in fields:
        if field not in known:
            raise errors.Usage(f"{where}{field[:60]}: there is no such field", f"the fields are: {', '.join(known)}")


def _explained(file: str, reading: Callable[[], T]) -> T:
    """What reading gives; Usage, naming the file, when it is not as it should be."""
    import tomllib

    import msgspec

    from tickety.core import complaint

    try:
        return reading()
    except errors.Usage as error:
        raise errors.Usage(f"{file}: {error.message.removeprefix(f'{file}: ')}", error.hint) from error
    except msgspec.ValidationError as error:
        raise errors.Usage(f"{file}: {complaint.sentence(str(error))}", f"mend {file}, and try it again") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise errors.Usage(f"{file}: {error}", f"mend {file}, and try it again") from error


def _listed(checkout: str) -> Iterator[str]:
    try:
        names = sorted(os.listdir(os.path.join(checkout, FOLDER)))
    except (FileNotFoundError, NotADirectoryError):
        return
    yield from (name for name in names if name.endswith(_ENDING))


def _is_named_well(file: str) -> bool:
    from tickety.core import template

    return re.fullmatch(template.NAME_PATTERN, file.removesuffix(_ENDING)) is not None


def _text(path: str) -> str | None:
    """The words of a file; None when there is none. A pipe or a device is never waited for."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with open(handle, "rb") as file:
        is_plain = stat.S_ISREG(os.fstat(handle).st_mode)
        content = file.read(_LIMIT + 1) if is_plain else b""
    if not is_plain or len(content) > _LIMIT:
        name = os.path.basename(path)
        raise errors.Usage(f"{name} is no file of at most {_LIMIT:,} bytes", f"keep in {name} what Tickety reads")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise errors.Usage(f"{os.path.basename(path)} is not UTF-8 text", "save it as UTF-8") from None


def _plain(value: Any) -> Any:  # noqa: ANN401 - any TOML
    """The value with every text made harmless."""
    from tickety.core import text

    if isinstance(value, str):
        return text.harmless(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
