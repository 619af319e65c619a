"""What became of each item, in one word: how two diagrams side by side are marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from engine.analysis.reduction import reduced
from engine.analysis.reengineering.change import ChangeKind, changes
from engine.analysis.reengineering.legality import earlier
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import Played
from engine.rules.procedure import START, Kind


class Mark(StrEnum):
    """What became of an item; where several are true, the first of these is told."""

    #: merged into another, or asked for no more
    REMOVED = "removed"
    #: it waits for others than before, or was moved to where it holds up others
    MOVED = "moved"
    #: its days, its papers, who takes part, or how it is decided
    CHANGED = "changed"
    ADDED = "added"


ORDER = tuple(Mark)
#: whom a change marks; who only takes part in a review is not marked
MARK_OF: Mapping[ChangeKind, Mark] = {
    ChangeKind.MERGED: Mark.REMOVED,
    ChangeKind.DROPPED: Mark.REMOVED,
    ChangeKind.EARLIER: Mark.MOVED,
    ChangeKind.MOVED: Mark.MOVED,
    ChangeKind.TAKES_IN: Mark.CHANGED,
    ChangeKind.PROMISE: Mark.CHANGED,
    ChangeKind.EXPECTATION: Mark.CHANGED,
    ChangeKind.CONVENES: Mark.CHANGED,
    ChangeKind.COMMITMENT: Mark.CHANGED,
}


def marks(played: Played) -> dict[str, dict[str, Mark]]:
    """The marks of the items, by id: `before` on the base's diagrams, `after` on the scenario's.

    What stays as it is bears none; milestones never do.
    """
    base, plan = played.base, played.plan
    found: dict[str, set[Mark]] = {}
    for change in changes(base, plan, played.applied):
        if change.kind in MARK_OF:
            found.setdefault(change.item, set()).add(MARK_OF[change.kind])
    for name in _later(base, plan):
        found.setdefault(name, set()).add(Mark.MOVED)
    before = {name: min(each, key=ORDER.index) for name, each in found.items()}
    kept = {name: mark for name, mark in before.items() if name in plan.activities}
    new = [name for name in plan.activities if name not in base.activities]
    return {"before": before, "after": kept | dict.fromkeys(new, Mark.ADDED)}


def _later(base: Plan, plan: Plan) -> Iterator[str]:
    """Items that wait for something they did not wait for at all.

    Waiting for who does the work of what was waited for is nothing new.
    """
    reach = earlier(base.network)
    for each in reduced(plan.network):
        if each.kind is Kind.MILESTONE or each.id not in reach:
            continue
        known = {plan.home(name) for name in reach[each.id]} | {START}
        if not known.issuperset((*each.predecessors, *each.decision_waits_for)):
            yield each.id
