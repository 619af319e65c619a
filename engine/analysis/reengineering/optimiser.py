"""The cheapest operations that reach a target, exactly, and the whole front of days against cost.

Every subset is looked at, so nothing is assumed of how operations work together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.analysis.reengineering.legality import Breach, breaches, judged
from engine.analysis.reengineering.operation import Operation
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import play
from engine.analysis.reengineering.subsets import CHUNK_BITS, Chunk, chunks, members, relevant
from engine.errors import Invalid
from engine.rules.precondition import Precondition

#: as many take about a minute of one core, and every further one doubles that
MAX_OPERATIONS = 28
#: points by which a set may be dearer and still be listed beside the cheapest
NEAR = 2
NEAR_LIMIT = 20
#: sets kept on the way, of which the near ones are chosen
CLOSE_LIMIT = 1000

#: told how many of all subsets have been looked at
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """A set of operations: what it costs, and the counted working days it leads to."""

    days: int
    cost: int
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Optimum:
    """What the operations can do."""

    target: int
    #: the cheapest choice that reaches the target; None where none does
    best: Choice | None
    #: choices that no other beats in both days and cost, from the fewest points to the fewest days
    front: tuple[Choice, ...]
    #: others that reach the target for at most `NEAR` points more, the cheapest first
    near: tuple[Choice, ...]
    #: operations that no lawful set may hold, with what they break
    barred: tuple[tuple[Operation, tuple[Breach, ...]], ...]
    #: operations that cannot move construction start
    idle: tuple[Operation, ...]
    #: subsets looked at
    subsets: int

    @property
    def reached(self) -> bool:
        """Whether some lawful set reaches the target."""
        return self.best is not None

    @property
    def fewest_days(self) -> int:
        """The best that can be reached, whatever it costs."""
        return self.front[-1].days


def optimise(
    base: Plan,
    operations: Sequence[Operation],
    target: int,
    laws: Sequence[Precondition] = (),
    progress: Progress = lambda _done, _all: None,
) -> Optimum:
    """Find the cheapest set that takes at most `target` counted working days.

    Equal costs: the fewer days, then the fewer operations, then the earlier ones. Raises Invalid
    where the target is not positive or there are more than `MAX_OPERATIONS` to choose from.
    """
    if target < 1:
        raise Invalid("a target is one working day at least", field="target")
    lawful = [each for each in operations if not any(breaches(base, each))]
    candidates = relevant(base, lawful, judged(base, laws))
    _check_number(candidates)
    search = _Search(candidates, target)
    for chunk in chunks(base, candidates, laws):
        search.look(chunk)
        progress(chunk.first + len(chunk.days), search.subsets)
    idle = tuple(each for each in lawful if each not in candidates)
    best = search.best()
    return Optimum(
        target=target,
        best=None if best is None else search.choice(best),
        front=tuple(map(search.choice, search.front())),
        near=tuple(map(search.choice, search.near())),
        barred=tuple(_barred(base, operations, {*lawful} - search.unheld(), laws)),
        idle=idle,
        subsets=search.subsets,
    )


def _barred(
    base: Plan,
    operations: Sequence[Operation],
    free: Collection[Operation],
    laws: Sequence[Precondition],
) -> Iterator[tuple[Operation, tuple[Breach, ...]]]:
    """Yield what no lawful set holds, with the breaches of doing it alone."""
    for operation in operations:
        if operation not in free:
            alone = play(base, [replace(operation, enabled=True)], laws)
            # what cannot even be done is not barred by a law
            found = alone.breaches or tuple(breaches(base, operation))
            if found:
                yield operation, found


def _check_number(operations: Sequence[Operation]) -> None:
    if len(operations) > MAX_OPERATIONS:
        text = (
            f"{len(operations)} operations make 2^{len(operations)} sets: choose at most "
            f"{MAX_OPERATIONS} that could move construction start"
        )
        raise Invalid(text, field="operations")


#: a set on its way: points, counted days, operations, and its number negated
_Row = tuple[int, int, int, int]


@dataclass
class _Search:
    """The best rows of the chunks so far."""

    operations: Sequence[Operation]
    target: int
    #: by counted days
    cheapest: dict[int, _Row] = field(default_factory=dict)
    #: those that reach the target for little more than the cheapest, and not with less
    close: list[_Row] = field(default_factory=list)
    #: bits of the operations that some allowed set holds
    held: int = 0

    @property
    def subsets(self) -> int:
        """How many there are."""
        return 1 << len(self.operations)

    def look(self, chunk: Chunk) -> None:
        """Keep what is best of a chunk."""
        allowed = np.flatnonzero(chunk.allowed)
        numbers = allowed + chunk.first
        self.held |= int(np.bitwise_or.reduce(numbers))
        # the earlier operations have the higher bits: of equal sets the higher number comes first
        table = np.column_stack(
            (chunk.cost[allowed], chunk.days[allowed], np.bitwise_count(numbers), -numbers)
        )
        for row in _rows(table[_firsts(table)]):
            known = self.cheapest.get(row[1])
            self.cheapest[row[1]] = row if known is None else min(known, row)
        self._look_close(table)

    def _look_close(self, table: NDArray[np.int64]) -> None:
        best = self.best()
        if best is None:
            return
        limit = best[0] + NEAR
        found = _without_more(table[(table[:, 1] <= self.target) & (table[:, 0] <= limit)])
        rows = [row for row in (*self.close, *_rows(found)) if row[0] <= limit]
        self.close = sorted(_smallest(rows))[:CLOSE_LIMIT]

    def unheld(self) -> set[Operation]:
        """Operations that no allowed set holds."""
        return {*self.operations} - {*members(self.held, self.operations)}

    def best(self) -> _Row | None:
        """The cheapest that reaches the target."""
        reaching = [row for days, row in self.cheapest.items() if days <= self.target]
        return min(reaching, default=None)

    def front(self) -> list[_Row]:
        """Rows from the fewest points on, each with fewer days than all before."""
        kept: list[_Row] = []
        for row in sorted(self.cheapest.values()):
            if not kept or row[1] < kept[-1][1]:
                kept.append(row)
        return kept

    def near(self) -> list[_Row]:
        """Close rows of which no operation could be left out, without the best itself."""
        best = self.best()
        return [row for row in self.close if row != best][:NEAR_LIMIT]

    def choice(self, row: _Row) -> Choice:
        """A row as what it stands for."""
        return Choice(row[1], row[0], members(-row[3], self.operations))


def _firsts(table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each number of days, the place of its first row in the order of rows."""
    order = np.lexsort((table[:, 3], table[:, 2], table[:, 0], table[:, 1]))
    return order[np.unique(table[order, 1], return_index=True)[1]]


def _without_more(table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of one chunk without those whose set less one operation is among them too."""
    if not len(table):
        return table
    places = -table[:, 3] - (first := int((-table[:, 3]).min()))
    among = np.zeros(int(places.max()) + 1, np.bool_)
    among[places] = True
    more = np.zeros(len(table), np.bool_)
    for bit in range(CHUNK_BITS):
        # a chunk's numbers differ in these bits alone
        less = places - (((places + first) >> bit & 1) << bit)
        more |= (less != places) & (less >= 0) & among[np.maximum(less, 0)]
    return table[~more]


def _smallest(rows: Iterable[_Row]) -> list[_Row]:
    """The rows of which no other holds a part alone."""
    kept: list[_Row] = []
    numbers = np.zeros(0, np.int64)
    for row in sorted(rows, key=lambda row: row[2]):
        if not (numbers & -row[3] == numbers).any():
            kept.append(row)
            numbers = np.append(numbers, -row[3])
    return kept


def _rows(table: NDArray[np.int64]) -> list[_Row]:
    return [(int(row[0]), int(row[1]), int(row[2]), int(row[3])) for row in table]
