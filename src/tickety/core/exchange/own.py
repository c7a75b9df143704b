"""Our own documents, as ``tickety export`` and ``tickety show --json`` write them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tickety.core import document, errors, escalation, history, ticket, workflow
from tickety.core.exchange import arrival, shape, soundness

_BRANCH = re.compile(r"tickety/[A-Za-z0-9][A-Za-z0-9-]{0,120}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_TARGET = re.compile(r"(?!.*(?:\.\.|//|\.lock$|/$))[A-Za-z0-9_][A-Za-z0-9_./-]{0,200}")


def is_ours(record: dict[str, Any]) -> bool:
    """The record has the marks of a document of ours."""
    return {"schema", "uid", "version", "orchestration"} <= record.keys()


def read(record: dict[str, Any], place: str, types: Sequence[str]) -> arrival.Arrival:
    """The ticket of a document; Usage, naming the field, when it is not as we write it."""
    schema = record.get("schema", document.SCHEMA)
    if type(schema) is not int or schema > document.SCHEMA:
        raise errors.Usage(f"it has schema {schema!r}, this release reads {document.SCHEMA}", "upgrade tickety")
    unknown: shape.Unknown = {}
    subject: ticket.Ticket = shape.built(ticket.Ticket, record, "", unknown)
    soundness.require(subject, types)
    marks = escalation.sound_marks(subject.marks)
    subject = replace(subject, orchestration=workflow.settle(subject.orchestration), marks=marks)
    subject, notes = _without_places(replace(subject, waiting_for=history.waiting_for(subject)))
    subject, late = arrival.in_order(subject)
    notes += late
    metadata, odd = arrival.sorted_out(subject.metadata)
    if kept := {**unknown, **odd}:
        subject = replace(subject, metadata=arrival.keeping(metadata, **kept))
        notes = (*notes, f"kept as imported: {', '.join(kept)}")
    ties = tuple((link.relationship, link.ticket_id) for link in subject.linked_tickets)
    bare = replace(subject, linked_tickets=(), parent=None)
    return arrival.Arrival(place, subject.id, bare, ties=ties, parent=subject.parent, is_whole=True, notes=notes)


def _without_places(subject: ticket.Ticket) -> tuple[ticket.Ticket, tuple[str, ...]]:
    """The ticket without places in git that are not of Tickety's making: what they name would be moved or read."""
    is_sound = (
        (subject.branch is None or _BRANCH.fullmatch(subject.branch))
        and all(commit is None or _COMMIT.fullmatch(commit) for commit in (subject.base, subject.head))
        and (subject.target is None or _TARGET.fullmatch(subject.target))
    )
    if is_sound:
        return subject, ()
    places = {name: getattr(subject, name) for name in ("branch", "base", "head", "target")}
    metadata = arrival.keeping(subject.metadata, **places)
    bare = replace(subject, branch=None, base=None, head=None, target=None, metadata=metadata)
    return bare, ("kept as imported: branch, base, head, target, which are not of Tickety's making",)
