"""What ``tickety run --rules-only`` does: the rules, and the messages; nobody works on anything.

It is what the machine's timer starts, and the sender that other verbs start. Outside of git it works as well.
"""

import os

import click

from tickety import places
from tickety.cli import printed, session
from tickety.core import errors, text
from tickety.desk import memory, rules


def look_after(*, dry_run: bool, as_json: bool) -> int:
    """Tell what is due, and send what is to be sent; always 0: what a channel does not take is tried again."""
    from tickety.bootstrap import memory as memories
    from tickety.bootstrap import sending

    found = session.here()
    opened = memories.open_memory(found, "user:unknown")
    click.get_current_context().call_on_close(opened.store.close)
    since = int(os.environ.get(sending.SINCE) or opened.store.end() + 1)
    told = rules.due_now(opened) if dry_run else rules.attend(opened)
    sent = 0 if dry_run else _deliver(found, opened, since)
    if as_json:
        listed = [{"ticket_id": one.ticket_id, "rule": one.escalation.rule, "id": one.escalation.id} for one in told]
        printed.answer({"raised": listed, "sent": sent})
        return 0
    for one in told:
        click.echo(text.one_line(one.escalation.sentence, 300))
    if not told:
        click.echo("nothing is due", err=True)
    return 0


def _deliver(found: places.Places, opened: memory.Memory, since: int) -> int:
    """How many messages left. What stands in their way is said, and stops nothing."""
    from tickety.bootstrap import delivering

    sent = 0
    try:
        # What happened meanwhile leaves, too: whoever did it may have seen that a sender is at work.
        while (done := delivering.deliver(found, opened, since)).sent:
            sent += done.sent
    except (errors.TicketyError, OSError) as error:
        click.echo(f"tickety: not every message was sent: {text.harmless(str(error))}", err=True)
        return sent
    for channel, reason in done.resting:
        click.echo(f"tickety: {text.one_line(channel)} is tried again later: {text.one_line(reason)}", err=True)
    return sent
