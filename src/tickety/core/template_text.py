"""A template as the text of its file. What is read from such a file is the same template again."""

from collections.abc import Iterator, Mapping
from typing import Any

from tickety.core import recipes, template
from tickety.core.spelling import written

_HEAD = """\
# A ticket template: tickety new "…" --template {name}
# `$words` in a title stands for the words of the request. Check it with: tickety template check {name}
"""

_OTHERS = """\

# What else can be said:
# title = "Security: $words"
# priority = "critical"                              # critical, high, medium, low
# tags = ["security"]
# agents_required = ["Security Agent", "Engineer Agent", "QA Agent"]
# workflow = "assess -> patch -> verify"             # `a -> (b | c) -> d` runs b and c together
# sla = "4 hours"
# approvals = ["patch"]                              # steps that a person lets begin
# success_criteria = ["nobody can read the tokens"]
# [tasks]
# assess = "find out who could read the tokens"
#
# The steps one by one, in the place of a workflow: `tickety workflow show "assess -> patch" --as toml` writes them.
# [[steps]]
# name = "assess"
# agent = "Security Agent"
# [[steps]]
# name = "patch"
# agent = "Engineer Agent"
# needs = ["assess"]
#
# The parts of an epic; they are opened with it. They wait for each other by their keys.
# [[children]]
# key = "module"
# type = "feature"
# title = "Refactor the module"
# [[children]]
# key = "docs"
# type = "doc"
# title = "Update the documentation"
# blocked_by = ["module"]
"""


def of(wanted: template.Template, types: Mapping[str, recipes.Recipe]) -> str:
    """The text of a template's file. What it leaves to its type is written out, to be changed."""
    known = template.as_json(wanted)
    if wanted.type and not (wanted.workflow or wanted.steps or wanted.phases):
        known |= _usual(types[wanted.type], wanted)
    plain = {name: value for name, value in known.items() if name not in _TABLES}
    lines = [*_fields(plain), *_table("[tasks]", known["tasks"]), *written.tables(known)]
    for child in known["children"]:
        lines += _table("[[children]]", child)
    return _HEAD.format(name=wanted.name) + "\n".join(lines) + "\n" + ("" if known["children"] else _OTHERS)


def _usual(recipe: recipes.Recipe, wanted: template.Template) -> dict[str, Any]:
    plan = template.plan(wanted, recipe, "")
    if not plan.steps:
        return {}
    agents = [step.agent for step in plan.steps]
    tasks = {step.name: step.task for step in plan.steps}
    return {"agents_required": agents, "workflow": plan.workflow, "tasks": tasks}


def _table(head: str, fields: Mapping[str, Any]) -> list[str]:
    return ["", head, *_fields(fields)] if fields else []


def _fields(fields: Mapping[str, Any]) -> Iterator[str]:
    """What is said."""
    return (f"{name} = {written.value(value)}" for name, value in fields.items() if value)


_TABLES = frozenset({"name", "tasks", "children", "steps", "phases"})
