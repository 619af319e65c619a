"""Which clock a task runs on: its item's, its step's own by law, or that of a joint review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.rules.deadline import STEP_DEADLINES

#: each such step has another number of days, which the row of a task keeps
BY_DAYS: Mapping[int, str] = {rule.days: step for step, rule in STEP_DEADLINES.items()}
#: a task of a joint review: so many working days after it was given
REVIEW = "review"


def own_clock(task: Mapping[str, Any]) -> str:
    """Return the step with a time of its own that a task is, '' where it runs on its item's."""
    return REVIEW if task["round_id"] is not None else step_of_law(task)


def step_of_law(task: Mapping[str, Any]) -> str:
    """Return the step, '' for a task that runs on its item's clock, or on none.

    Such a task promises nothing. The diagram may have given it any id; its days tell, which very
    old tasks do not have: theirs is the longest.
    """
    if task["promised_due_on"] is not None or task["statutory_due_on"] is None:
        return ""
    if task["element"] in STEP_DEADLINES:
        return str(task["element"])
    return BY_DAYS.get(task["days"], "deliver")
