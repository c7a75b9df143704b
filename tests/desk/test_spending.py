"""How long an attempt may run where a project limits the time of its tickets."""

from dataclasses import replace

import pytest

from tests import builders
from tickety.core import budget
from tickety.desk import spending

HOUR = 3600.0


@pytest.mark.parametrize(
    ("spent", "left"), [(0.0, HOUR), (3000.0, 600.0), (HOUR, None), (2 * HOUR, None)], ids=["all", "a part", "0", "-"]
)
def test_what_is_left_of_a_tickets_time(spent: float, left: float | None) -> None:
    limits = budget.Budget(ticket=budget.Limits(seconds=HOUR))
    subject = replace(builders.opened(), spent={"2026-11-22": {"seconds": spent}})

    assert spending.time_left(subject, limits) == left


def test_what_running_attempts_have_reserved_is_not_left() -> None:
    limits = budget.Budget(ticket=budget.Limits(seconds=HOUR))
    subject = builders.started(builders.opened(), "diagnose")
    (running, *others) = subject.orchestration.steps
    plan = replace(subject.orchestration, steps=(replace(running, reserved={"seconds": 600.0}), *others))

    assert spending.time_left(replace(subject, orchestration=plan), limits) == HOUR - 600.0


def test_where_nothing_limits_a_ticket_nothing_limits_its_attempts() -> None:
    assert spending.time_left(builders.opened(), budget.NONE) is None
    assert spending.time_left(builders.opened(), budget.Budget(step=budget.Limits(seconds=1))) is None
