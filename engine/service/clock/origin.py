"""From which day the clock of a task is counted, and why, as the history tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from sqlalchemy import RowMapping, select

from engine.rules.calendar import BusinessCalendar
from engine.rules.explanation import PROPOSED, Rule
from engine.service.access import Row
from engine.service.clock.receipt import receipt_day
from engine.service.clock.steps import REVIEW
from engine.service.work import Work
from engine.store import tables as t


class StartReason(StrEnum):
    """What began on the day from which a clock is counted."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    #: accepted by silence, from the day of receipt
    SILENCE = "silence"
    #: work that is drawn without receipt
    BEGUN = "begun"
    DECIDED = "decided"
    #: the applicant's time to pay is not the department's
    PAID = "paid"
    #: passed by its department's silence
    DEEMED = "deemed"
    #: a department was asked in a joint review
    GIVEN = "given"


STARTS: Mapping[StartReason, Rule] = {
    StartReason.RECEIVED: Rule("收件日", "day of receipt", "行政许可法 art. 32"),
    StartReason.ACCEPTED: Rule("受理日", "day of acceptance", "行政许可法 art. 42"),
    StartReason.SILENCE: Rule(
        "收件日（逾期未告知，视为受理）",
        "day of receipt, accepted by silence",
        "行政许可法 art. 32",
    ),
    StartReason.BEGUN: Rule("开始办理日", "day the work began", PROPOSED),
    StartReason.DECIDED: Rule("决定日", "day of the decision", "行政许可法 art. 44"),
    StartReason.PAID: Rule("缴费日", "day the fee was paid", PROPOSED),
    StartReason.DEEMED: Rule("超时默认日", "day of the default", "泰政办发〔2022〕58号"),
    StartReason.GIVEN: Rule("联审交办日", "day it was given in a joint review", PROPOSED),
}
#: the event of the item that tells of each
EVENTS: Mapping[StartReason, str] = {
    StartReason.RECEIVED: "item.received",
    StartReason.ACCEPTED: "item.accepted",
    StartReason.SILENCE: "item.accepted",
    StartReason.BEGUN: "item.open",
    StartReason.DECIDED: "item.decided",
    StartReason.PAID: "item.awaiting_payment",
    StartReason.DEEMED: "item.deemed",
}
#: by the step with a time of its own
OF_STEPS = {
    "receive": StartReason.RECEIVED,
    "issue": StartReason.DEEMED,
    REVIEW: StartReason.GIVEN,
}
ANSWERED = "task.completed"


@dataclass(frozen=True, slots=True)
class Origin:
    """The day a clock is counted from, itself not counted, and how it came to be.

    `filed_at` is when the application came, `received_on` the day that counts as. `noted_at` is
    when what began was noted, by whom `noted_by` says.
    """

    on: date
    reason: StartReason
    filed_at: datetime | None
    received_on: date | None
    noted_at: datetime
    noted_by: str


def origin(work: Work, task: Row, step: str, calendar: BusinessCalendar) -> Origin:
    """Return where the clock of a task that has due dates began."""
    told = Told(events(work, task))
    opened_at: datetime = task["created_at"]
    filed_at = opened_at if step == "receive" else told.at(StartReason.RECEIVED)
    received_on = told.counts_on(StartReason.RECEIVED, work.settings.zone)
    if step == "receive":
        received_on = receipt_day(work, opened_at, calendar)
    reason = told.reason(step)
    noted_at = opened_at if step else told.at(reason) or opened_at
    noted_on = noted_at.astimezone(work.settings.zone).date()
    named = {StartReason.RECEIVED: received_on, StartReason.SILENCE: told.counted_from}
    on = named.get(reason) or told.counts_on(reason, work.settings.zone) or noted_on
    actor = told.actor(reason)
    return Origin(max(on, noted_on) if step else on, reason, filed_at, received_on, noted_at, actor)


def events(work: Work, task: Row) -> list[RowMapping]:
    """Return what the history tells of a task's item until the task was opened, in order."""
    table = t.history.c
    query = (
        select(table.event, table.at, table.actor, table.data)
        .where(table.project_id == task["project"], table.item == task["item"])
        .where(table.event.in_({ANSWERED, *EVENTS.values()}), table.at <= task["created_at"])
        .order_by(table.id)
    )
    return list(work.db.execute(query).mappings())


class Told:
    """What a history tells: the last event of each kind."""

    def __init__(self, found: Sequence[RowMapping]) -> None:
        self.events = found
        self.last: Mapping[str, RowMapping] = {each["event"]: each for each in found}

    def at(self, reason: StartReason) -> datetime | None:
        """Return when something happened last."""
        found = self.last.get(EVENTS.get(reason, ""))
        return found["at"] if found else None

    def counts_on(self, reason: StartReason, zone: tzinfo) -> date | None:
        """Return the day something counts as having happened: as recorded, else when it did."""
        found = self.last.get(EVENTS.get(reason, ""))
        if found is None:
            return None
        named = found["data"].get("counts_on")
        at: datetime = found["at"]
        return date.fromisoformat(named) if named else at.astimezone(zone).date()

    def actor(self, reason: StartReason) -> str:
        """Return who brought it about."""
        found = self.last.get(EVENTS.get(reason, ""))
        return str(found["actor"]) if found else ""

    def reason(self, step: str) -> StartReason:
        """Return why a clock began: that of a step, or ('') of the item."""
        if step == "deliver":
            return StartReason.PAID if self.paid else StartReason.DECIDED
        if step:
            return OF_STEPS[step]
        if EVENTS[StartReason.ACCEPTED] not in self.last:
            return StartReason.BEGUN
        return StartReason.SILENCE if self.counted_from else StartReason.ACCEPTED

    @property
    def paid(self) -> bool:
        """Tell whether the applicant was waited for, to pay, after the decision."""
        decided, paid = self.at(StartReason.DECIDED), self.at(StartReason.PAID)
        return paid is not None and (decided is None or decided <= paid)

    @property
    def counted_from(self) -> date | None:
        """The day an acceptance by silence reaches back to; None where somebody accepted."""
        accepted = self.at(StartReason.ACCEPTED)
        answers = (each for each in self.events if each["event"] == ANSWERED)
        said = (each["data"].get("data") or {} for each in answers if each["at"] == accepted)
        named = (each.get("counted_from") for each in said if each.get("deemed"))
        found = next((each for each in named if each), None)
        return date.fromisoformat(found) if found else None
