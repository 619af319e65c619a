"""Progress placed on the day count: what the passes of a forecast work with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from engine.analysis.progress import DayCount, Progress, State
from engine.rules.procedure import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.analysis.network import ActivityNetwork
    from engine.rules.procedure import Activity


class Standing(NamedTuple):
    """One activity as of a day, in day numbers and working days."""

    activity: Activity
    progress: Progress
    #: real start and finish, where there are any
    start: int | None
    finish: int | None
    #: no decision falls, and nothing unopened starts, before these
    today: int
    first_working: int
    #: working days still needed
    left: int
    #: working days in hand until the review was done, and since the decision gate opened;
    #: a wait between the two belongs to what was waited for
    in_review: int
    in_decision: int
    #: working days past the due date
    late: int

    @property
    def milestone(self) -> bool:
        return self.activity.kind is Kind.MILESTONE

    @property
    def counted(self) -> bool:
        """Whether its days are the city's."""
        return self.activity.kind is Kind.APPROVAL


def standings(
    network: ActivityNetwork, progress: Mapping[str, Progress], count: DayCount, today: date
) -> list[Standing]:
    """By position, where each activity stands; what `progress` does not name has not started."""
    now, unknown = count.number(today), Progress()
    known = [progress.get(activity_id, unknown) for activity_id in network.order]
    ends = [_number(count, one.finished_on) for one in known]
    days = _Days(count, now, count.first_working(today))
    found = []
    for at, gates in enumerate(network.decides_after):
        # a gate still shut has at the least been shut until today
        opened = max((now if (end := ends[u]) is None else end for u in gates), default=None)
        found.append(days.standing(network[network.order[at]], known[at], opened))
    return found


@dataclass(frozen=True, slots=True)
class _Days:
    count: DayCount
    today: int
    first_working: int

    def standing(self, activity: Activity, progress: Progress, gate: int | None) -> Standing:
        start = _number(self.count, progress.started_on)
        finish = _number(self.count, progress.finished_on)
        # an end without a start is a decision made at once
        start = finish if start is None else start
        end = self.today if finish is None else finish
        used = _used(progress, start, end)
        left = self._left(activity, progress, used)
        waited = self._waited(activity, progress, start, end, gate)
        in_decision = 0 if not waited or gate is None else max(0, end - gate)
        in_review = max(0, used - waited - in_decision)
        return Standing(
            activity=activity,
            progress=progress,
            start=start,
            finish=finish,
            today=self.today,
            first_working=self.first_working,
            left=left,
            in_review=in_review,
            in_decision=in_decision,
            late=self._late(activity, progress, end, in_review + in_decision),
        )

    def _left(self, activity: Activity, progress: Progress, used: int) -> int:
        match progress:
            case Progress(state=State.NOT_STARTED):
                return activity.days
            case Progress(state=State.FINISHED) | Progress(reviewed_on=date()):
                return 0
            case Progress(remaining_days=int(days)):
                return max(0, days)
            case Progress(due_on=date() as due_on):
                return max(0, self.count.number(due_on) - self.today)
        return max(0, activity.days - used)

    def _waited(
        self, activity: Activity, progress: Progress, start: int | None, end: int, gate: int | None
    ) -> int:
        """Working days between the review done and the gate open."""
        under_review = progress.state is State.OPEN and progress.reviewed_on is None
        if start is None or gate is None or under_review:
            return 0
        reviewed = _number(self.count, progress.reviewed_on or progress.due_on)
        reviewed = start + activity.days if reviewed is None else reviewed
        return max(0, min(gate, end) - reviewed)

    def _late(self, activity: Activity, progress: Progress, end: int, in_hand: int) -> int:
        if progress.state is State.NOT_STARTED:
            return 0
        if progress.due_on is not None:
            return max(0, end - self.count.number(progress.due_on))
        clock_known = progress.remaining_days is not None
        return 0 if clock_known else max(0, in_hand - activity.days)


def _number(count: DayCount, on: date | None) -> int | None:
    return None if on is None else count.number(on)


def _used(progress: Progress, start: int | None, end: int) -> int:
    if start is None:
        return 0
    return max(0, end - start) if progress.used_days is None else progress.used_days
