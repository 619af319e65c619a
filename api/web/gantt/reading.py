"""One activity of a running project, read for its row: what it did, does and has to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from api.web.gantt.activity import OWN, Row, Span, spans
from api.web.gantt.count import Count
from api.web.gantt.words import Words
from engine.rules.procedure import OPEN
from engine.service.views import ItemView

SUPPLEMENT = "supplement_requested"
#: how parts of a bar look where no legal clock runs
OWN_LOOKS = {"done": "own", "used": "own", "left": "own-waiting", "waiting": "own-waiting"}
#: how the outline looks, by the state in the report
LOOKS = {"finished": "done", "open": "running", "not_started": "waiting", "not_taken": "gone"}


@dataclass(frozen=True)
class Reading:
    """An activity of a report, its item, and the day the project has reached."""

    row: Row
    item: ItemView | None
    count: Count
    words: Words
    critical: bool = False
    href: str = ""
    #: the name of what its decision waits for while it is open
    waits_for: str = ""

    # -- what is known of it ---------------------------------------------------------------

    @property
    def name(self) -> str:
        return self.words.item(self.row["id"], self.row["name"])

    @property
    def department(self) -> str:
        return self.words.department(self.row["department"])

    @property
    def state(self) -> str:
        """finished, open, not_started or not_taken."""
        return str(self.row.get("state", "not_started"))

    @property
    def own(self) -> bool:
        return self.row["kind"] in OWN

    @property
    def given_up(self) -> bool:
        """Whether it will not go on, as its project does not."""
        return self.count.given_up and self.state != "finished"

    @property
    def supplement(self) -> bool:
        """Whether it waits for the applicant's missing material."""
        return self.state == "open" and self.item is not None and self.item.state == SUPPLEMENT

    @property
    def suspended(self) -> bool:
        return self.state == "open" and self.count.suspended_on is not None

    @property
    def late_days(self) -> int:
        """Working days over its time. What follows construction start has the building in it."""
        if self.own and OPEN in self.row["predecessors"]:
            return 0
        return int(self.row.get("late_days") or 0)

    @property
    def start_on(self) -> date | None:
        return self.row.get("start_on")

    @property
    def finish_on(self) -> date | None:
        return self.row.get("finish_on")

    @cached_property
    def done_on(self) -> date | None:
        """When its work is done; its decision may still wait for a soft gate."""
        start, finish, now = self.start_on, self.finish_on, self.count.as_of_on
        if (
            start is None
            or finish is None
            or self.state == "finished"
            or not self.row["decision_waits_for"]
        ):
            return finish
        if self.state == "not_started":
            return min(finish, self.count.later(start, self.row["days"]))
        due = self.item.promised_due_on if self.item else None
        return min(finish, max(now, due)) if due else finish

    @cached_property
    def limit_on(self) -> date | None:
        """When its work must be done at the latest, where it has float."""
        spare = self.row.get("remaining_float")
        if not spare or self.done_on is None or self.finish_on is None or self.given_up:
            return None
        limit = self.count.later(self.done_on, spare)
        return limit if limit > self.finish_on else None

    # -- its bar ---------------------------------------------------------------------------

    @property
    def look(self) -> str:
        """Return how its outline looks."""
        if self.given_up:
            return "gone"
        if self.supplement or self.suspended:
            return "paused"
        if self.own and self.state != "not_taken":
            return "own-waiting" if self.state == "not_started" else "own"
        return LOOKS[self.state]

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Return the parts of its bar; none where nothing is known of it."""
        if self.start_on is None or self.finish_on is None:
            return ()
        if self.given_up and self.state == "not_started":
            return ()
        parts = {"finished": self.finished, "open": self.open, "not_started": self.to_come}
        found = parts[self.state](self.count.at(self.start_on), self.count.at(self.finish_on))
        looks = OWN_LOOKS if self.own else {}
        return spans(*((looks.get(look, look), start, end) for look, start, end in found))

    def finished(self, start: int, finish: int) -> Iterator[tuple[str, int, int]]:
        """Yield the parts of what is finished: in time, and late."""
        due = self.late_from(self.finish_on, start)
        yield "done", start, due
        yield "late", due, finish

    def open(self, start: int, finish: int) -> Iterator[tuple[str, int, int]]:
        """Yield the parts of what goes on: until its due day, late, standing still, to come."""
        now = self.count.at(self.count.as_of_on)
        stop = self.stopped_at(start, now)
        due = min(self.late_from(self.count.as_of_on, start), stop)
        yield "gone" if self.given_up else "used", start, due
        yield "late", due, stop
        yield "paused", stop, now
        if not self.given_up:
            done = self.count.at(self.done_on or self.count.as_of_on)
            yield "left", now, min(done, finish)
            yield "held", max(now, done), finish

    def to_come(self, start: int, finish: int) -> Iterator[tuple[str, int, int]]:
        """Yield the parts of what has not begun."""
        done = self.count.at(self.done_on) if self.done_on else finish
        yield "waiting", start, done
        yield "held", done, finish

    def late_from(self, end_on: date | None, start: int) -> int:
        """Return the position after which it was late: the last of its days are over its time."""
        if end_on is None:
            return start
        due_on = self.count.earlier(end_on, self.late_days) if self.late_days else end_on
        return max(start, self.count.at(due_on))

    def stopped_at(self, start: int, now: int) -> int:
        """Return since when nobody works on it: now, if somebody does."""
        if self.supplement:
            return start
        suspended_on = self.count.suspended_on
        return max(start, self.count.at(suspended_on)) if suspended_on else now
