"""Parts of a transaction that may be refused. A savepoint is set once something is written in one: mostly never."""

import sqlite3


class Trials:
    """Parts within parts; each is known by how deep it lies, and by whether its savepoint is set."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._is_set: list[bool] = []

    def begin(self) -> None:
        """What follows may be undone."""
        self._is_set.append(False)

    def before_writing(self) -> None:
        """Something is about to be written: from here on it can be undone."""
        for depth, is_set in enumerate(self._is_set):
            if not is_set:
                self._connection.execute(f"SAVEPOINT tried_{depth}")
                self._is_set[depth] = True

    def undo(self) -> None:
        """Take back what was written in the innermost part."""
        if self._is_set[-1]:
            self._connection.execute(f"ROLLBACK TO tried_{len(self._is_set) - 1}")

    def end(self) -> None:
        """The innermost part is over."""
        if self._is_set.pop():
            self._connection.execute(f"RELEASE tried_{len(self._is_set)}")
