"""What law an operation breaks: by a rule of its kind, or by what is left of the preconditions.

A breach does not stop an operation from being looked at on paper; it stops it from being proposed,
deployed, or chosen by the optimiser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from engine.analysis.network import ActivityNetwork
from engine.analysis.reengineering.operation import Operation, OperationKind
from engine.analysis.reengineering.plan import Plan
from engine.errors import Invalid
from engine.rules.catalogue import Item
from engine.rules.deadline import check_promise
from engine.rules.precondition import Precondition

PROMISE_LAW = "优化营商环境条例 art. 36"
COMMITMENT_LAW = "国办发〔2020〕42号; 安阳 art. 25"
COMPETENCE_LAW = "行政许可法 art. 22"


class BreachKind(StrEnum):
    """What is broken."""

    #: the promise is longer than the law allows
    ABOVE_STATUTE = "above_statute"
    #: a legal precondition is not waited for any more
    PRECONDITION = "precondition"
    #: what may endanger others cannot be decided on the applicant's word
    COMMITMENT_BARRED = "commitment_barred"
    #: what protects others cannot be asked for no more
    GUARDED = "guarded"
    #: what protects others is decided without the department whose power it is
    COMPETENCE = "competence"


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that is broken, and by which article."""

    kind: BreachKind
    #: the items it is about; of a precondition, what must come before what
    items: tuple[str, ...]
    law: str
    message: str


def breaches(before: Plan, operation: Operation) -> Iterator[Breach]:
    """Yield what an operation breaks in itself, whatever else is done."""
    item = before.items.get(operation.item)
    if item is None:
        return
    if operation.days is not None:
        yield from _above_statute(item, operation.days)
    if operation.kind is OperationKind.COMMITMENT and item.guards:
        yield _barred(item)
    if operation.kind is OperationKind.DROP and item.guards:
        text = f"{item.id} guards {', '.join(item.guards)}: only a change of the law may drop it"
        yield Breach(BreachKind.GUARDED, (item.id,), item.legal_basis, text)


def _barred(item: Item) -> Breach:
    text = f"{item.id} guards {', '.join(item.guards)}: a commitment cannot replace its proof"
    return Breach(BreachKind.COMMITMENT_BARRED, (item.id,), COMMITMENT_LAW, text)


def standing(base: Plan, plan: Plan, applied: Iterable[Operation]) -> Iterator[Breach]:
    """Yield what operations break together, in the plan as it stands.

    What protects others and has a term by law is merged only where its own department goes on
    taking part; what was promised on the applicant's word takes in nothing that guards.
    """
    for name in plan.absorbed:
        home = plan.home(name)
        if home is not None and reserved(base, name) and not _takes_part(base, plan, name, home):
            text = f"{home} would decide {name} without {base[name].department}"
            yield Breach(BreachKind.COMPETENCE, (name, home), COMPETENCE_LAW, text)
    for operation in applied:
        item = plan.items.get(operation.item)
        committed = operation.kind is OperationKind.COMMITMENT
        if committed and item is not None and operation.item in plan.activities and item.guards:
            yield _barred(item)


def reserved(base: Plan, name: str) -> bool:
    """Whether an item guards others and the law gives a term for it: a power of its department."""
    item = base.items.get(name)
    return item is not None and bool(item.guards) and item.statutory_days is not None


def _takes_part(base: Plan, plan: Plan, name: str, home: str) -> bool:
    department, into = base[name].department, plan.items.get(home)
    seated = () if into is None else into.participants
    return department in (plan[home].department, *seated)


def _above_statute(item: Item, days: int) -> Iterator[Breach]:
    try:
        check_promise(days, item.statutory_days, item.unit, item.promised_unit)
    except Invalid:
        text = f"{item.id}: {days} days promised, but the law allows {item.statutory_days}"
        law = f"{item.legal_basis}; {PROMISE_LAW}" if item.legal_basis else PROMISE_LAW
        yield Breach(BreachKind.ABOVE_STATUTE, (item.id,), law, text)


def broken(base: Plan, plan: Plan, laws: Iterable[Precondition]) -> tuple[Breach, ...]:
    """The legal preconditions between activities of the base that the plan does not keep.

    An item that was merged is done by the one that took it in.
    """
    mine = [law for law in laws if {law.before, law.after} <= base.activities.keys()]
    reach = earlier(plan.network)
    return tuple(_breach(law) for law in mine if not _kept(plan, law, reach))


def judged(base: Plan, laws: Iterable[Precondition]) -> tuple[Precondition, ...]:
    """The preconditions by which changes are judged: those that the base has and keeps itself."""
    reach = earlier(base.network)
    return tuple(
        law
        for law in laws
        if {law.before, law.after} <= base.activities.keys() and _kept(base, law, reach)
    )


def _kept(plan: Plan, law: Precondition, reach: dict[str, set[str]]) -> bool:
    before, after = plan.home(law.before), plan.home(law.after)
    if before is None or after is None:
        # what comes after nothing any more needs nothing before it
        return after is None
    return before == after or before in reach[after]


def _breach(law: Precondition) -> Breach:
    text = f"{law.after} would not wait for {law.before}: {law.name.en or law.name.zh}"
    return Breach(BreachKind.PRECONDITION, (law.before, law.after), law.law, text)


def earlier(network: ActivityNetwork) -> dict[str, set[str]]:
    """By id, all that is finished before an activity is."""
    found: dict[str, set[str]] = {}
    for each in network.order:
        near = set(network.graph.pred[each])
        found[each] = near.union(*(found[before] for before in near))
    return found
