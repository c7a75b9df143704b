"""The mechanic's reports: what was mended and how that was seen, what is left, and why it is not for rules."""

from collections.abc import Iterable, Sequence

from tickety import agent
from tickety.agents.builtin import candidate, mend, missing, outside, project, reading, trial, uses
from tickety.core import fault, report, text

MOST_MENDS = 10
_LANGUAGES = {"javascript": "JavaScript", "rust": "Rust"}
LAST_LINES = 5


def ended(
    assignment: agent.Assignment, tried: trial.Trial, kept: Sequence[mend.Mend], first: trial.Shown, now: trial.Shown
) -> report.Report:
    """How the work ended: passed when what failed for the ticket's fault no longer does."""
    summary = "\n".join([*_mended(kept), *_now(now)])
    if not (kept and _is_done(tried, first, now)):
        return _left_over(assignment, tried, kept, now)
    rest = [_said(found, tried.files) for found in now.faults]
    if rest:
        summary += "\nIt fails as it did before, and is no part of this: " + "; ".join(rest[:5])
    return report.Report(report.Status.PASSED, summary, outputs=_outputs(kept, proven=True))


def undecided(assignment: agent.Assignment, kept: Sequence[mend.Mend], rivals: Sequence[mend.Mend]) -> report.Report:
    """Several mends are equally good: which one is meant, only a person knows."""
    names = " or ".join(str(each.meant) for each in rivals)
    summary = "\n".join([*_mended(kept), "Each of these would do, and nothing here says which is meant:"])
    summary += "".join(f"\n- {each.what}" for each in rivals)
    outputs = _outputs(kept, proven=bool(kept)) | {"candidates": [each.meant.whole for each in rivals]}
    return outside.beyond(assignment, f"Which is meant, {names}? Each works, so rules cannot tell", summary, outputs)


def other_work(assignment: agent.Assignment, tried: trial.Trial) -> report.Report:
    """The ticket asks for no mend: a fault that happens to be there is named and left alone."""
    what = f"Work of type {assignment.ticket.type} is outside of what rules can do"
    other = _mendable(read.fault for read in reading.faults(assignment))
    beside = f"{what}. {_broken_too(other, tried.files)}" if other else what
    return outside.beyond(assignment, beside, f"{beside}.", _outputs([], proven=False))


def not_shown_here(assignment: agent.Assignment, shown: trial.Shown) -> report.Report:
    """What failed before passes in this place as it is."""
    what = f"{_commands(shown.ran)} failed on the base and passes here without a change"
    return outside.beyond(
        assignment, what, f"{what}: there is nothing that a mend could be tried on.", _outputs([], proven=False)
    )


def unproven(assignment: agent.Assignment, files: project.Project, kept: Sequence[mend.Mend]) -> report.Report:
    """Nothing failed before: a mend made from the ticket's words could not be tried out."""
    if kept:
        summary = "\n".join([*_mended(kept), "No command failed before the change, so this could not be proved."])
        return report.Report(report.Status.PASSED, summary, outputs=_outputs(kept, proven=False))
    told = fault.read(reading.words(assignment.ticket))
    if not told:
        what = "No command fails, and the ticket's words hold no error report that rules can read"
        return outside.beyond(assignment, what, f"{what}.", _outputs([], proven=False))
    return _beyond_rules(assignment, files, kept, told[0], [])


def _is_done(tried: trial.Trial, first: trial.Shown, now: trial.Shown) -> bool:
    if reproductions := tried.reproductions(now):
        return all(each.exit_code == 0 for each in reproductions)
    if now.is_green:
        return True
    is_known = bool(now.faults) and not trial.new_faults(first, now)
    return is_known and not tried.own_faults(now)


def _left_over(
    assignment: agent.Assignment, tried: trial.Trial, kept: Sequence[mend.Mend], now: trial.Shown
) -> report.Report:
    if len(kept) >= MOST_MENDS:
        what = f"{MOST_MENDS} mends are made and more is broken: that is no slip any more"
        return outside.beyond(assignment, what, "\n".join([*_mended(kept), *_now(now)]), _outputs(kept, proven=True))
    if own := tried.own_faults(now):
        return _beyond_rules(assignment, tried.files, kept, own[0], _now(now))
    if (other := _mendable(now.faults)) and not tried.reproductions(now):
        return _unspoken(assignment, tried.files, kept, other, _now(now))
    if now.faults:
        return _beyond_rules(assignment, tried.files, kept, now.faults[0], _now(now))
    what = f"{_commands(now.ran)} fails, and its output holds no error report that rules can read"
    lines = [line for each in now.ran for line in each.output[-4000:].splitlines() if line.strip()][-LAST_LINES:]
    summary = "\n".join([*_mended(kept), f"{what}. Its last lines:", *(f"  {text.one_line(line)}" for line in lines)])
    return outside.beyond(assignment, what, summary, _outputs(kept, proven=bool(kept)))


def _mendable(faults: Iterable[fault.Fault]) -> fault.Fault | None:
    """The first in which a name is missing: what rules could look at."""
    return next((found for found in faults if missing.read(found)), None)


def _unspoken(
    assignment: agent.Assignment,
    files: project.Project,
    kept: Sequence[mend.Mend],
    found: fault.Fault,
    notes: Sequence[str],
) -> report.Report:
    what = _broken_too(found, files)
    summary = "\n".join([*_mended(kept), f"{what}.", *notes])
    show = f"If it is meant, name a command that shows it: tickety retry {assignment.ticket.id} --repro 'COMMAND'"
    return outside.beyond(assignment, f"{what}. {show}", summary, _outputs(kept, proven=bool(kept)))


def _broken_too(found: fault.Fault, files: project.Project) -> str:
    place = mend.place(files, found)
    where = f" ({place[0]}:{place[1]})" if place else ""
    return f"`{reading.said(found, files)}`{where} is broken too, but the ticket does not speak of it"


def _beyond_rules(
    assignment: agent.Assignment,
    files: project.Project,
    kept: Sequence[mend.Mend],
    found: fault.Fault,
    notes: Sequence[str],
) -> report.Report:
    what = f"{_said(found, files)} is outside of what rules can mend: {_why(files, found)}"
    summary = "\n".join([*_mended(kept), f"{what}.", *notes])
    return outside.beyond(assignment, what, summary, _outputs(kept, proven=bool(kept)))


def _why(files: project.Project, found: fault.Fault) -> str:
    """The first reason that holds."""
    wanted, place = missing.read(found), mend.place(files, found)
    if found.language not in {"python", ""}:
        return f"it is {_LANGUAGES[found.language]}, and they know Python only"
    if wanted is None:
        return "no name is missing, so somebody has to think about what the code should do"
    if tests := uses.in_tests(files, wanted, candidate.owner_file(files, wanted) if wanted.owner else None):
        return f"the tests ask for it too ({', '.join(tests[:3])}), so it is the definition that is wrong, or the tests"
    if place and project.is_test(place[0]):
        return f"it stands in a test ({place[0]}), and tests are not changed by rule"
    if defined := candidate.defined(files, wanted):
        return _why_defined(wanted, defined)
    return _why_unknown(files, wanted)


def _why_defined(wanted: missing.Missing, place: str) -> str:
    if wanted.in_circle:
        return f"it is defined ({place}), but modules import each other in a circle"
    if wanted.kind == "module":
        return f"it is there ({place}), but Python does not look for it there: the installation or the path is at fault"
    return f"it is defined ({place}), but not when it is asked for"


def _why_unknown(files: project.Project, wanted: missing.Missing) -> str:
    top = (wanted.owner or wanted.name).partition(".")[0]
    is_ours = wanted.kind == "member" or any(name.partition(".")[0] == top for name in files.modules())
    if not is_ours:
        return f"`{top}` is not part of this project: a package is missing, or is of another version than expected"
    found = ", ".join(str(each) for each in candidate.find(files, wanted)[:3])
    return f"tried without success: {found}" if found else "nothing near it, and nothing of that name elsewhere"


def _mended(kept: Iterable[mend.Mend]) -> list[str]:
    return [f"Mended {', '.join(sorted(each.texts))}: {each.what}." for each in kept]


def _now(shown: trial.Shown) -> list[str]:
    return [f"`{text.command(each.argv)}` now ends with {exit_code(each.exit_code)}." for each in shown.ran]


def exit_code(code: int | None) -> str:
    """The exit code in words."""
    return "no exit code, stopped at its time limit" if code is None else f"exit code {code}"


def _commands(ran: Iterable[agent.Ran]) -> str:
    return " and ".join(f"`{text.command(each.argv)}`" for each in ran if each.exit_code != 0) or " and ".join(
        f"`{text.command(each.argv)}`" for each in ran
    )


def _said(found: fault.Fault, files: project.Project) -> str:
    place = mend.place(files, found)
    return reading.said(found, files) + (f" at {place[0]}:{place[1]}" if place else "")


def _outputs(kept: Iterable[mend.Mend], *, proven: bool) -> dict[str, object]:
    mends = [{"files": sorted(each.texts), "what": each.what, "score": round(each.score, 2)} for each in kept]
    return {"mends": mends, "proven": proven}
