"""The forecast of a running project: when construction starts, what that costs, who holds it.

Two counts run side by side, as in the plan. *Elapsed*: finished activities stand at their
real dates, open ones finish when what is left of their clock has run and never before today,
unopened ones start when their gates open and never before today. *Counted*: the longest path
through the working days the city has had things in hand, and through its promises from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from engine.analysis import running
from engine.analysis.network import ActivityNetwork, Phase, View
from engine.analysis.progress import DayCount, Progress, State, WorkingDays, months_after
from engine.analysis.schedule import schedule
from engine.analysis.standing import Standing, standings
from engine.errors import Invalid
from engine.rules.procedure import OPEN


@dataclass(frozen=True, slots=True)
class Hold:
    """An activity that keeps construction from starting earlier than forecast."""

    id: str
    state: State
    #: when it is forecast to finish
    finish_on: date
    #: working days an open one is past its due date
    late_days: int
    #: working days an unopened one has lain ready, every start gate open
    waiting_days: int
    #: working days by which construction would start earlier were it finished today
    gain_days: int

    @property
    def held_days(self) -> int:
        """How much it holds: what it has cost beyond its time, and what it can still give."""
        return self.late_days + self.waiting_days + self.gain_days


@dataclass(frozen=True, slots=True)
class Outlook:
    """An activity's dates: real ones as far as they are known, forecast ones from there."""

    id: str
    state: State
    start_on: date
    finish_on: date
    late_days: int
    #: working days its work may still grow; None once it is finished
    total_float: int | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where a project stands and where it is going; days are working days.

    Once construction has started nothing moves any more but the `activities` after it.
    """

    #: construction has started, on `finish_on`
    opened: bool
    finish_on: date
    #: the plan's date for it, from the real start of the project
    planned_finish_on: date
    #: working days from the start of the project to `finish_on`
    elapsed_days: int
    #: the counted day the project has reached
    day: int
    #: the counted total it is heading for
    counted_days: int
    #: the counted total of the plan
    promised_days: int
    #: promised less forecast total; negative is late
    promise_slack_days: int
    window_ends_on: date | None
    #: working days from the forecast finish to the end of the window; negative is late
    window_slack_days: int | None
    #: open or ready activities with no float left, the one that holds most first
    held_by: tuple[Hold, ...]
    #: all activities but milestones, in the order of the network
    activities: tuple[Outlook, ...]


def forecast(
    network: ActivityNetwork,
    progress: Mapping[str, Progress],
    *,
    calendar: WorkingDays,
    start_on: date,
    today: date,
    window_months: int | None = None,
) -> Forecast:
    """Forecast construction start as of `today`.

    `progress` is keyed by activity id and names at least what is open or finished; OPEN
    finished is construction started. `start_on` is the real or planned day of START;
    before anything has happened the forecast is the plan. `window_months` is the promise in
    calendar months from `start_on`, None if there is none. A network without OPEN is
    forecast to its last activity that is not acceptance.

    Raises Invalid for progress of an activity the network does not have, and whatever the
    calendar raises outside its range.
    """
    unknown = [activity_id for activity_id in progress if activity_id not in network]
    if unknown:
        raise Invalid(f"not in the network: {', '.join(unknown)}", activities=unknown)
    project = _Project(network, progress, DayCount(calendar, start_on), today)
    counted, promised = project.city_total(ahead=True), schedule(network, View.COUNTED).days
    window_ends_on = None if window_months is None else months_after(start_on, window_months)
    return Forecast(
        opened=project.opened_on is not None,
        finish_on=project.finish_on,
        planned_finish_on=project.count.on(schedule(network, View.ELAPSED).days),
        elapsed_days=project.count.number(project.finish_on),
        day=project.city_total(ahead=False),
        counted_days=counted,
        promised_days=promised,
        promise_slack_days=promised - counted,
        window_ends_on=window_ends_on,
        window_slack_days=project.slack(window_ends_on),
        held_by=project.held_by(),
        activities=project.outlooks(),
    )


@dataclass(frozen=True)
class _Project:
    network: ActivityNetwork
    progress: Mapping[str, Progress]
    count: DayCount
    today: date

    @cached_property
    def opened_on(self) -> date | None:
        """When construction started; without OPEN, when all that is not acceptance was finished."""
        finished = [self._finished_on(activity_id) for activity_id in self._goals()]
        known = [on for on in finished if on is not None]
        return max(known, default=None) if len(known) == len(finished) else None

    @cached_property
    def finish_on(self) -> date:
        if self.opened_on:
            return self.opened_on
        return self.count.on(running.opening_day(self.network, self.times.finishes))

    @cached_property
    def stands(self) -> list[Standing]:
        return self._stands(self.today)

    @cached_property
    def times(self) -> running.Run:
        return running.run(self.network, self.stands)

    @cached_property
    def floats(self) -> list[int | None]:
        return running.floats(self.network, self.stands, self.times)

    def city_total(self, *, ahead: bool) -> int:
        as_of = min(self.today, self.opened_on or self.today)
        return running.city_total(self.network, self._stands(as_of), ahead=ahead)

    def slack(self, target_on: date | None) -> int | None:
        if target_on is None:
            return None
        return self.count.number(target_on) - self.count.number(self.finish_on)

    def held_by(self) -> tuple[Hold, ...]:
        if self.opened_on or self.today < self.count.start_on:
            return ()
        ready = running.ready(self.network, self.stands)
        holds = [
            self._hold(at)
            for at, stand in enumerate(self.stands)
            if self._holds(at) and (stand.progress.state is State.OPEN or ready[at])
        ]
        return tuple(sorted(holds, key=_most_first))

    def outlooks(self) -> tuple[Outlook, ...]:
        at = (self.network.position[activity.id] for activity in self.network)
        return tuple(self._outlook(i) for i in at if not self.stands[i].milestone)

    def _outlook(self, at: int) -> Outlook:
        known = self.stands[at].progress
        return Outlook(
            id=self.network.order[at],
            state=known.state,
            start_on=known.started_on or self.count.on(self.times.starts[at]),
            finish_on=known.finished_on or self.count.on(self.times.finishes[at]),
            late_days=self.stands[at].late,
            total_float=self.floats[at],
        )

    def _holds(self, at: int) -> bool:
        opening = self.network.phases[at] is Phase.OPENING
        return opening and self.floats[at] == 0 and not self.stands[at].milestone

    def _hold(self, at: int) -> Hold:
        stand, finishes = self.stands[at], self.times.finishes
        begun = stand.progress.state is State.OPEN
        gates_open = max((finishes[u] for u in self.network.starts_after[at]), default=0)
        without = running.run(self.network, self.stands, done_today=at).finishes
        sooner = running.opening_day(self.network, without)
        return Hold(
            id=stand.activity.id,
            state=stand.progress.state,
            finish_on=self.count.on(finishes[at]),
            late_days=stand.late,
            waiting_days=0 if begun else max(0, stand.today - gates_open),
            gain_days=running.opening_day(self.network, finishes) - sooner,
        )

    def _stands(self, as_of: date) -> list[Standing]:
        return standings(self.network, self.progress, self.count, as_of)

    def _goals(self) -> list[str]:
        if OPEN in self.network:
            return [OPEN]
        order = zip(self.network.order, self.network.phases, strict=True)
        return [activity_id for activity_id, phase in order if phase is Phase.OPENING]

    def _finished_on(self, activity_id: str) -> date | None:
        known = self.progress.get(activity_id)
        return known.finished_on if known and known.state is State.FINISHED else None


def _most_first(hold: Hold) -> tuple[int, int, str]:
    return -hold.held_days, -hold.late_days, hold.id
