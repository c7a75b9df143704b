"""What receipts prove: whether a command that failed before passes now, and whether nothing else got worse.

The rules of the contract ("Red before green"). A verdict is weighed in this order: what refutes a success, what was
never run, what was never shown to be broken, what a person must approve; only then is it proven. No receipt that is
added can turn a refutation into a proof.
"""

import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from tickety.core import receipt, record, testoutput, text


@record.record(frozen=True, slots=True)
class Proven:
    """The work is done. ``known_failures`` names what fails as it did before, and so has nothing to do with it."""

    sentence: str
    known_failures: tuple[str, ...] = ()


@record.record(frozen=True, slots=True)
class Refuted:
    """The work is not done: something fails."""

    sentence: str


@record.record(frozen=True, slots=True)
class Unproven:
    """Only a person can tell. ``reproduction`` is a command that would show the fault, when one can be named."""

    sentence: str
    kind: Literal["question", "approval"]
    reproduction: tuple[str, ...] = ()


Judgement = Proven | Refuted | Unproven


def judge(
    before: Sequence[receipt.Receipt], after: Sequence[receipt.Receipt], tree: str, *, needs_red: bool
) -> Judgement:
    """What the receipts say of ``tree``, the git tree to be delivered.

    ``before`` are receipts of the base, ``after`` those of the result; one that was made on another tree than ``tree``
    says nothing. They are matched by command, and of several with one command the last counts. ``needs_red`` asks
    for a command that failed before and passes now: the word ``fixed`` means that.
    """
    facts = _facts(before, [entry for entry in after if entry.tree == tree], needs_red=needs_red)
    found = (rule(facts) for rule in _RULES)
    return next((judgement for judgement in found if judgement), None) or _proven(facts)


def failed(own: Sequence[receipt.Receipt]) -> Refuted | None:
    """What the step's own commands say: each of them has to pass; None when they do."""
    sentences = [f"the step's own {_command(entry)} {_failure(entry)}" for entry in own if not entry.is_green]
    return Refuted("; ".join(sentences)) if sentences else None


def known_failures(before: Sequence[receipt.Receipt]) -> str | None:
    """A sentence on what fails before anything was changed; None when the verification is green, or was not run."""
    red = [
        entry
        for entry in _latest(before).values()
        if entry.purpose is receipt.Purpose.VERIFICATION and not entry.is_green
    ]
    return "; ".join(f"before any change {_command(entry)} {_failure(entry)}" for entry in red) or None


# The facts: commands, and what became of them.


@record.record(frozen=True, slots=True)
class _Pair:
    """One command on the result, and on the base if it was run there."""

    before: receipt.Receipt | None
    after: receipt.Receipt
    is_reproduction: bool

    @property
    def was_red(self) -> bool:
        return self.before is not None and not self.before.is_green

    @property
    def is_still_red(self) -> bool:
        """It fails as it did before: every test that fails now is known, and failed then, too."""
        return self.was_red and not self.after.is_green and not self.is_reproduction and self.new_failures == ()

    @property
    def new_failures(self) -> tuple[str, ...] | None:
        """The names that fail now and did not before; None when they cannot be compared."""
        names = [_names(entry) for entry in (self.before, self.after) if entry]
        if len(names) < 2 or names[0] is None or not names[1]:  # noqa: PLR2004 - before and after
            return None
        return tuple(dict.fromkeys((Counter(names[1]) - Counter(names[0])).elements()))

    @property
    def shows_the_fix(self) -> bool:
        """It failed on other files than these, for a reason: to have no test to run is none."""
        if self.before is None or self.before.tree == self.after.tree or not self.after.is_green:
            return False
        tests = self.before.tests
        return self.was_red and not (self.before.exit_code and tests and not tests.ran and not tests.failing)


@record.record(frozen=True, slots=True)
class _Facts:
    pairs: tuple[_Pair, ...]
    not_run: tuple[receipt.Receipt, ...]  # run before, and not on the result
    needs_red: bool


def _facts(before: Sequence[receipt.Receipt], after: Sequence[receipt.Receipt], *, needs_red: bool) -> _Facts:
    then, now = _latest(before), _latest(after)
    reproductions = {entry.command for entry in (*before, *after) if entry.purpose is receipt.Purpose.REPRODUCTION}
    pairs = (_Pair(then.get(command), entry, command in reproductions) for command, entry in now.items())
    return _Facts(tuple(pairs), tuple(entry for command, entry in then.items() if command not in now), needs_red)


def _latest(receipts: Iterable[receipt.Receipt]) -> dict[tuple[str, ...], receipt.Receipt]:
    return {entry.command: entry for entry in receipts if entry.purpose is not receipt.Purpose.SETUP}


def _names(entry: receipt.Receipt) -> tuple[str, ...] | None:
    """What failed, by name; None when the output does not tell, or not all of it."""
    tests = entry.tests
    if entry.exit_code is None or tests is None or not testoutput.is_complete(tests):
        return None
    return tests.failing


# The rules, in their order. Each gives its judgement, or leaves it to the next.


def _refuted(facts: _Facts) -> Refuted | None:
    """A command that is red now and was not red in the same way before."""
    sentences = (_refutation(pair) for pair in facts.pairs if not pair.after.is_green and not pair.is_still_red)
    joined = "; ".join(sentences)
    return Refuted(joined) if joined else None


def _refutation(pair: _Pair) -> str:
    what = f"the reproduction {_command(pair.after)}" if pair.is_reproduction else _command(pair.after)
    if pair.before is not None and pair.before.is_green:
        return f"{what} passed before and now {_failure(pair.after)}"
    if pair.before is None or pair.after.exit_code is None:
        return f"{what} {_failure(pair.after)}"
    if pair.is_reproduction or not pair.new_failures:
        return f"{what} still {_failure(pair.after)}"
    return f"{what} fails now in what did not fail before: {_listed(pair.new_failures)}{_unknown_before(pair.before)}"


def _unknown_before(before: receipt.Receipt) -> str:
    """What stood behind a file that did not load, or an early stop, may have been broken all the time."""
    unrun = [name.removesuffix(testoutput.NOT_RUN) for name in _names(before) or () if _is_unrun(name)]
    return f" (whether it failed before is not known, for {_listed(unrun)} did not run)" if unrun else ""


def _unverified(facts: _Facts) -> Unproven | None:
    """No pass is invented: the verification was run on this very tree, and so was every reproduction."""
    is_verified = any(pair.after.purpose is receipt.Purpose.VERIFICATION for pair in facts.pairs)
    verifications = [entry for entry in facts.not_run if entry.purpose is receipt.Purpose.VERIFICATION]
    reproductions = [entry for entry in facts.not_run if entry.purpose is receipt.Purpose.REPRODUCTION]
    if not is_verified and not verifications:
        return Unproven("no verification command is known; name the command that tests the project", "question")
    if owed := [*(() if is_verified else verifications), *(reproductions if facts.needs_red else ())]:
        sentence = (
            f"{' and '.join(map(_command, owed))} {'has' if len(owed) == 1 else 'have'} not been run on the result"
        )
        return Unproven(sentence, "question")
    return None


def _unshown(facts: _Facts) -> Unproven | None:
    """Red before green: without it, nobody knows whether the fault was there, or is gone."""
    if not facts.needs_red or any(pair.shows_the_fix for pair in facts.pairs):
        return None
    sentence = "nothing that failed before passes now; give a command that shows the fault (--repro COMMAND)"
    if by_chance := [pair for pair in facts.pairs if pair.was_red and pair.after.is_green and _same_tree(pair)]:
        sentence += f"; {_command(by_chance[0].after)} failed and passed on the same files, so it shows nothing"
    suggested = next(filter(None, (_reproduction(pair) for pair in facts.pairs)), ())
    if suggested:
        sentence += f", such as --repro {shlex.quote(shlex.join(suggested))}, which would fail before and pass now"
    return Unproven(sentence, "question", suggested)


def _same_tree(pair: _Pair) -> bool:
    return pair.before is not None and pair.before.tree == pair.after.tree


def _lessened(facts: _Facts) -> Unproven | None:
    """A run that checks less than it did proves less, however green it is."""
    sentences = [sentence for pair in facts.pairs if (sentence := _lessening(pair))]
    return Unproven("; ".join(sentences), "approval") if sentences else None


_RULES: tuple[Callable[[_Facts], Judgement | None], ...] = (_refuted, _unverified, _unshown, _lessened)


def _lessening(pair: _Pair) -> str:
    then, now = (entry.tests if entry else None for entry in (pair.before, pair.after))
    if then is None or not then.ran:
        return ""
    less = f"{_command(pair.after)} checks less than it did"
    if now is None or now.ran < then.ran:
        count = "none that can be counted" if now is None else now.ran or "none"
        return f"{text.plural(then.ran, 'test')} ran before, {count} now: {less}"
    if now.skipped > then.skipped and not pair.is_reproduction and not _came_to_light(then, now):
        were = "was" if then.skipped == 1 else "were"
        return f"{text.plural(then.skipped, 'test')} {were} skipped before, {now.skipped} now: {less}"
    return ""


def _came_to_light(then: receipt.Tally, now: receipt.Tally) -> bool:
    """A run cut short did not see every test: those it runs now may bring as many skipped ones along, not more."""
    return any(map(_is_unrun, then.failing)) and now.skipped - then.skipped <= now.ran - then.ran


def _proven(facts: _Facts) -> Proven:
    first = sorted(facts.pairs, key=lambda pair: not (facts.needs_red and pair.shows_the_fix))
    known = [name for pair in facts.pairs if pair.is_still_red for name in _names(pair.after) or ()]
    return Proven("; ".join(_account(pair) for pair in first), tuple(dict.fromkeys(known)))


def _account(pair: _Pair) -> str:
    command = _command(pair.after)
    if not pair.after.is_green:
        return f"{command} {_failure(pair.after)}, as it did before"
    if pair.before and pair.shows_the_fix:
        was = "failed" if pair.before.exit_code is not None else "did not end within its time limit"
        return f"{command} {was} before and passes now{_counted(pair.after)}"
    return f"{command} passes{_counted(pair.after)}"


# A reproduction made of the tests that failed before and pass now, in a suite that is red for other reasons, too.

_SUGGESTED = 5  # tests; one is enough to show a fault
_RUNNERS = (
    (re.compile(r"\S+::[^\s\[]+(?:\[.*\])?"), ("pytest", "py.test"), ("python3", "-m", "pytest")),
    (re.compile(r"[^\W\d]\w*(?:\.\w+){2,}"), ("unittest",), ("python3", "-m", "unittest")),
)


def _reproduction(pair: _Pair) -> tuple[str, ...]:
    if not pair.is_still_red or pair.before is None:
        return ()
    mended = set(_names(pair.before) or ()) - set(_names(pair.after) or ())
    for form, words, default in _RUNNERS:
        tests = [name for name in sorted(mended) if form.fullmatch(name)]
        if tests:
            return (*_start(pair.after.command, words, default), *tests[:_SUGGESTED])
    return ()


def _start(command: tuple[str, ...], words: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
    """How this command starts the runner, without what it hands it."""
    for place, word in enumerate(command):
        if word.rpartition("/")[2] in words:
            return command[: place + 1]
    return default


# Words for people.

_LISTED = 5  # names; the receipt has them all


def _command(entry: receipt.Receipt) -> str:
    return f"`{text.command(entry.command)}`"


def _failure(entry: receipt.Receipt) -> str:
    if entry.exit_code is None:
        return f"was stopped at its time limit, after {text.plural(round(entry.seconds), 'second')}"
    if entry.exit_code < 0:
        return f"was ended by signal {-entry.exit_code}"
    names = entry.tests.failing if entry.tests else ()
    if names:
        return f"fails: {_listed(names)}"
    return f"fails (exit code {entry.exit_code}{_though(entry.tests)})"


def _though(tests: receipt.Tally | None) -> str:
    if tests is None:
        return ""
    if not tests.ran:
        return ", no test ran"
    return (
        f", {text.plural(tests.failed, 'test')} failed" if tests.failed else f", though no test of {tests.ran} failed"
    )


def _counted(entry: receipt.Receipt) -> str:
    return f" ({text.plural(entry.tests.ran, 'test')})" if entry.tests and entry.tests.ran else ""


def _listed(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    shown, more = unique[:_LISTED], len(unique) - _LISTED
    last = f"{more} more" if more > 0 else shown.pop()
    return f"{', '.join(shown)} and {last}" if shown else last


def _is_unrun(name: str) -> bool:
    return name.endswith(testoutput.NOT_RUN)
