"""A scenario: operations applied in order to a base that stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.analysis.network import View
from engine.analysis.reengineering.application import apply
from engine.analysis.reengineering.legality import Breach, breaches, broken, judged, standing
from engine.analysis.reengineering.operation import Operation
from engine.analysis.reengineering.plan import Inapplicable, Plan
from engine.analysis.schedule import schedule
from engine.rules.precondition import Precondition


class StepState(StrEnum):
    """What became of an operation."""

    APPLIED = "applied"
    #: switched off: it changes nothing
    OFF = "off"
    #: it cannot be applied to what earlier operations left: it changes nothing
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Step:
    """One operation and where the plan stands after it, in working days."""

    operation: Operation
    state: StepState
    counted_days: int
    elapsed_days: int
    #: counted days by which it shortened the total as it then was; negative where it lengthened it
    saved_days: int
    breaches: tuple[Breach, ...] = ()
    conflict: Inapplicable | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """A scenario carried through."""

    base: Plan
    plan: Plan
    steps: tuple[Step, ...]
    #: what the plan as a whole breaks: the operations' own breaches, and what they break together
    breaches: tuple[Breach, ...]
    #: preconditions that the base does not keep, and the plan neither: nobody's operation
    inherited: tuple[Breach, ...] = ()

    @property
    def conflicts(self) -> tuple[Step, ...]:
        """The operations that could not be applied."""
        return tuple(step for step in self.steps if step.state is StepState.CONFLICT)

    @property
    def applied(self) -> tuple[Operation, ...]:
        """The operations that took effect."""
        return tuple(s.operation for s in self.steps if s.state is StepState.APPLIED)

    @property
    def cost(self) -> int:
        """The points of what took effect."""
        return sum(operation.cost.total for operation in self.applied)


def play(base: Plan, operations: Sequence[Operation], laws: Sequence[Precondition] = ()) -> Played:
    """Apply every operation that is switched on, in order; what cannot be applied is skipped.

    Of two that exclude one another the later is skipped. What operations break together counts as
    broken by the one after which it is so; a later one may mend it. What the base breaks
    already is no operation's breach. Raises InvalidNetwork where the base itself is no network.
    """
    player = _Player(base, laws)
    steps = tuple(player.step(operation) for operation in operations)
    inherited = [law for law in laws if law not in player.laws]
    return Played(
        base,
        player.plan,
        steps,
        (*player.own, *(each for each in player.lost if each not in player.own)),
        broken(base, player.plan, inherited),
    )


class _Player:
    """Where the plan stands between two operations."""

    def __init__(self, base: Plan, laws: Sequence[Precondition]) -> None:
        self.base, self.plan, self.laws = base, base, judged(base, laws)
        self.days = totals(base)
        self.own: list[Breach] = []
        self.lost: tuple[Breach, ...] = ()
        self.applied: list[Operation] = []

    def step(self, operation: Operation) -> Step:
        """Apply one operation, if it is on and can be."""
        if not operation.enabled:
            return self._told(operation, StepState.OFF, 0, self._own(operation))
        try:
            self._check_exclusions(operation)
            plan = apply(self.plan, operation)
        except Inapplicable as conflict:
            return self._told(operation, StepState.CONFLICT, 0, self._own(operation), conflict)
        own, before, lost = self._own(operation), self.days, self.lost
        self.plan, self.days = plan, totals(plan)
        self.applied.append(operation)
        together = standing(self.base, plan, self.applied)
        self.lost = (*broken(self.base, plan, self.laws), *together)
        self.own.extend(own)
        fresh = tuple(breach for breach in self.lost if breach not in (*lost, *own))
        saved = before[View.COUNTED] - self.days[View.COUNTED]
        return self._told(operation, StepState.APPLIED, saved, (*own, *fresh))

    def _check_exclusions(self, operation: Operation) -> None:
        for other in self.applied:
            if other.id in operation.excludes or operation.id in other.excludes:
                raise Inapplicable(
                    f"{operation.id} and {other.id} cannot be done together",
                    cause="excluded",
                    items=[operation.item, other.item],
                    excludes=other.id,
                )

    def _own(self, operation: Operation) -> tuple[Breach, ...]:
        return tuple(breaches(self.plan, operation))

    def _told(
        self,
        operation: Operation,
        state: StepState,
        saved: int,
        own: tuple[Breach, ...],
        conflict: Inapplicable | None = None,
    ) -> Step:
        days = self.days
        return Step(operation, state, days[View.COUNTED], days[View.ELAPSED], saved, own, conflict)


def totals(plan: Plan) -> dict[View, int]:
    """The plan's days from START to OPEN, in both views."""
    return {view: schedule(plan.network, view).days for view in View}
