"""The roles of the crew: what each is there for, what it may do, and which agent of ours fills it at first."""

import re

from tickety.core import errors, nearest, record

_NOISE = re.compile(r"[^a-z]+")


@record.record(frozen=True, slots=True)
class Role:
    """One role. ``verifies``: its step passes only on receipts; ``builtin``: the agent that needs no model, if any."""

    name: str
    authority: str
    forbidden: str
    verifies: bool = False
    builtin: str | None = None

    @property
    def agent(self) -> str:
        """The role as the guide writes it: ``QA Agent``."""
        return f"{self.name} Agent"


ROLES = (
    Role("Research", "read everything, run nothing that changes anything", "editing files", builtin="investigator"),
    Role("Engineer", "edit the source and its tests", "weakening tests or their settings", builtin="mechanic"),
    Role("QA", "judge by the verification, add tests", "mending the source", verifies=True, builtin="checker"),
    Role("Documentation", "edit documentation and comments", "changing behaviour"),
    Role("Security", "assess and name weaknesses, read everything", "publishing what it found outside the ticket"),
    Role("Ops", "edit deployment and build files", "deploying without a person's approval"),
    Role("Data Engineer", "edit schemas, migrations and data access", "touching live data"),
    Role("Version Control", "name branches, tags and releases", "rewriting history"),
    Role("PM", "plan, ask, report", "editing files"),
)  # fmt: skip

_BY_KEY = {_NOISE.sub("", role.name.lower()): role for role in ROLES}


def role(name: str) -> Role:
    """The role a name means; ``QA Agent``, ``qa`` and ``@qa`` are the same. Usage when nobody has it."""
    key = _NOISE.sub("", name.lower()).removesuffix("agent")
    try:
        return _BY_KEY[key]
    except KeyError:
        names = [role.name for role in ROLES]
        near = nearest.asked(name.strip().title(), (*names, *(role.agent for role in ROLES)))
        raise errors.Usage(f"there is no role {name[:60]!r}", f"{near}the roles are: {', '.join(names)}") from None
