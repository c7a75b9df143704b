"""How long the crew's attempts took lately: what an ETA is drawn from."""

from collections.abc import Iterable

from tickety.core import eta, query
from tickety.desk import memory

_LATEST = query.Query((), sort="updated")
_TICKETS = 50  # the newest ones have the attempts that matter


def estimates(desk: memory.Memory, agents: Iterable[str]) -> dict[str, float]:
    """The seconds that attempts of these agents take, of those of whom enough is known."""
    found = desk.store.page(_LATEST, _TICKETS, None, whole=True).documents
    updates = [update for document in found for update in document["agent_updates"]]
    known = ((agent, eta.estimate(updates, agent)) for agent in dict.fromkeys(agents))
    return {agent: seconds for agent, seconds in known if seconds is not None}
