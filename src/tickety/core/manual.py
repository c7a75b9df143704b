"""What each setting of ``tickety.toml`` does, in a sentence: for the reference, and for whoever asks."""

SETTINGS = {
    "verification.command": "judges every change; found in the project when it is not said",
    "verification.timeout": "how long it may run",
    "workspace.setup": "commands that make a worktree ready, run once in each; found when not said",
    "workspace.copy": "files of your checkout that are copied into every worktree, and never committed",
    "workspace.share": "folders of your checkout that are linked into every worktree, and never committed",
    "workspace.env": "variables of yours that programs in a worktree may see",
    "workspace.timeout": "how long each of the set-up commands may run",
    "roster.NAME.agent": "who fills the role NAME: `{command = [...]}`, or a built-in agent by name",
    "roster.NAME.timeout": "how long one attempt of the role may run",
    "types": "types of tickets of your own, each a table: prefix, like, agents_required, workflow, priority, sla",
    "mirror.folder": "a folder of the checkout in which every ticket is mirrored as a file",
    "engine.workers": "how many attempts one `tickety run` performs side by side",
    "engine.slots": "role -> how many of its attempts run at a time, over all processes",
    "engine.lease": "how long a claim lasts unless its worker renews it",
    "engine.stall": "how long an agent may print nothing before it is taken to have stalled",
    "engine.ticket_timeout": "how long the attempts of one ticket may run in all",
    "engine.retries": "the pauses before a broken attempt is tried again; the last one holds for the rest",
    "engine.rework": "how often QA may send a step back before the ticket is blocked",
    "engine.proposals": "what becomes of steps that an agent proposes: a person is asked, or they are taken, or not",
    "escalation.critical_open": "how long a critical ticket may be open before people are called",
    "escalation.stalled": "how long nothing may happen to a ticket that is being worked on",
    "escalation.answer_overdue": "how long a person may be waited for",
    "escalation.owner": "who answers for escalations (`user:NAME`); else whoever reported the ticket",
    "escalation.raise_priority": "rules that make their ticket more important by one",
    "escalation.assign": "rule -> whom its ticket is given to",
    "sla.critical": "in which time a critical ticket should be closed",
    "sla.high": "the same for high",
    "sla.medium": "the same for medium",
    "sla.low": "the same for low",
    "sla.pause": "the time in which a person's answer is waited for does not count",
    **{
        f"budget.{scope}.{name}": f"the most {words} that {whom} may use"
        for scope, whom in {
            "step": "one step",
            "ticket": "one ticket",
            "epic": "an epic with its parts",
            "day": "a day (UTC)",
        }.items()
        for name, words in {
            "runs": "attempts",
            "hours": "running time in hours",
            "tokens": "tokens",
            "usd": "dollars",
        }.items()
    },
    "notify.on": "of what people are told",
    "notify.desktop": "messages appear on the desktop",
    "notify.urls": "chat, mail and more, as addresses of apprise (`pip install 'tickety[notify]'`)",
    "notify.webhook": "an address that every message is posted to as JSON",
    "notify.allow_private": "messages may go to addresses of a private network",
}
"""Full name -> what it does. NAME stands for a name that you choose."""
