"""Proof: the verification and the reproduction, run by Tickety itself, before the first change and after the last."""

from dataclasses import replace

from tickety import agent
from tickety.core import calls, programs, receipt, record, settings, ticket, workflow
from tickety.desk import bench, dispatch, ports

NO_VERIFICATION = (
    "no command is known that verifies this project: name one with "
    "`tickety retry {id} --verify 'COMMAND'`, or in tickety.toml under [verification]"
)


@record.record(frozen=True, slots=True)
class Wanted:
    """A command to be run for proof. ``forms`` are the ways to start it, the preferred one first."""

    purpose: receipt.Purpose
    forms: tuple[tuple[str, ...], ...]


@record.record(frozen=True, slots=True)
class Proof:
    """What commands showed, and every receipt that was made on the way, set-up included."""

    evidence: tuple[agent.Evidence, ...] = ()
    receipts: tuple[receipt.Receipt, ...] = ()


async def before(desk: ports.Ports, attempt: dispatch.Attempt) -> Proof:
    """What the commands show on the base; only those are run that are not known yet.

    NeedsPersonError when no verification is known: a pass is never invented.
    """
    if not any(workflow.verifies(step) for step in attempt.ticket.orchestration.steps):
        return Proof()
    known = kept(desk, attempt.ticket, receipt.Phase.BEFORE, desk.workspaces.tree_id(attempt.base))
    ran = {entry.receipt.command for entry in known}
    missing = tuple(one for one in _wanted(desk, attempt) if not ran.intersection(one.forms))
    if not missing:
        return Proof(known)
    made = await _run(desk, attempt, attempt.base, missing, receipt.Phase.BEFORE)
    return Proof((*known, *made.evidence), made.receipts)


async def after(desk: ports.Ports, attempt: dispatch.Attempt, commit: str, red: Proof) -> Proof:
    """What the same commands show on the result: to the letter those that were run before, so that they compare."""
    ran = {entry.receipt.command for entry in red.evidence}
    same = tuple(replace(one, forms=tuple(ran.intersection(one.forms)) or one.forms) for one in _wanted(desk, attempt))
    return await _run(desk, attempt, commit, same, receipt.Phase.AFTER)


async def own(desk: ports.Ports, attempt: dispatch.Attempt, commit: str) -> Proof:
    """What the step's own commands show on what it made. They are a person's of this place: others are never here."""
    wanted = tuple(Wanted(receipt.Purpose.STEP, (argv,)) for argv in attempt.step.receipts)
    return await _run(desk, attempt, commit, wanted, receipt.Phase.AFTER) if wanted else Proof()


def kept(desk: ports.Ports, subject: ticket.Ticket, phase: receipt.Phase, tree: str) -> tuple[agent.Evidence, ...]:
    """The proof of a phase that the ticket already holds for a tree."""
    receipts = (entry for update in subject.agent_updates for entry in update.receipts)
    found = {entry.command: entry for entry in receipts if entry.phase is phase and entry.tree == tree}
    return tuple(
        agent.Evidence(entry, bench.output_of(desk, subject.id, entry.output_sha256)) for entry in found.values()
    )


def verification_of(subject: ticket.Ticket, chosen: settings.Settings) -> tuple[str, ...]:
    """The command that verifies: the ticket's own, or the project's at the base; empty when none is known."""
    if typed := subject.metadata.get("verification"):
        return tuple(typed)
    return chosen.verification.argv if chosen.verification else ()


async def _run(
    desk: ports.Ports, attempt: dispatch.Attempt, commit: str, wanted: tuple[Wanted, ...], phase: receipt.Phase
) -> Proof:
    laid = await bench.lay_out(desk, attempt, bench.VERIFY, commit)
    made = [await _run_one(desk, attempt, laid, one, phase) for one in wanted]
    return Proof(tuple(made), (*laid.receipts, *(entry.receipt for entry in made)))


async def _run_one(
    desk: ports.Ports, attempt: dispatch.Attempt, laid: bench.Bench, one: Wanted, phase: receipt.Phase
) -> agent.Evidence:
    argv = next((form for form in one.forms if (laid.place.path / form[0]).exists()), one.forms[-1])
    made = await bench.run(desk, attempt, laid, argv, (one.purpose, phase))
    if missing := _missing_runner(argv, made):
        raise bench.NeedsPersonError(
            f"the verification cannot run: {missing} is not installed where it runs", (made.receipt,)
        )
    return made


def _missing_runner(argv: tuple[str, ...], made: agent.Evidence) -> str | None:
    """``python -m pytest`` without pytest ends with exit code 1, and says nothing of the project."""
    module = argv[2] if len(argv) > 2 and argv[1] == "-m" else None  # noqa: PLR2004 - python -m MODULE
    is_missing = module and not made.receipt.is_green and made.output.rstrip().endswith(f"No module named {module}")
    return module if is_missing else None


def _wanted(desk: ports.Ports, attempt: dispatch.Attempt) -> tuple[Wanted, ...]:
    argv = verification_of(attempt.ticket, attempt.settings)
    if not argv:
        raise bench.NeedsPersonError(NO_VERIFICATION.format(id=attempt.ticket.id))
    verification = Wanted(receipt.Purpose.VERIFICATION, (argv,))
    forms = _reproduction(desk, attempt)
    if argv in forms:  # one command that is asked for twice shows one thing
        return (verification,)
    return (verification, Wanted(receipt.Purpose.REPRODUCTION, forms)) if forms else (verification,)


def _reproduction(desk: ports.Ports, attempt: dispatch.Attempt) -> tuple[tuple[str, ...], ...]:
    if typed := attempt.ticket.metadata.get("reproduction"):
        return _forms(desk, attempt, tuple(typed))
    reported = attempt.ticket.metadata.get("reported_command") or {}
    return tuple(tuple(reported[form]) for form in ("installed", "direct")) if reported.get("run") else ()


def _forms(desk: ports.Ports, attempt: dispatch.Attempt, typed: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """A program of the project's own is run from the worktree, and never the one that is installed elsewhere."""
    found = calls.called(typed, calls.index(programs.find(desk.workspaces.tree_at(attempt.base))))
    if isinstance(found, str):
        return (typed,)
    program, arguments = found
    return tuple((*form, *arguments) for form in (program.installed, program.direct))
