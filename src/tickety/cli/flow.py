"""Working on tickets as people watch: ask what must be asked, run, tell the outcome."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import click

from tickety.cli import ask, live, render, session
from tickety.core import errors, text, ticket
from tickety.desk import branches, delivery, ports, run

UNCOMMITTED = "Your checkout has uncommitted changes; the work starts from HEAD ({commit}) without them."

Screen = live.Stream | live.Story


def open_desk(acting_as: str | None, *, as_json: bool) -> tuple[ports.Ports, Screen]:
    """A desk whose events and notices appear on the screen as they happen."""
    screen: Screen = live.Stream() if as_json else live.Story()
    desk = session.desk(acting_as, screen.notice)
    desk.store.subscribe(screen.event)
    return desk, screen


def work_on(desk: ports.Ports, screen: Screen, uids: tuple[str, ...], *, yes: bool) -> int:
    """Work on tickets as far as they go without a person; the exit code of the one that went worst."""
    codes = [0]
    for uid in uids:
        with _kept(desk, screen, uid):
            _prepare(desk, desk.store.load(uid), yes=yes)
            with screen.following():
                asyncio.run(run.run(desk, uid))
            codes.append(_tell(desk, screen, uid))
    return max(codes)


@contextmanager
def _kept(desk: ports.Ports, screen: Screen, uid: str) -> Iterator[None]:
    """An error is said together with the ticket that it stopped: nothing that was said is lost."""
    try:
        yield
    except errors.TicketyError as error:
        if isinstance(screen, live.Stream):
            screen.result(error.exit_code, desk.store.document(uid))
        else:
            click.echo(f"{desk.store.load(uid).id} is kept.", err=True)
        raise


def _prepare(desk: ports.Ports, subject: ticket.Ticket, *, yes: bool) -> None:
    head = desk.workspaces.head()
    if subject.base is None and head.is_dirty:
        click.echo(UNCOMMITTED.format(commit=head.commit[:10]), err=True)
    ask.settle(desk, subject, yes=yes)


def _tell(desk: ports.Ports, screen: Screen, uid: str) -> int:
    subject = desk.store.load(uid)
    code = exit_code(subject)
    if isinstance(screen, live.Stream):
        screen.result(code, desk.store.document(uid))
        return code
    for line in outcome(desk, subject):
        click.echo(line)
    return code


def exit_code(subject: ticket.Ticket) -> int:
    """0 when the ticket is closed or can go on, 1 when it is blocked, 5 when it waits for a person."""
    if subject.status is ticket.Status.BLOCKED:
        return errors.Failed.exit_code
    return errors.Waits.exit_code if subject.waiting_for else 0


def outcome(desk: ports.Ports, subject: ticket.Ticket) -> Iterator[str]:
    """What happened, and what to do next."""
    yield ""
    if subject.status is ticket.Status.CLOSED:
        yield from _closed(subject)
    elif subject.status is ticket.Status.BLOCKED:
        yield from _blocked(desk, subject)
    elif subject.waiting_for:
        yield from _waiting(desk, subject)
    else:
        yield f"{subject.id} is {subject.status}."


def _closed(subject: ticket.Ticket) -> Iterator[str]:
    yield f"{subject.id} is {render.coloured('closed')}, {subject.resolution}."
    yield from _proofs(subject)
    if subject.branch and branches.recorded_head(subject) != subject.base:
        yield f"  branch  {subject.branch}"
        yield f"  next    tickety diff {subject.id}"
        yield f"          git merge {subject.branch}"


def _proofs(subject: ticket.Ticket) -> Iterator[str]:
    receipts = [entry for update in subject.agent_updates for entry in update.receipts]
    red = {entry.command for entry in receipts if entry.phase == "before" and not entry.is_green}
    mended = dict.fromkeys(
        entry.command for entry in receipts if entry.phase == "after" and entry.is_green and entry.command in red
    )
    for command in mended:
        yield f"  proof   {text.command(command)}: failed before, passes now"


def _blocked(desk: ports.Ports, subject: ticket.Ticket) -> Iterator[str]:
    yield f"{subject.id} is {render.coloured('blocked')}: {text.harmless(subject.blocker or '')}"
    yield from _ways_on(desk, subject)
    writing = next((step.name for step in subject.orchestration.steps if step.writes), None)
    if writing:
        yield f"          tickety retry {subject.id} --step {writing}"


def _waiting(desk: ports.Ports, subject: ticket.Ticket) -> Iterator[str]:
    yield f"{subject.id} {render.coloured('waiting')} for a person: {text.harmless(subject.waiting_for or '')}"
    yield from _ways_on(desk, subject)
    yield f"          tickety retry {subject.id}"


def _ways_on(desk: ports.Ports, subject: ticket.Ticket) -> Iterator[str]:
    yield f"  next    tickety show {subject.id}"
    if ref := delivery.unaccepted(desk, subject):
        yield f"          tickety diff {subject.id}     (work that was not accepted: {ref})"
        yield f"          git switch {subject.branch} && git cherry-pick {ref}     (to accept it yourself)"
    elif subject.branch:
        yield f"          git switch {subject.branch}     (to mend it by hand and commit)"
