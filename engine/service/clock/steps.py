"""Which clock a task runs on: its item's, its step's own, or that of a joint review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.rules.deadline import STEP_DEADLINES

#: each step that has its time by law has another number of days, which the row of a task keeps
BY_DAYS: Mapping[int, str] = {
    rule.days: step for step, rule in STEP_DEADLINES.items() if rule.statutory
}
#: the paper of an item that was passed by its department's silence
ISSUE = "issue"
#: a task of a joint review: so many working days after it was given
REVIEW = "review"


def own_clock(task: Mapping[str, Any]) -> str:
    """Return the step with a time of its own that a task is, '' where it runs on its item's."""
    return REVIEW if task["round_id"] is not None else own_step(task)


def own_step(task: Mapping[str, Any]) -> str:
    """Return the step, '' for a task that runs on its item's clock, or on none.

    The diagram may have given it any id. Where a law gives the time, nothing is promised, and its
    days tell which it is; very old tasks do not have them: theirs is the longest. `deemed_on` of
    the row is the day on which its application was passed by silence, if ever.
    """
    promised, statutory = task["promised_due_on"], task["statutory_due_on"]
    if promised is not None:
        return ISSUE if statutory is None and after_silence(task) else ""
    if statutory is None:
        return ""
    if task["element"] in STEP_DEADLINES:
        return str(task["element"])
    return BY_DAYS.get(task["days"], "deliver")


def after_silence(task: Mapping[str, Any]) -> bool:
    """Tell whether a task was opened because its department had been silent.

    What was open before has the item's days, and its silence had a meaning.
    """
    rule = STEP_DEADLINES[ISSUE]
    own_days = task["days"] == rule.days and not task["on_lapse"]
    return task["deemed_on"] is not None and own_days
