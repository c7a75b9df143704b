"""The folder and the file of a SQLite store: private from the first moment, on a local disk, and really ours."""

import os
import sqlite3

from tickety.core import errors

MOUNTS = "/proc/self/mounts"
APPLICATION_ID = 0x7469636B  # "tick"
_HOLDER = 20  # bytes of a lock file that name its holder
_LEAST = 512  # bytes of a SQLite database
_NETWORK = frozenset({
    "9p", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.glusterfs", "fuse.sshfs", "gfs2", "glusterfs", "lustre",
    "ncpfs", "nfs", "nfs4", "ocfs2", "smb3", "smbfs", "virtiofs",
})  # fmt: skip


def create(path: str, mounts: str = MOUNTS) -> None:
    """Make the folder (0700) and an empty file (0600), unless they are there; refuses a network mount."""
    folder = os.path.dirname(path)
    refuse_network_mount(folder, mounts)
    try:
        if not os.path.exists(path):
            os.makedirs(folder, mode=0o700, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            sync(folder)
            sync(os.path.dirname(folder))
    except OSError as error:
        raise unwritable(folder, error) from error


def is_there(path: str) -> bool:
    """The file exists. What may not be looked at is no file that is missing: it raises."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def refuse_foreign(path: str) -> None:
    """Refuses a file too small to be a database, and an empty one where there was more; SQLite refuses the others.

    The file is only looked at from outside: to open and close it would let go of every lock that this process's
    connections hold on it, and the next process to leave would throw away the log from under them.
    """
    if 0 < size(path) < _LEAST:
        raise not_a_store(path)
    if not size(path) and _was_used(path):
        raise errors.Refused(f"{path} is empty, though tickets were kept here", restoring(path))


def mark_used(path: str) -> None:
    """Remember beside a store, in its lock file, that it held something once: an empty file is damage from now on."""
    if size(path + ".lock") > _HOLDER:
        return
    descriptor = os.open(path + ".lock", os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.pwrite(descriptor, b"used", _HOLDER)
    except OSError:
        return  # a full disk takes no mark, and none is needed for what it does take
    finally:
        os.close(descriptor)


def _was_used(path: str) -> bool:
    """What a store leaves beside it: attempts' papers, a log that is not empty, copies, and the mark in its lock."""
    runs = os.path.join(os.path.dirname(path), "runs")
    if os.path.isdir(runs) and os.listdir(runs):
        return True
    return size(path + "-wal") > 0 or size(path + ".lock") > _HOLDER or bool(backups(path))


def backups(path: str) -> list[str]:
    """The whole copies that a migration or a rebuilding left beside a store, the newest last."""
    folder, name = os.path.split(path)
    marks = (f"{name}.schema-", f"{name}.before-rebuild")
    try:
        found = [os.path.join(folder, entry) for entry in os.listdir(folder) if entry.startswith(marks)]
    except OSError:
        return []
    return sorted((entry for entry in found if not entry.endswith(".unfinished")), key=os.path.getmtime)


def restoring(path: str) -> str:
    """What to do about a store that is lost, naming the newest backup there is."""
    found = backups(path)
    if not found:
        return f"put a backup of {path} in its place; to begin anew, move it and what lies beside it away"
    log = f" && rm -f '{path}-wal' '{path}-shm'"
    return f"put its backup in its place: mv '{path}' '{path}.damaged'{log} && cp -p '{found[-1]}' '{path}'"


def is_own_folder(folder: str) -> bool:
    """The folder is Tickety's own: ``.tickety``, or ``tickety`` in a git directory. Others hold other things too."""
    parent, name = os.path.split(folder)
    is_git = all(os.path.exists(os.path.join(parent, entry)) for entry in ("HEAD", "objects", "refs"))
    return name == ".tickety" or (name == "tickety" and is_git)


def size(path: str) -> int:
    """The size of a file in bytes; 0 when there is none."""
    return os.path.getsize(path) if os.path.exists(path) else 0


def not_a_store(path: str) -> errors.Refused:
    """What is said of a file that is something else."""
    return errors.Refused(
        f"{path} is not a Tickety store", f"move it away (mv '{path}' '{path}.other'), then try again"
    )


def refuse_network_mount(folder: str, mounts: str) -> None:
    """Refuses a folder on a network file system: their locks and flushes do not hold what SQLite needs."""
    kind = _file_system(os.path.realpath(folder), mounts)
    if kind in _NETWORK:
        raise errors.Refused(
            f"{folder} lies on a network mount ({kind}), where a store could be corrupted",
            "clone the repository to a local disk, and work there",
        )


def explain(error: sqlite3.Error, path: str) -> errors.TicketyError:
    """What a database error means to a person."""
    name, words = getattr(error, "sqlite_errorname", ""), str(error)
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return errors.Failed(
            f"the disk that holds {path} does not take the change: {words}",
            "free some space, then run it again; everything acknowledged earlier is kept",
        )
    if name.startswith("SQLITE_NOTADB"):
        return not_a_store(path)
    if name.startswith("SQLITE_CORRUPT"):
        return errors.Failed(f"{path} is damaged: {words}", restoring(path))
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return unwritable(os.path.dirname(path), error)
    return errors.Failed(
        f"the store {path} answered: {words}", "run it again; if it stays, keep the file and report this"
    )


def unwritable(folder: str, error: Exception) -> errors.TicketyError:
    """What is said of a folder that does not take, or does not give, the store's files."""
    if getattr(error, "errno", None) == 28:  # noqa: PLR2004 - ENOSPC; importing errno for one number costs more
        return errors.Failed(f"the disk that holds {folder} is full", "free some space, then run it again")
    if getattr(error, "errno", None) == 30:  # noqa: PLR2004 - EROFS, likewise
        return errors.Failed(
            f"{folder} cannot be written: it lies on a read-only file system",
            "mount it for writing, or work in a clone on another disk; list and show work all the same",
        )
    return errors.Failed(
        f"{folder} cannot be written: {error}", f"make it yours (chown, chmod u+rwx '{folder}'), then run it again"
    )


def _file_system(real: str, mounts: str) -> str:
    try:
        with open(mounts, encoding="utf-8", errors="replace") as table:
            entries = [line.split(" ")[1:3] for line in table]
    except OSError:
        return ""
    named = [(point.replace("\\040", " "), kind) for point, kind in entries]
    covering = [entry for entry in named if real == entry[0] or real.startswith(entry[0].rstrip("/") + "/")]
    # Of two on one point the later covers the earlier.
    return max(reversed(covering), key=lambda entry: len(entry[0]), default=("", ""))[1]


def sync(path: str) -> None:
    """Flush a file, or a folder's list of files, to the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
