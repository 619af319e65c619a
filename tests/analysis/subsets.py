"""The optimiser's answers by playing every subset of the operations, one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.analysis.network import View
from engine.analysis.reengineering.optimiser import NEAR, NEAR_LIMIT, Choice
from engine.analysis.reengineering.scenario import Played, play, totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.analysis.reengineering.operation import Operation
    from engine.analysis.reengineering.plan import Plan
    from engine.rules.precondition import Precondition


@dataclass(frozen=True)
class Subset:
    """One subset, played."""

    chosen: tuple[Operation, ...]
    days: int
    cost: int
    #: every operation applies
    possible: bool
    #: and nothing is broken
    allowed: bool
    #: places of its operations in the list
    places: tuple[int, ...]

    @property
    def choice(self) -> Choice:
        return Choice(self.days, self.cost, self.chosen)

    @property
    def rank(self) -> tuple[object, ...]:
        """Cheaper, then shorter, then fewer operations, then earlier ones."""
        return self.cost, self.days, len(self.chosen), self.places

    def within(self, other: Subset) -> bool:
        """Whether it holds a part of another's operations and nothing else."""
        return {*self.places} < {*other.places}


def on(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """All of them switched on, as the optimiser takes them."""
    return tuple(replace(each, enabled=True) for each in operations)


def played(
    base: Plan, operations: Sequence[Operation], laws: Sequence[Precondition]
) -> list[Subset]:
    """Every subset, in the order of the optimiser's numbers."""
    count = len(operations)
    rows = [[at for at in range(count) if n >> count - 1 - at & 1] for n in range(1 << count)]
    return [_subset(base, [operations[at] for at in row], laws, row) for row in rows]


def _subset(
    base: Plan, chosen: list[Operation], laws: Sequence[Precondition], places: list[int]
) -> Subset:
    found: Played = play(base, on(chosen), laws)
    days = found.steps[-1].counted_days if found.steps else totals(base)[View.COUNTED]
    possible = not found.conflicts
    cost = sum(each.cost.total for each in chosen)
    allowed = possible and not found.breaches
    return Subset(tuple(chosen), days, cost, possible, allowed, tuple(places))


def best(subsets: Sequence[Subset], target: int) -> Choice | None:
    reaching = [each for each in subsets if each.allowed and each.days <= target]
    return min(reaching, key=lambda each: each.rank).choice if reaching else None


def front(subsets: Sequence[Subset]) -> tuple[Choice, ...]:
    allowed = [each for each in subsets if each.allowed]
    kept = [each for each in allowed if not any(_beats(other, each) for other in allowed)]
    return tuple(each.choice for each in sorted(kept, key=lambda each: each.rank))


def _beats(one: Subset, other: Subset) -> bool:
    """At least as good in days and cost, and better in one; of equal ones the first."""
    if (one.days, one.cost) == (other.days, other.cost):
        return one.rank < other.rank
    return one.days <= other.days and one.cost <= other.cost


def near(subsets: Sequence[Subset], target: int) -> tuple[Choice, ...]:
    reaching = [each for each in subsets if each.allowed and each.days <= target]
    if not reaching:
        return ()
    first = min(reaching, key=lambda each: each.rank)
    close = [each for each in reaching if each.cost <= first.cost + NEAR]
    kept = [each for each in close if not any(other.within(each) for other in close)]
    rest = sorted((each for each in kept if each is not first), key=lambda each: each.rank)
    return tuple(each.choice for each in rest[:NEAR_LIMIT])


def unheld(subsets: Sequence[Subset], operations: Sequence[Operation]) -> set[str]:
    """Operations that no allowed subset holds."""
    held = {operation.id for each in subsets if each.allowed for operation in each.chosen}
    return {each.id for each in operations} - held


def moves_nothing(subsets: Sequence[Subset], operation: Operation) -> bool:
    """Whether leaving an operation out of an allowed subset leaves an allowed one of equal days."""
    by_chosen = {each.chosen: each for each in subsets}
    pairs = [
        (each, by_chosen[tuple(other for other in each.chosen if other is not operation)])
        for each in subsets
        if each.allowed and operation in each.chosen
    ]
    return all(less.allowed and less.days == each.days for each, less in pairs)
