"""What an agent of ours says of work that is not for it: what it is, why, and the exact ways on."""

from tickety import agent
from tickety.core import report


def beyond(
    assignment: agent.Assignment, what: str, summary: str, outputs: dict[str, object] | None = None
) -> report.Report:
    """The work waits for a person, or for an agent that the project puts into the role."""
    return report.Report(
        report.Status.NEEDS_HUMAN, summary, question=f"{what}. {ways_on(assignment)}", outputs=outputs or {}
    )


def ways_on(assignment: agent.Assignment) -> str:
    """The two ways on, with their commands."""
    subject = assignment.ticket
    verb, done = ("mends", "the fix") if assignment.role == "Engineer" else ("does", "the work")
    branch = f"branch {subject.branch}" if subject.branch else "the ticket's branch"
    return (
        f"Who {verb} this? Put a coding agent into the role, in tickety.toml: "
        f'[roster.{assignment.role}] agent = {{command = ["AGENT", "ARGUMENT"]}}; '
        f"or commit {done} on {branch} by hand. Then: tickety retry {subject.id}"
    )
