"""The folder and the file of a SQLite store: private from the first moment, on a local disk, and really ours."""

import os
import sqlite3

from tickety.core import errors

MOUNTS = "/proc/self/mounts"
APPLICATION_ID = 0x7469636B  # "tick"
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
        raise errors.Refused(f"{path} is empty, though tickets were worked on here", "put a backup of it in its place")


def _was_used(path: str) -> bool:
    runs = os.path.join(os.path.dirname(path), "runs")
    return os.path.isdir(runs) and bool(os.listdir(runs))


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
            "clone the repository to a local disk and run tickety there",
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
        return errors.Failed(
            f"{path} is damaged: {words}", "see what is left with tickety doctor; a backup may lie beside it"
        )
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
