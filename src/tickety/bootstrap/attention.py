"""What follows a change: the rules that are due. On the way of every verb that writes, so it loads next to nothing."""

from tickety import catalogue_files, places, store
from tickety.desk import memory

_SETTINGS = "settings"
"""The cursor that tells of which ``tickety.toml`` the rules' delays are."""


def attend(found: places.Places, desk: memory.Memory) -> None:
    """After a change: what is due is told. Where nothing is, this is one indexed query."""
    words = catalogue_files.settings_of(found.checkout)
    mark = _mark(words) if "escalation" in words else 0
    known = desk.store.cursor(_SETTINGS)
    is_new = mark != (known.seq if known else 0)
    if not is_new and not desk.store.due(desk.clock.now().timestamp(), 1):
        return
    from tickety.desk import rules

    rules.attend(desk)
    if is_new:
        desk.store.save_cursor(store.Cursor(_SETTINGS, mark), known)


def _mark(words: str) -> int:
    import zlib

    return zlib.crc32(words.encode())
