"""How an item of a project moves: its states, its clock, and the days it was with whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.rules import lifecycle, receipt
from engine.rules.calendar import BusinessCalendar
from engine.rules.case_clock import ClockFacts, deadlines
from engine.rules.catalogue import Item
from engine.rules.deadline import STEP_DEADLINES, step_due_on
from engine.rules.legal_clock import Stop
from engine.rules.procedure import Kind
from engine.store.statements import ITEM_FIELDS

#: the date a case is stamped with when it reaches a state, if it has none yet
STAMPS = {
    "received": "received_on",
    "accepted": "accepted_on",
    "decided": "decided_on",
    # what its department passed by silence counts as decided: others need not wait
    "deemed": "decided_on",
    "delivered": "delivered_on",
    "done": "decided_on",
    "open": "opened_on",
    "reached": "decided_on",
}
#: the states that work drawn as a plain task has and a case has not
OF_WORK = {"open", "done"}
#: what is cleared when an activity is begun again
OF_ONE_ATTEMPT = (
    *("received_on", "accepted_on", "decided_on", "delivered_on"),
    *("promised_due_on", "statutory_due_on", "reviewed_on", "paused_on", "supplemented_on"),
    *("stopped_on", "committed_on", "deemed_on"),
)
COUNTS_OF_ONE_ATTEMPT = ("waited_days", "extension_days", "gaps")
#: steps of a case with a time of their own, by the state in which they are open
STEPS = {"received": "receive", "deemed": "issue", "delivering": "deliver"}


@dataclass(slots=True)
class Case:
    """One activity of a project, as its row; `changed` says that it must be written."""

    row: dict[str, Any]
    item: Item
    changed: bool = field(default=False)

    @property
    def state(self) -> str:
        """Where it stands."""
        return str(self.row["state"])

    def open(self, today: date) -> None:
        """Begin work on it, once more perhaps; what an earlier attempt left is cleared."""
        if self.row["attempt"]:
            self.row.update(dict.fromkeys(OF_ONE_ATTEMPT))
            self.row.update(dict.fromkeys(COUNTS_OF_ONE_ATTEMPT, 0), state="not_started")
        self.row["attempt"] += 1
        self.row["opened_on"] = self.row["opened_on"] or today
        self.changed = True

    def move(
        self, to: str, today: date, calendar: BusinessCalendar, *, received_on: date | None = None
    ) -> bool:
        """Move to a state; False where it is there already.

        `received_on`: the day on which what was filed last counts as received, where that is not
        the day of the case's receipt. Raises Conflict where the lifecycle does not list the move.
        """
        if to == self.state:
            return False
        drawn_as_task = {self.state, to} & OF_WORK
        table = lifecycle.WORK if drawn_as_task else lifecycle.CASE
        lifecycle.check(table, self.state, to, self.item.id)
        self.pause(to, today, calendar)
        stamp, on = STAMPS.get(to), self.counts_on(today, received_on)
        if stamp and self.row[stamp] is None:
            self.row[stamp] = on
        if to == "deemed":
            self.row["deemed_on"] = on
        self.row["state"] = to
        self.changed = True
        return True

    def counts_on(self, today: date, received_on: date | None = None) -> date:
        """Return the day on which what is done with the case today counts as done.

        Nothing counts before the receipt, which is on a working day by the city's cut-off, nor
        before what it follows: who accepts on a day of rest, or in the evening, has accepted on
        the day of receipt.
        """
        known = (self.row[name] for name in ("received_on", "accepted_on", "decided_on"))
        return max(today, received_on or today, *(on or today for on in known))

    def pause(self, to: str, today: date, calendar: BusinessCalendar) -> None:
        """Note the working days the applicant takes to supply missing material.

        Raises SecondNotice where they were told before.
        """
        if to == "supplement_requested":
            receipt.check_notice(self.item.id, self.row["supplemented_on"])
            self.row["paused_on"] = self.row["supplemented_on"] = today
        elif self.row["paused_on"] is not None:
            self.row["waited_days"] += calendar.between(self.row["paused_on"], today)
            self.row["paused_on"] = None

    def reach(self, today: date) -> None:
        """Mark a milestone as reached."""
        self.row.update(state="reached", decided_on=today)
        self.changed = True

    def start_clock(
        self, from_on: date, calendar: BusinessCalendar, stops: tuple[Stop, ...] = ()
    ) -> None:
        """Set both due dates; day 1 is the working day after the day of acceptance.

        `from_on` is that day where none was noted: a clock that the diagram starts later, or once
        more, is counted from acceptance all the same. `stops` are those since.
        """
        if self.item.kind is not Kind.APPROVAL or self.item.promised is None:
            return
        self.row["accepted_on"] = self.row["accepted_on"] or from_on
        facts = ClockFacts(
            self.row["accepted_on"],
            self.item.promised,
            self.item.statutory,
            stops,
            self.row["extension_days"],
        )
        found = deadlines(calendar, facts)
        if found is not None:
            self.row["promised_due_on"] = found.promised_due_on
            self.row["statutory_due_on"] = found.statutory_due_on
        self.changed = True

    def await_gate(self, today: date) -> None:
        """Note that the review is done and the decision waits for others."""
        self.row["reviewed_on"] = today
        self.changed = True

    def due(self, state: str, from_on: date, calendar: BusinessCalendar) -> dict[str, date | None]:
        """Return both due dates of a department's task opened in a state of the case.

        `from_on` is the day a step with a time of its own is counted from.
        Receipt and delivery have a time of their own by law, issuing what was passed by silence has
        one by promise; everything else up to the decision has the decision's, and nothing after it
        has any.
        """
        if state in STEPS:
            step = STEPS[state]
            return STEP_DEADLINES[step].dates(step_due_on(calendar, step, from_on))
        open_clock = self.row["decided_on"] is None
        names = ("promised_due_on", "statutory_due_on")
        return {name: self.row[name] if open_clock else None for name in names}

    def days(self, state: str) -> int | None:
        """Return the working days a task opened in a state of the case has in all."""
        if state in STEPS:
            return STEP_DEADLINES[STEPS[state]].days
        return self.item.days

    def values(self) -> dict[str, Any]:
        """Return the row as the update binds it."""
        bound = {f"b_{name}": self.row[name] for name in ITEM_FIELDS}
        return bound | {"b_project": self.row["project_id"], "b_item": self.row["item"]}
