"""Why a ticket is ready or not, and where it stands in the order of work: what the store knows about it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from tickety import store
from tickety.core import query, readiness, record, times
from tickety.desk import memory, search

_FOLLOWED = 20  # tickets that are waited for, and looked behind


@record.record(frozen=True, slots=True)
class Answer:
    """The answer to ``why``."""

    id: str
    title: str
    status: str
    due_at: str
    judged: readiness.Readiness
    place: readiness.Place | None
    sentence: str

    @property
    def command(self) -> str:
        """What to try next."""
        return self.judged.reasons[0].command

    def as_json(self) -> dict[str, Any]:
        """The same for scripts."""
        told = {name: getattr(self, name) for name in ("id", "title", "status", "sentence", "due_at")}
        return {**told, **asdict(self.judged), "place": self.place and asdict(self.place), "next": self.command}


def why(desk: memory.Memory, uid: str) -> Answer:
    """Why a ticket is ready, or is not."""
    now = desk.clock.now()
    document = desk.store.document(uid)
    judged = readiness.judge(document, _awaited(desk.store, uid, now), now)
    place = _place(desk.store, document, now) if judged.is_ready else None
    told = readiness.sentence(judged, document["id"], place)
    plain = {name: document[name] for name in ("id", "title", "status", "due_at")}
    return Answer(**plain, judged=judged, place=place, sentence=told)


def _awaited(kept: store.Store, uid: str, now: datetime) -> tuple[readiness.Awaited, ...]:
    """What a ticket waits for, and what that waits for."""
    first = kept.unfinished(uid)
    looked_behind = tuple(
        _one(other, tuple(_one(further) for further in kept.unfinished(search.find(kept, other.id, now))))
        for other in first[:_FOLLOWED]
    )
    return looked_behind + tuple(_one(other) for other in first[_FOLLOWED:])


def _one(other: store.Unfinished, awaits: tuple[readiness.Awaited, ...] = ()) -> readiness.Awaited:
    return readiness.Awaited(other.id, other.relationship, other.status, other.title, awaits)


def _place(kept: store.Store, document: dict[str, Any], now: datetime) -> readiness.Place:
    """Counted, not listed: those of a higher priority, the older ones of the same, and the ticket itself."""
    rank = query.PRIORITIES.index(document["priority"])
    alike = query.READY.where("priority", "in", document["priority"])
    ahead = [
        query.READY.where("priority", "in", *query.PRIORITIES[:rank]),
        alike.where("created", "<", document["created_at"]),
        alike.where("created", "=", document["created_at"]).where("id", "<", document["id"]),
    ]
    counted = sum(kept.count(wanted) for wanted in (ahead if rank else ahead[1:]))
    return readiness.Place(counted + 1, kept.count(query.Query(query.READY.terms, at=times.as_text(now))))
