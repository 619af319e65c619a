"""Cards of a period as supervision counts them: by department, and the rung they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from engine.rules import supervision
from engine.rules.inspection import Tally
from engine.rules.period import Period
from engine.rules.supervision import Counted, Ladder, Rung, State
from engine.service.work import Work
from engine.store import tables as t

card = t.card.c
#: the rungs in their order, by how grave they are
GRAVITY = {rung: place for place, rung in enumerate(Rung)}


@dataclass(frozen=True, slots=True)
class Cards:
    """A department's cards: those of the period, and those of each quarter it touches."""

    of_period: list[Counted] = field(default_factory=list)
    by_quarter: dict[str, list[Counted]] = field(default_factory=dict)

    @property
    def tally(self) -> Tally:
        """Those of the period that stand."""
        found = supervision.tally(self.of_period)
        return Tally(yellow=found.yellow, red=found.red)

    @property
    def awaiting(self) -> int:
        """How many of them nobody has replied to, counted as the tally counts."""
        found = supervision.tally(one for one in self.of_period if one.state == State.ISSUED)
        return found.yellow + found.red

    def rung(self, ladder: Ladder) -> Rung:
        """Return the rung that the cards of a quarter reach, of several quarters the gravest."""
        tallies = (supervision.tally(several) for several in self.by_quarter.values())
        return gravest(ladder.rung(each.standing) for each in tallies)


def gravest(rungs: Iterable[Rung]) -> Rung:
    """Return the gravest of rungs; none where there are none."""
    return max(rungs, key=GRAVITY.__getitem__, default=Rung.NONE)


def find(work: Work, period: Period) -> Mapping[str, Cards]:
    """Return the cards of a period and of the quarters it touches, by department."""
    names = ("task_id", "rule", "colour", "state")
    query = select(
        card.department, card.quarter, card.issued_on, *(card[name] for name in names)
    ).where(card.quarter.in_(period.quarters()))
    found: dict[str, Cards] = {}
    for department, quarter, issued_on, *what in work.db.execute(query):
        cards, one = found.setdefault(department, Cards()), Counted(*what)
        cards.by_quarter.setdefault(quarter, []).append(one)
        if period.holds(issued_on):
            cards.of_period.append(one)
    return found
