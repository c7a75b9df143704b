"""Reading a ticket to act on it: what another store or tool tells of it is left out."""

from tickety import store
from tickety.core import provenance, ticket


def load(kept: store.Store | store.Transaction, uid: str) -> ticket.Ticket:
    """The ticket as far as it can be acted on (see ``core.provenance``); never to be appended to."""
    subject = kept.load(uid)
    return provenance.ours(subject, kept.log(uid), kept.adopted_until(uid)) if kept.foreign_until(uid) else subject


def passed_elsewhere(kept: store.Store | store.Transaction, uid: str) -> frozenset[str]:
    """The steps of a ticket that passed, but not here."""
    if not kept.foreign_until(uid):
        return frozenset()
    return provenance.passed_elsewhere(kept.load(uid), kept.log(uid), kept.adopted_until(uid))
