"""Who counts as alive in a process group."""

import os
import subprocess

from tickety.runners import groups


def test_a_process_that_nobody_has_buried_yet_is_not_alive() -> None:
    """In a container without a real first process the dead stay in the table for ever."""
    child = subprocess.Popen(["true"], start_new_session=True)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    try:
        assert groups.identity(child.pid) is not None
        assert not groups.is_alive(child.pid)
        assert groups.kill(child.pid) is False
    finally:
        child.wait()


def test_a_process_is_told_from_all_others() -> None:
    mine = groups.identity(os.getpid())
    assert mine is not None
    assert mine == groups.identity(os.getpid())
    assert mine != groups.identity(1)
    assert groups.identity(2**22 + 1) is None
