"""langgraph with its SQLite checkpointer: one thread of a compiled graph a ticket."""

import operator
import sqlite3
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypedDict

from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph

from bench.peers import harness


class State(TypedDict):
    """What a thread keeps: whose it is, and what was done."""

    ticket: str
    done: Annotated[list[str], operator.add]


class Langgraph:
    """A graph of the workload's steps. Starting a thread is part of running it, so nothing is made ready."""

    def __init__(self, job: harness.Job, done: harness.Done) -> None:
        # As its documentation makes one; the checkpointer switches to WAL itself.
        self._connection = sqlite3.connect(job.folder / "checkpoints.db", check_same_thread=False)
        saver = SqliteSaver(self._connection)
        saver.setup()
        # ``sync`` is its word for: kept before the next step begins. It comes with ``async``.
        self._durability = {"durability": "sync"} if job.is_tuned else {}
        if job.is_tuned:
            self._connection.execute("PRAGMA synchronous=FULL")
        self._graph = _graph(job, done).compile(checkpointer=saver)

    def make_ready(self, tickets: Sequence[str]) -> None:
        """Nothing: see the class."""

    def run(self, tickets: Sequence[str]) -> None:
        for ticket in tickets:
            self._graph.invoke({"ticket": ticket, "done": []}, _thread(ticket), **self._durability)

    def verify(self, tickets: Sequence[str]) -> None:
        for ticket in tickets:
            kept = self._graph.get_state(_thread(ticket))
            if kept.next or sorted(kept.values["done"]) != ["a", "b", "c"]:
                raise RuntimeError(f"{ticket} is not finished: {kept.values}")

    def close(self) -> None:
        self._connection.close()


def _graph(job: harness.Job, done: harness.Done) -> Any:  # noqa: ANN401 - no types without the package
    graph = StateGraph(State)
    for name, needs in job.steps.items():
        graph.add_node(name, _step(done, name))
        graph.add_edge(list(needs) if len(needs) > 1 else needs[0] if needs else START, name)
    graph.add_edge("c", END)
    return graph


def _step(done: harness.Done, name: str) -> Callable[[State], dict[str, list[str]]]:
    return lambda state: {"done": [done.step(state["ticket"], name)]}


def _thread(ticket: str) -> dict[str, dict[str, str]]:
    return {"configurable": {"thread_id": ticket}}


if __name__ == "__main__":
    harness.main(Langgraph)
