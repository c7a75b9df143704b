"""Working on tickets as people watch: ask what must be asked, run, tell the outcome."""

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import click

from tickety.cli import announce, ask, live, render, session
from tickety.core import errors, text, ticket, trusted, workflow
from tickety.desk import branches, delivery, ports, provenance, readiness, run, watching

UNCOMMITTED = "Your checkout has uncommitted changes; the work starts from HEAD ({commit}) without them."

_WORST_FIRST = (errors.Failed.exit_code, errors.Refused.exit_code, errors.Waits.exit_code)

T = TypeVar("T")

Screen = live.Stream | live.Story


def open_desk(acting_as: str | None, *, as_json: bool, workers: int | None = None) -> tuple[ports.Ports, Screen]:
    """A desk whose events and notices appear on the screen as they happen; ``workers`` attempts side by side."""
    screen: Screen = live.Stream() if as_json else live.Story()
    desk = session.desk(acting_as, screen.notice, workers)
    screen.knows(desk.store)
    desk.store.subscribe(screen.event)
    return desk, screen


def work_on(desk: ports.Ports, screen: Screen, uids: tuple[str, ...], *, yes: bool, is_all: bool = False) -> int:
    """Work on tickets, side by side, as far as they go without a person; the exit code of the one that went worst.

    What stops one ticket does not stop the others; it is told, and counts. ``is_all``: nothing that is ready is left
    out, be it opened only now.
    """
    stops = {uid: error for uid in uids if (error := _settled(desk, uid, yes=yes))}
    going = tuple(uid for uid in uids if uid not in stops)
    ran = _run(desk, screen, going, is_all=is_all and not stops) if going else run.Ran(0, (), {})
    stops = {**stops, **ran.stops}
    codes = [_outcome(desk, screen, uid, stops.get(uid)) for uid in dict.fromkeys((*uids, *ran.begun, *stops))]
    if len(uids) == 1 and len(codes) == 1 and stops:
        raise stops[uids[0]]
    for stop in stops.values():
        click.echo(f"tickety: {text.harmless(stop.message)}\n  try: {text.harmless(stop.hint)}", err=True)
    return _worst(codes)


def stay(desk: ports.Ports, screen: Screen, *, yes: bool) -> int:
    """Work on what is ready, and on what becomes ready, until somebody ends it: then what runs is given back."""
    ask.for_trust(desk, trusted.stake(desk.settings_at(desk.workspaces.head().commit)), yes=yes)
    with screen.following():
        asyncio.run(_until_stopped(run.stay(desk, lambda: False)))
    return 0


def dry_run(desk: ports.Ports, screen: Screen, uids: tuple[str, ...]) -> int:
    """Show what is left of the plans; nothing is run, and nothing changed."""
    for uid in uids:
        document = desk.store.document(uid)
        if isinstance(screen, live.Stream):
            screen.result(0, document)
            continue
        click.echo(f"{document['id']}: {text.one_line(document['title'])}")
        for line in announce.plan(document, desk):
            click.echo(line)
    return 0


def _settled(desk: ports.Ports, uid: str, *, yes: bool) -> errors.TicketyError | None:
    """Ask what has to be asked before a ticket is worked on; what stands against it."""
    try:
        _prepare(desk, provenance.load(desk.store, uid), yes=yes)
    except errors.TicketyError as error:
        return error
    return None


def _run(desk: ports.Ports, screen: Screen, uids: tuple[str, ...], *, is_all: bool) -> run.Ran:
    try:
        with screen.following():
            return asyncio.run(_until_stopped(run.run(desk, None if is_all else uids)))
    except errors.TicketyError as error:
        for uid in uids:
            _tell_kept(desk, screen, uid, error)
        raise


def _outcome(desk: ports.Ports, screen: Screen, uid: str, stop: errors.TicketyError | None) -> int:
    """Tell how a ticket came out of it."""
    if stop is None:
        return _tell(desk, screen, uid)
    _tell_kept(desk, screen, uid, stop)
    return stop.exit_code


async def _until_stopped(work: Coroutine[Any, Any, T]) -> T:
    """Being told to end, or losing the terminal, is an interruption like Ctrl-C: nothing is left running."""
    stopped: list[signal.Signals] = []
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)

    def stop(number: signal.Signals) -> None:
        stopped.append(number)
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, stop, number)
    try:
        return await task
    except asyncio.CancelledError:
        if stopped:
            raise click.exceptions.Exit(128 + stopped[0]) from None
        raise


def _tell_kept(desk: ports.Ports, screen: Screen, uid: str, error: errors.TicketyError) -> None:
    """An error is said together with the ticket that it stopped: nothing that was said is lost."""
    if isinstance(screen, live.Stream):
        screen.result(error.exit_code, desk.store.document(uid))
    else:
        click.echo(f"{desk.store.load(uid).id} is kept.", err=True)


def _worst(codes: list[int]) -> int:
    """What ran and failed before what was refused, before what waits."""
    return next((code for code in _WORST_FIRST if code in codes), max(codes, default=0))


def _prepare(desk: ports.Ports, subject: ticket.Ticket, *, yes: bool) -> None:
    head = desk.workspaces.head()
    if subject.base is None and head.is_dirty:
        click.echo(UNCOMMITTED.format(commit=head.commit[:10]), err=True)
    ask.settle(desk, subject, yes=yes)


def _tell(desk: ports.Ports, screen: Screen, uid: str) -> int:
    subject = provenance.load(desk.store, uid)
    code = exit_code(subject)
    if isinstance(screen, live.Stream):
        screen.result(code, desk.store.document(uid))
        return code
    for line in outcome(desk, subject):
        click.echo(line)
    return code


def exit_code(subject: ticket.Ticket) -> int:
    """0 when the ticket is closed or can go on, 1 when it is blocked, 5 when it waits for a person."""
    return watching.exit_code((subject,))


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
        yield from _open(desk, subject)


def _open(desk: ports.Ports, subject: ticket.Ticket) -> Iterator[str]:
    answer = readiness.why(desk, subject.uid)
    yield f"{subject.id} is {subject.status}: {text.harmless(answer.judged.reasons[0].sentence)}"
    yield f"  next    {answer.command}"


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
    told = text.harmless(subject.waiting_for or "")
    if workflow.awaits(subject) != "person":
        yield f"{subject.id} is {render.coloured('waiting')}: {told}"
        yield f"  next    tickety {'resume' if subject.paused_by else 'run'} {subject.id}"
        return
    yield f"{subject.id} is {render.coloured('waiting')} for a person: {told}"
    yield from _ways_on(desk, subject)
    yield f"          {_reply(subject)}"


def _reply(subject: ticket.Ticket) -> str:
    """How what is asked is answered."""
    kinds = {asked.kind for asked in workflow.unanswered(subject)}
    if kinds == {"approval"}:
        return f"tickety approve {subject.id}     (or reject)"
    return f"tickety retry {subject.id}" + (f", or: tickety answer {subject.id} '…'" if kinds else "")


def _ways_on(desk: ports.Ports, subject: ticket.Ticket) -> Iterator[str]:
    yield f"  next    tickety show {subject.id}"
    if ref := delivery.unaccepted(desk, subject):
        yield f"          tickety diff {subject.id}     (work that was not accepted: {ref})"
        yield f"          git switch {subject.branch} && git cherry-pick {ref}     (to accept it yourself)"
    elif subject.branch:
        yield f"          git switch {subject.branch}     (to mend it by hand and commit)"
