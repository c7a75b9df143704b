"""YAML as plain JSON values: no tags, no times, no aliases that could grow without end."""

from typing import Any

import yaml

_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Plain(yaml.SafeLoader):
    """Times stay the texts they are; an alias is refused."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias (*name) is not read here")
        return super().compose_node(parent, index)


_Plain.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if tag != _TIMESTAMP]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse(text: str) -> Any:  # noqa: ANN401 - any JSON
    """The value of a YAML text; ValueError, with the line where one is known, when it is none."""
    try:
        return _plain(yaml.load(text, _Plain))  # noqa: S506 - a SafeLoader that knows less
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 2}, " if error.problem_mark else ""
        raise ValueError(f"{line}{error.problem}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ValueError(str(error) or "it is nested too deeply") from error


def _plain(value: Any) -> Any:  # noqa: ANN401 - anything that YAML makes
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, set, tuple)):
        return [_plain(entry) for entry in value]
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)
