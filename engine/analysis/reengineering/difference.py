"""From one network to another in steps, each with the total after it, where no list says how.

First what is left out goes, one activity a step; whoever waited for it inherits what it waited
for. Then, in the order in which the other network works, what is new comes and what waits for
other things than before does so: each activity then waits only for such as are in place already,
so that on the way nothing ever waits in a circle. Last the days change. The last step ends at the
other network's totals exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from engine.analysis.network import ActivityNetwork, View
from engine.analysis.reduction import reduced
from engine.analysis.reengineering.application import drop
from engine.analysis.reengineering.operation import Operation, OperationKind
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import totals
from engine.rules.catalogue import Name
from engine.rules.procedure import Activity


class DifferenceKind(StrEnum):
    """What is different about an activity."""

    REMOVED = "removed"
    ADDED = "added"
    #: it waits for other activities than before
    PRECONDITIONS = "preconditions"
    #: other days
    DAYS = "days"
    #: another department, stage or kind of work
    HANDLED = "handled"


@dataclass(frozen=True, slots=True)
class Difference:
    """One step on the way; days are counted and elapsed working days up to construction start."""

    kind: DifferenceKind
    #: as it was, None for one that is new; as it is, None for one that is gone
    was: Activity | None
    now: Activity | None
    before: int
    after: int
    elapsed_before: int
    elapsed_after: int

    @property
    def item(self) -> str:
        """The id of the activity that differs."""
        return (self.now or self.was).id  # type: ignore[union-attr]


def differences(before: ActivityNetwork, after: ActivityNetwork) -> tuple[Difference, ...]:
    """The steps from one network to another; none where they are equivalent."""
    way = _Way(before, after)
    return (*way.removals(), *way.order(), *way.days())


class _Way:
    """Where the plan stands between two steps."""

    def __init__(self, before: ActivityNetwork, after: ActivityNetwork) -> None:
        self.before, self.after = before, after
        self.plan = Plan(dict(before.activities), {})
        self.totals = totals(self.plan)

    def removals(self) -> Iterator[Difference]:
        """Leave out what the other network does not have."""
        for name in self.before.order:
            if name not in self.after:
                operation = Operation(name, OperationKind.DROP, Name(name), name)
                yield self._step(DifferenceKind.REMOVED, name, drop(self.plan, operation))

    def order(self) -> Iterator[Difference]:
        """Add what is new, and let each wait for what it waits for in the other network."""
        aim = {each.id: _gates(each) for each in reduced(self.after)}
        for name in self.after.order:
            now, was = self.after[name], self.plan.activities.get(name)
            if was is None:
                yield self._step(DifferenceKind.ADDED, name, self.plan.changed(now))
                continue
            changed = self.plan.changed(
                replace(
                    was, predecessors=now.predecessors, decision_waits_for=now.decision_waits_for
                )
            )
            if _gates(was) == _gates(now) or self._direct(name) == aim[name]:
                self.plan = changed
            else:
                yield self._step(DifferenceKind.PRECONDITIONS, name, changed)

    def days(self) -> Iterator[Difference]:
        """Give each activity the other network's days, and whom and what it names."""
        for name in self.after.order:
            was, now = self.plan[name], self.after[name]
            if was.days != now.days:
                yield self._step(DifferenceKind.DAYS, name, self.plan.changed(now))
            elif _handled(was) != _handled(now):
                yield self._step(DifferenceKind.HANDLED, name, self.plan.changed(now))

    def _direct(self, name: str) -> tuple[frozenset[str], frozenset[str]]:
        return _gates(reduced(self.plan.network)[name])

    def _step(self, kind: DifferenceKind, name: str, plan: Plan) -> Difference:
        was, old = self.plan.activities.get(name), self.totals
        self.plan, self.totals = plan, totals(plan)
        return Difference(
            kind,
            was,
            plan.activities.get(name),
            before=old[View.COUNTED],
            after=self.totals[View.COUNTED],
            elapsed_before=old[View.ELAPSED],
            elapsed_after=self.totals[View.ELAPSED],
        )


def _gates(activity: Activity) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(activity.predecessors), frozenset(activity.decision_waits_for)


def _handled(activity: Activity) -> tuple[str, str, str]:
    return activity.department, activity.stage, activity.kind
