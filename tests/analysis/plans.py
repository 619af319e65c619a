"""Plans and operations to test with: hand-made, random, and the city's own lists."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from hypothesis import assume
from hypothesis import strategies as st

from engine.analysis.network import ActivityNetwork
from engine.analysis.reengineering.application import apply, promise_of
from engine.analysis.reengineering.operation import Operation, OperationKind, operations_of
from engine.analysis.reengineering.plan import Inapplicable, Plan
from engine.analysis.reengineering.scenario import play
from engine.rules.catalogue import Item, Name
from engine.rules.deadline import DayUnit
from engine.rules.precondition import Precondition, preconditions_of
from engine.rules.procedure import OPEN, START, Activity, Kind
from engine.service import procedures
from engine.settings import Settings
from tests.analysis.networks import network, networks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Pick = Callable[[int, int], int]

T = TypeVar("T")
BPMN = Path(__file__).parents[2] / "bpmn"


@cache
def bundled(name: str) -> tuple[Plan, ActivityNetwork]:
    """One of the city's procedures as it is drawn."""
    settings = Settings()
    built, net = procedures.plan(procedures.named(name, settings), settings)
    return Plan.of(built.activities, built.procedure.items), net


@cache
def published(name: str) -> tuple[Operation, ...]:
    """The city's list of operations on a procedure."""
    text = (BPMN / "operations" / f"{name}.yaml").read_text(encoding="utf-8")
    return operations_of(yaml.safe_load(text)["operations"])


@cache
def laws() -> tuple[Precondition, ...]:
    """What the law requires before what."""
    text = (BPMN / "preconditions.yaml").read_text(encoding="utf-8")
    return preconditions_of(yaml.safe_load(text))


def plan(*activities: Activity, items: Iterable[Item] = ()) -> Plan:
    """A plan by hand; what has no item of its own is known by its days alone."""
    return Plan.of(network(*activities), {each.id: each for each in items})


def operation(kind: str, item: str, **told: Any) -> Operation:
    return Operation.of({"kind": kind, "item": item, **told})


def law(before: str, after: str) -> Precondition:
    return Precondition(before, after, f"law of {before} and {after}", Name(f"{before}先于{after}"))


@st.composite
def plans(draw: st.DrawFn, size: int = 6) -> Plan:
    """Random plans, items and all."""
    return planned(draw(networks(size)), lambda low, high: draw(st.integers(low, high)))


@st.composite
def cases(
    draw: st.DrawFn, most: int = 6, size: int = 6
) -> tuple[Plan, tuple[Operation, ...], tuple[Precondition, ...]]:
    """A random plan, operations on it of all kinds, and laws that it keeps or not."""
    base = draw(plans(size))

    def pick(low: int, high: int) -> int:
        return draw(st.integers(low, high))

    return base, operations(base, pick, pick(1, most)), required(base, pick)


@st.composite
def steps(draw: st.DrawFn, *kinds: OperationKind) -> tuple[Plan, Operation, Plan]:
    """A plan that operations may have changed, one more that can be done, and what it makes."""

    def pick(low: int, high: int) -> int:
        return draw(st.integers(low, high))

    base = draw(plans())
    before = play(base, operations(base, pick, pick(0, 3))).plan
    assume(any(each.kind is not Kind.MILESTONE for each in before.activities.values()))
    operation = operations(before, pick, 1, kinds or tuple(OperationKind))[0]
    try:
        return before, operation, apply(before, operation)
    except Inapplicable:
        assume(condition=False)
        raise


def planned(net: ActivityNetwork, pick: Pick) -> Plan:
    """A network with items behind most of its activities, in either unit, some of them guarded."""
    found = [_item(activity, pick) for activity in net if activity.kind is not Kind.MILESTONE]
    items = {each.id: each for each in found if each is not None}
    return Plan.of((_timed(activity, items) for activity in net), items)


def _item(activity: Activity, pick: Pick) -> Item | None:
    if not pick(0, 6):
        return None
    own: dict[str, Any] = {"id": activity.id, "name": Name(activity.name), "kind": activity.kind}
    if activity.kind is not Kind.APPROVAL:
        return Item(**own, expected_days=activity.days)
    unit = DayUnit.CALENDAR if not pick(0, 4) else DayUnit.WORKING
    papers = tuple(f"paper {number}" for number in range(pick(0, 3)))
    guards = ("fire",) if not pick(0, 5) else ()
    return Item(
        **own,
        promised_days=activity.days,
        promised_unit=unit,
        instant=activity.days == 0,
        statutory_days=(None, activity.days, activity.days + 2)[pick(0, 2)],
        legal_basis="its law",
        materials=papers,
        secondary=papers[:1] if activity.days else (),
        guards=guards,
        deemed_on_lapse=not guards and not pick(0, 3),
    )


def _timed(activity: Activity, items: dict[str, Item]) -> Activity:
    item = items.get(activity.id)
    days = None if item is None else item.days
    return activity if days is None else _with_days(activity, days)


def _with_days(activity: Activity, days: int) -> Activity:
    return Activity(
        activity.id,
        activity.name,
        activity.stage,
        activity.department,
        activity.kind,
        days,
        activity.predecessors,
        activity.decision_waits_for,
    )


def operations(
    base: Plan, pick: Pick, count: int, kinds: Sequence[OperationKind] = tuple(OperationKind)
) -> tuple[Operation, ...]:
    """Operations that mostly can be applied, and now and then cannot."""
    rows = [_row(base, pick, number, kinds) for number in range(count)]
    for row in rows:
        others = [each["id"] for each in rows if each is not row]
        row["excludes"] = [each for each in others if not pick(0, 9)]
    return operations_of(rows)


def _row(base: Plan, pick: Pick, number: int, kinds: Sequence[OperationKind]) -> dict[str, Any]:
    names = [each.id for each in base.activities.values() if each.kind is not Kind.MILESTONE]
    kind = _one(kinds, pick)
    item = _one(names, pick) if pick(0, 30) else _one(("nothing", START, OPEN), pick)
    return {
        "id": f"{number}-{kind}-{item}",
        "kind": kind.value,
        "item": item,
        "cost": {"effort": pick(0, 3), "legal": pick(0, 1)},
        **TOLD[kind](base, pick, item),
    }


def _days(base: Plan, pick: Pick, item: str) -> dict[str, Any]:
    now = promise_of(base, item) if item in base.activities else 0
    return {"days": pick(0, max(now - (1 if pick(0, 7) else -1), 0))}


def _joint(base: Plan, pick: Pick, item: str) -> dict[str, Any]:
    return {**_days(base, pick, item), "participants": ["FIRE", "CAD"]}


def _commitment(base: Plan, pick: Pick, item: str) -> dict[str, Any]:
    return {**_days(base, pick, item), "check_days": 20}


def _merge(base: Plan, pick: Pick, item: str) -> dict[str, Any]:
    others = [each for each in base.network.order if each not in {item, START, OPEN}]
    return {"absorb": _some(others if pick(0, 9) else base.network.order, pick, 2)}


def _parallelise(base: Plan, pick: Pick, item: str) -> dict[str, Any]:
    order = base.network.order
    place = order.index(item) if item in order else 0
    return {"predecessors": _some(order[:place] if pick(0, 7) else order, pick, 3)}


def _move(base: Plan, pick: Pick, item: str) -> dict[str, Any]:
    order = base.network.order
    place = order.index(item) if item in order else 0
    waiting = [each.id for each in base.followers(item)] if pick(0, 7) else []
    return {
        "remove_from": _some(waiting or order, pick, 2),
        "add_to": _some(order[place + 1 :], pick, 2) if pick(0, 3) and order[place + 1 :] else [],
    }


TOLD: dict[OperationKind, Callable[[Plan, Pick, str], dict[str, Any]]] = {
    OperationKind.SHORTEN: _days,
    OperationKind.MERGE: _merge,
    OperationKind.DROP: lambda _base, _pick, _item: {},
    OperationKind.PARALLELISE: _parallelise,
    OperationKind.MOVE_TO_POST: _move,
    OperationKind.JOINT_REVIEW: _joint,
    OperationKind.COMMITMENT: _commitment,
}


def _one(names: Sequence[T], pick: Pick) -> T:
    return names[pick(0, len(names) - 1)]


def _some(names: Sequence[str], pick: Pick, most: int) -> list[str]:
    return [_one(names, pick) for _ in range(pick(1, most))] if names else [START]


def required(base: Plan, pick: Pick) -> tuple[Precondition, ...]:
    """Up to three laws between any two activities; a base need not keep them."""
    order = base.network.order
    pairs = []
    for _ in range(pick(0, 3)):
        later = pick(1, len(order) - 1)
        pairs.append((order[pick(0, later - 1)], order[later]))
    return tuple(law(before, after) for before, after in dict.fromkeys(pairs))
