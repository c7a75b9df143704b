"""Who holds a claim outside of Tickety: a person's agent that took a step by itself, and reports when it is done.

No process of Tickety's lives as long as such a claim does: only its lease tells whether it still counts.
"""

_MARK = "pull/"


def named(role: str, principal: str, number: str) -> str:
    """The worker's name in claims and events: ``pull/QA/user:ada/1f2e``. No process is ever called that."""
    return f"{_MARK}{role}/{principal}/{number}"


def is_one(worker: str) -> bool:
    """The worker is no process of ours, and must not be judged like one."""
    return worker.startswith(_MARK)
