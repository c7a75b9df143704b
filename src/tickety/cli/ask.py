"""What must be settled before anything of a repository is run: trust, and a command that verifies."""

import click

from tickety import config
from tickety.cli import session
from tickety.core import approval, errors, lifecycle, settings, text, ticket, trusted, workflow
from tickety.desk import branches, ports, proof, retry, trusting


def settle(desk: ports.Ports, subject: ticket.Ticket, *, yes: bool) -> None:
    """Ask what has to be asked about a ticket; Waits when a person is needed and none is there."""
    commit = subject.base or desk.workspaces.head().commit
    chosen = desk.settings_at(commit)
    for_trust(desk, trusted.stake(chosen), yes=yes)
    _for_verification(desk, subject, chosen)


def for_trust(desk: ports.Ports, stake: trusted.Stake, *, yes: bool) -> None:
    """Show once what would be run, and ask. An agent cannot say yes in a person's place."""
    if trusting.is_trusted(desk, stake):
        return
    show(stake)
    if not says_yes("Do you trust this repository?", yes=yes):
        raise errors.Waits(
            "this repository's commands are not trusted; nothing was run", "a person can run: tickety trust"
        )
    trusting.trust(desk, stake)


def for_commits(desk: ports.Ports, subject: ticket.Ticket, hand: lifecycle.Hand, *, yes: bool) -> None:
    """Show the commits that are taken as a step's work; what in them needs a person's yes is asked for."""
    click.echo(f"Taken as the work, from {subject.branch}:", err=True)
    for entry in desk.workspaces.commits(branches.recorded_head(subject), hand.commit):
        click.echo(f"  {entry.commit[:12]} {text.one_line(entry.subject)} ({text.one_line(entry.author)})", err=True)
    for sentence in hand.approved:
        click.echo(f"  needs your yes: {text.harmless(sentence)}", err=True)
    if session.agent_here() or (hand.approved and not says_yes("Do you approve this?", yes=yes)):
        raise errors.Waits(
            "commits on the branch wait for a person's yes", f"a person can run: tickety retry {subject.id}"
        )


def for_approval(subject: ticket.Ticket, step: ticket.Step, *, yes: bool) -> None:
    """Ask whether a step may begin that needs a person's yes. An agent cannot say it in a person's place."""
    if step.mode != approval.MODE:
        return
    asked = f"May the {step.agent} {text.one_line(step.task)}?"
    if session.agent_here() or not says_yes(asked, yes=yes):
        raise errors.Waits(
            f"{subject.id} waits for a person's approval", f"a person can run: tickety approve {subject.id}"
        )


def says_yes(question: str, *, yes: bool) -> bool:
    """A person agrees, at the terminal or with ``--yes``; an agent's ``--yes`` is none."""
    if yes and session.agent_here() is None:
        return True
    return session.is_terminal() and click.confirm(question, default=False, err=True)


def show(stake: trusted.Stake) -> None:
    """What trusting means."""
    click.echo("To work on tickets here, these would be run in worktrees of this repository:", err=True)
    for line in stake.lines or ("the built-in agents only; nothing of the repository's own",):
        click.echo(f"  {line}", err=True)


def _for_verification(desk: ports.Ports, subject: ticket.Ticket, chosen: settings.Settings) -> None:
    """Ask for a command that verifies, when one is needed and none is known."""
    is_needed = any(workflow.verifies(step) for step in subject.orchestration.steps)
    if not is_needed or chosen.verification or subject.metadata.get("verification"):
        return
    if not session.is_terminal() or session.agent_here():
        raise errors.Waits(
            f"{subject.id} waits: " + proof.NO_VERIFICATION.format(id=subject.id),
            f"tickety retry {subject.id} --verify 'COMMAND'",
        )
    typed = click.prompt(
        "No command was found that verifies this project. Which one does (pytest -q, for one)?", err=True
    )
    retry.add(desk, subject.uid, retry.Addition(verification=config.argv(typed, "the answer")))
