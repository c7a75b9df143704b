"""What a person trusts when they trust a repository: the commands that will be run, and the files behind them."""

import hashlib
import json
import shlex

from tickety.core import address, record, settings


@record.record(frozen=True, slots=True)
class Stake:
    """What would be run, one line each for people, and the digest that stands for all of it."""

    lines: tuple[str, ...]
    digest: str


def stake(chosen: settings.Settings) -> Stake:
    """What trusting these settings means. Any change to a command or to a file behind it gives another digest."""
    content = {
        "verification": chosen.verification and [chosen.verification.argv, chosen.verification.definition],
        "setup": [chosen.setup.commands, chosen.setup.copy, chosen.setup.share],
        "roster": {role: [filling.command, filling.builtin] for role, filling in sorted(chosen.roster.items())},
        "environment": sorted(chosen.extra_environment),
        "files": dict(sorted(chosen.files.items())),
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return Stake(tuple(_lines(chosen)), digest)


def _lines(chosen: settings.Settings) -> list[str]:
    lines = [f"set-up        {shlex.join(command)}" for command in chosen.setup.commands]
    lines += [f"copied in     {name}" for name in chosen.setup.copy]
    lines += [f"linked in     {name}" for name in chosen.setup.share]
    lines += [f"passed in     ${name}" for name in chosen.extra_environment]
    lines += [f"messages to   {place}" for place in _told(chosen.notify)]
    if chosen.verification:
        lines.append(f"verification  {shlex.join(chosen.verification.argv)}   ({chosen.verification.source})")
    lines += [f"{role:<13} {shlex.join(filling.command)}" for role, filling in chosen.roster.items() if filling.command]
    return lines


def _told(notify: settings.Notify) -> list[str]:
    """Where messages on tickets go, without what may be a secret."""
    places = [address.target(notify.webhook).shown] if notify.webhook else []
    places += [f"{address.service(url)}://…" for url in notify.urls]
    return [f"{place} (private addresses, too)" if notify.allow_private else place for place in places]
