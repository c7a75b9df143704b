"""Answers as JSON: one form for every verb."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click


def answer(data: Mapping[str, Any]) -> None:
    """One answer, with its schema: indented for people at a terminal, on one line for programs."""
    click.echo(_written(data, indent=2 if sys.stdout and sys.stdout.isatty() else None))


def line(data: Mapping[str, Any]) -> None:
    """One of many answers: always a line of its own."""
    click.echo(_written(data, indent=None))


def tickets(documents: Sequence[Mapping[str, Any]], cursor: str | None = None, **beside: object) -> None:
    """A list of tickets, with the cursor of the next page."""
    answer({"tickets": documents, "next": cursor, **beside})


def whole(documents: Sequence[Mapping[str, Any]], *, as_list: bool | None = None) -> None:
    """Tickets that were named: one is the ticket itself, several are a list; ``as_list`` says which is meant."""
    if len(documents) > 1 if as_list is None else as_list:
        tickets(documents)
    else:
        answer(documents[0])


def failure(error: Mapping[str, Any]) -> None:
    """Why a command did not work out, on standard error."""
    click.echo(_written({"error": error}, indent=None), err=True)


def _written(data: Mapping[str, Any], indent: int | None) -> str:
    return json.dumps({"schema": 1, **data}, ensure_ascii=False, indent=indent)
