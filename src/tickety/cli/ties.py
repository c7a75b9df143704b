"""What became of the links between tickets, in words."""

from tickety.core import ticket
from tickety.desk import changing

_WORDS = {
    ticket.Relationship.BLOCKS: "blocks",
    ticket.Relationship.BLOCKED_BY: "is blocked by",
    ticket.Relationship.STARTS_WITH: "starts with",
    ticket.Relationship.RELATED_TO: "is related to",
    ticket.Relationship.DUPLICATE_OF: "is a duplicate of",
}


def told(one: changing.Changed) -> str:
    """The links that came or went; or that nothing did."""
    before, after = one.before.linked_tickets, one.after.linked_tickets
    came = [f"{one.after.id} {_WORDS[link.relationship]} {link.ticket_id}" for link in after if link not in before]
    gone = [
        f"{one.after.id} {_WORDS[link.relationship]} {link.ticket_id} no more" for link in before if link not in after
    ]
    return ", ".join((*came, *gone)) or f"{one.after.id}: its links are so already"
