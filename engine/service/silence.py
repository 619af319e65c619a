"""Silence that counts as an answer: whether its time has come, and what is said by it.

The sweep gives the answer, or whoever answers the task too late: first comes what the law says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import ClassVar

from engine.errors import Conflict
from engine.rules.joint_review import DeemedCause, OpinionKind
from engine.rules.legal_clock import Stop
from engine.rules.receipt import DEEM
from engine.service.access import Row
from engine.service.clock import stops
from engine.service.clock.receipt import receipt_day
from engine.service.work import Work

#: from which day a clock is counted, and the times it stood still since
Beginning = tuple[date | None, tuple[Stop, ...]]
#: what is noted of an answer, and from when a clock that starts with it is counted
Said = tuple[Row, Beginning]


class SilenceCounted(Conflict):
    """The time to answer had run out, and the silence has counted as an answer."""

    code = "silence_counted"
    keep: ClassVar[bool] = True
    remedy = "Nothing of this answer was taken; see what the task has come to."


class AcceptedBySilence(SilenceCounted):
    """Nobody told the applicant anything within five days: accepted as of the day of receipt."""


class PassedBySilence(SilenceCounted):
    """The promised time has passed in silence: the item is passed, and the paper to be issued."""

    remedy = "Issue the paper within one working day."


class AgreedBySilence(SilenceCounted):
    """The time for an opinion has passed in silence, which counts as agreement."""

    remedy = "Revise the opinion on the round's page, until it is concluded."


def has_come(work: Work, task: Row) -> bool:
    """Tell whether the silence about an open task counts as an answer by now."""
    at = task["lapses_at"]
    return at is not None and at <= work.now and is_offered(task)


def is_offered(task: Row) -> bool:
    """Tell whether the diagram knows the answer; a default is nobody's to give but ours.

    No silence passes an item while a material is missing that its applicant promised.
    """
    if task["on_lapse"] == DEEM:
        return not task["case_gaps"]
    return task["on_lapse"] in SAID or task["on_lapse"] in task["outcomes"]


def said(work: Work, task: Row, project: Row) -> Said:
    """Return what the silence about a task says."""
    data = {"deemed": True, "lapsed_on": str(task["due_on"])}
    more, began = SAID.get(task["on_lapse"], accepted)(work, task, project)
    return {**data, **more}, began


def refusal(task: Row) -> SilenceCounted:
    """Return why another answer comes too late, once the silence has been counted."""
    kind = REFUSALS.get(task["on_lapse"], AcceptedBySilence)
    counted = {"counts_as": task["on_lapse"], "lapsed_on": str(task["due_on"])}
    return kind(item=task["item"], **counted)


def accepted(work: Work, task: Row, project: Row) -> Said:
    """An application is accepted as of its receipt; the days it stood still do not count."""
    from_on = receipt_day(work, task["created_at"])
    stood = stops.of_item(stops.of_project(work, project["id"]), stops.PROJECT)
    return {"received_on": str(from_on), "counted_from": str(from_on)}, (from_on, stood)


def passed(_work: Work, _task: Row, _project: Row) -> Said:
    """An item whose department was silent is passed; that one is to issue the paper at once."""
    return {}, (None, ())


def agreed(_work: Work, _task: Row, _project: Row) -> Said:
    """A department that was asked for its opinion, and said nothing, agrees."""
    return {"cause": str(DeemedCause.TIMEOUT)}, (None, ())


#: by the outcome silence counts as; of any other the diagram must know the answer
SAID: Mapping[str, Callable[[Work, Row, Row], Said]] = {
    DEEM: passed,
    OpinionKind.DEEMED_AGREE: agreed,
}
REFUSALS: Mapping[str, type[SilenceCounted]] = {
    DEEM: PassedBySilence,
    OpinionKind.DEEMED_AGREE: AgreedBySilence,
}
