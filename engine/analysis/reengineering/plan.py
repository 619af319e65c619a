"""A plan: a procedure's activities and items, as operations change them one after another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from engine.analysis.network import ActivityNetwork
from engine.errors import Conflict
from engine.rules.catalogue import Item
from engine.rules.procedure import START, Activity


class Inapplicable(Conflict):
    """The operation cannot be applied to the plan as it then is.

    `detail["cause"]` is one of `unknown_item`, `absorbed`, `dropped`, `not_shorter`,
    `waits_not`, `itself`, `no_authority`, `cycle`, `excluded`; `detail["items"]` names whom it is
    about.
    """

    code = "operation_inapplicable"
    remedy = "Change the operation, its place in the list, or the one it conflicts with."


@dataclass(frozen=True)
class Plan:
    """Activities in the order of the procedure, the items behind them, and what became of others.

    A plan is never changed: every operation gives a new one.
    """

    activities: Mapping[str, Activity]
    items: Mapping[str, Item]
    #: item that was merged → the item it was merged into
    absorbed: Mapping[str, str] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()

    @classmethod
    def of(cls, activities: Iterable[Activity], items: Mapping[str, Item]) -> Plan:
        """The plan of a procedure as it stands."""
        return cls({each.id: each for each in activities}, items)

    @cached_property
    def network(self) -> ActivityNetwork:
        """The network of the plan. Raises InvalidNetwork where activities wait in a circle."""
        return ActivityNetwork(self.activities.values())

    def __getitem__(self, activity_id: str) -> Activity:
        """The activity of an id. Raises Inapplicable saying what became of it."""
        found = self.activities.get(activity_id)
        if found is None:
            self._gone(activity_id)
        return found  # type: ignore[return-value]

    def stands_for(self, activity_id: str) -> str:
        """The id of the activity that does the work of an item: itself, or who took it in.

        Raises Inapplicable where nobody does.
        """
        return self.home(activity_id) or self[activity_id].id

    def home(self, activity_id: str) -> str | None:
        """As `stands_for`; None where nobody does the work any more."""
        while activity_id in self.absorbed:
            activity_id = self.absorbed[activity_id]
        return activity_id if activity_id in self.activities else None

    def followers(self, activity_id: str) -> list[Activity]:
        """Those that wait for an activity directly, to start or to decide."""
        return [
            each
            for each in self.activities.values()
            if activity_id in each.predecessors or activity_id in each.decision_waits_for
        ]

    def gates(self, activity_id: str) -> tuple[str, ...]:
        """All that must be finished before an activity can be."""
        activity = self.activities[activity_id]
        return (*activity.predecessors, *activity.decision_waits_for)

    def changed(self, *activities: Activity) -> Plan:
        """The plan with other versions of some activities."""
        return replace(self, activities={**self.activities, **{a.id: a for a in activities}})

    def without(self, activity_id: str, **kept: Any) -> Plan:
        """The plan without an activity that nobody waits for any more."""
        left = {key: each for key, each in self.activities.items() if key != activity_id}
        return replace(self, activities=left, **kept)

    def with_item(self, activity_id: str, **changes: Any) -> Plan:
        """The plan with an item changed, its activity taking the days that follow."""
        activity, item = self.activities[activity_id], self.items.get(activity_id)
        if item is None:
            return self
        item = replace(item, **changes)
        days = activity.days if item.days is None else item.days
        plan = replace(self, items={**self.items, activity_id: item})
        return plan.changed(replace(activity, days=days))

    def _gone(self, activity_id: str) -> None:
        if activity_id in self.absorbed:
            into = self.absorbed[activity_id]
            raise Inapplicable(
                f"{activity_id} was merged into {into} by an earlier operation",
                cause="absorbed",
                items=[activity_id, into],
            )
        if activity_id in self.dropped:
            text = f"{activity_id} was dropped by an earlier operation"
            raise Inapplicable(text, cause="dropped", items=[activity_id])
        text = f"there is no {activity_id!r} in the procedure"
        raise Inapplicable(text, cause="unknown_item", items=[activity_id])


def gates(names: Iterable[str], own: str) -> tuple[str, ...]:
    """Names of gates in their order, each once, without the activity itself.

    START goes where anything else is waited for; what waits for nothing waits for START.
    """
    found = dict.fromkeys(name for name in names if name != own)
    if len(found) > 1:
        found.pop(START, None)
    return tuple(found)
