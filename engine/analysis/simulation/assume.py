"""A control flow and what people assume beyond it, put together as a model to be played.

Where nothing is assumed the plan's days pass on each item's main step, nothing else takes time,
nobody queues and every default is taken: the critical path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from engine.analysis.simulation.assumptions import Assumptions, ItemRule, PoolRule, StepRule
from engine.analysis.simulation.calendars import Hours, calendar_of
from engine.analysis.simulation.distribution import Distribution, fixed
from engine.analysis.simulation.fitting import TAKING_TIME, unfit
from engine.analysis.simulation.model import (
    NOTHING,
    Calendar,
    Model,
    ModelItem,
    Node,
    Person,
    Pool,
    Standing,
)
from engine.analysis.simulation.reading import Problem, Problems, refuse
from engine.analysis.simulation.ways import shares
from engine.rules.calendar import BusinessCalendar
from engine.rules.flow import ControlFlow, FlowItem, FlowKind, FlowNode
from engine.rules.procedure import OPEN, Kind

#: the city's office hours, unless others are named; timers go by the clock on the wall
OFFICE, WALL = "office", "wall"
#: in the name of a pool it stands for the item's department
DEPARTMENT = "{department}"
AGAIN = "again"


def model_of(
    flow: ControlFlow,
    assumptions: Assumptions,
    *,
    origin: date,
    business_calendar: BusinessCalendar,
    promised_days: int | None = None,
    window_months: int | None = None,
    standing: Sequence[Standing] = (),
) -> Model:
    """Return the model of a procedure from `origin`, a Monday, on.

    Raises InvalidAssumptions with every problem where they do not fit the procedure, InvalidModel
    where the origin lies outside the city's calendar.
    """
    maker = Maker(flow, assumptions, origin, business_calendar)
    nodes = tuple(maker.node(each) for each in flow.nodes.values())
    maker.problems.extend(unfit(flow, assumptions, maker.calendars, maker.queued))
    refuse(maker.problems)
    return Model(
        origin=origin,
        nodes=nodes,
        calendars=maker.calendars,
        clock=maker.clock,
        items=tuple(map(item_of, flow.items.values())),
        pools=tuple(Pool(name, each.name, each.department) for name, each in maker.pools.items()),
        people=tuple(maker.people()),
        arrivals=assumptions.arrivals,
        standing=tuple(standing),
        opens=OPEN if any(each.brings == OPEN for each in nodes) else "",
        promised_days=promised_days,
        window_months=window_months,
    )


def is_silence(node: FlowNode) -> bool:
    """Whether a timer is that of an item's promise."""
    return node.kind is FlowKind.TIMER and node.counted


def item_of(item: FlowItem) -> ModelItem:
    """Return what is totalled of an item."""
    about = (item.id, item.name, item.stage, item.department, str(item.kind), item.days)
    return ModelItem(*about, item.begins)


@dataclass(eq=False)
class Maker:
    """Puts a model together and notes what does not fit."""

    flow: ControlFlow
    said: Assumptions
    origin: date
    business: BusinessCalendar
    problems: Problems = field(default_factory=list)
    #: pools in which work stands, each with a node of it
    queued: dict[str, str] = field(default_factory=dict)

    @property
    def pools(self) -> Mapping[str, PoolRule]:
        """The queues."""
        return self.said.pools

    @cached_property
    def calendars(self) -> dict[str, Calendar]:
        """Calendars by name: those that are named, or the city's office hours."""
        written = dict(self.said.calendars) or {OFFICE: Hours()}
        if any(each.kind is FlowKind.TIMER for each in self.flow.nodes.values()):
            written[WALL] = Hours(always=True)
        return {
            name: calendar_of(each, self.origin, self.business) for name, each in written.items()
        }

    @cached_property
    def clock(self) -> str:
        """The calendar that days are counted on."""
        if self.said.clock in self.calendars:
            return self.said.clock
        return OFFICE if OFFICE in self.calendars else next(iter(self.calendars))

    # -- nodes ---------------------------------------------------------------------------------

    def node(self, node: FlowNode) -> Node:
        """Return a node with its numbers."""
        item = self.said.items.get(node.item, ItemRule())
        pool = self.pool(node) if node.kind is FlowKind.WORK else ""
        calendar = self.hours(node, pool)
        return Node(
            node.id,
            node.kind,
            tuple(each.target for each in node.outgoing),
            shares(self.flow, node, self.said.shares, self.problems),
            # what passes an item by silence is none of its own days
            item="" if is_silence(node) else node.item,
            work=self.work(node, calendar) if node.kind in TAKING_TIME else NOTHING,
            pool=pool,
            calendar=calendar if node.kind in TAKING_TIME else "",
            counted=node.counted,
            waits_for=node.waits_for,
            brings=node.brings,
            priority=item.priority,
        )

    def is_main(self, node: FlowNode) -> bool:
        """Whether an item's days are spent on a node."""
        return node.item in self.flow.items and self.flow.items[node.item].main == node.id

    def rules(self, node: FlowNode) -> Iterator[tuple[str, StepRule | ItemRule]]:
        """Yield what is said of a node with its key, what says it more closely first."""
        if node.id in self.said.steps:
            yield f"steps.{node.id}", self.said.steps[node.id]
        if self.is_main(node) and node.item in self.said.items:
            yield f"items.{node.item}", self.said.items[node.item]
        if node.element in self.said.steps and node.element != node.id:
            yield f"steps.{node.element}", self.said.steps[node.element]
        if node.element == AGAIN and node.kind is FlowKind.WORK:
            yield AGAIN, self.said.again

    def work(self, node: FlowNode, calendar: str) -> Distribution:
        """Return the hours of work on a node, on its calendar."""
        day = self.calendars[calendar].day_hours
        for _, rule in self.rules(node):
            if rule.days is not None:
                return rule.days.scaled(day)
            if isinstance(rule, StepRule) and rule.hours is not None:
                return rule.hours
        if node.kind is FlowKind.TIMER:
            return self.passing(node)
        if not self.is_main(node):
            return NOTHING
        item = self.flow.items[node.item]
        factor = self.said.durations.get(item.kind, fixed(1.0))
        return factor.scaled(item.days * day)

    def passing(self, node: FlowNode) -> Distribution:
        """Return a timer's hours; those of an item's silence are its promised days."""
        if not is_silence(node):
            return fixed(node.timer)
        return fixed(self.flow.items[node.item].days * self.calendars[self.clock].day_hours)

    def hours(self, node: FlowNode, pool: str) -> str:
        """Return the calendar of a node's work: of its pool, of the wall, or the clock."""
        if pool and self.pools[pool].calendar in self.calendars:
            return self.pools[pool].calendar
        return WALL if node.kind is FlowKind.TIMER and not is_silence(node) else self.clock

    # -- people --------------------------------------------------------------------------------

    def pool(self, node: FlowNode) -> str:
        """Return whose queue a node's work stands in; empty where it goes on by itself."""
        found = ((at, each.pool) for at, each in self.rules(node))
        at, name = next(
            ((at, pool) for at, pool in found if pool is not None), ("", self.own_pool(node))
        )
        department = self.flow.items[node.item].department if node.item in self.flow.items else ""
        named = name.replace(DEPARTMENT, department)
        if not named or (DEPARTMENT in name and not department):
            return ""
        if named not in self.pools:
            text = f"there is no pool {named!r} for {node.id}; add it to pools"
            self.problems.append(Problem(f"{at}.pool", text))
            return ""
        self.queued.setdefault(named, node.id)
        return named

    def own_pool(self, node: FlowNode) -> str:
        """Return the queue of a department's own work: the pool named after it, or one of its."""
        if not self.is_main(node) or node.worker is not Kind.APPROVAL or not node.department:
            return ""
        own = (name for name, each in self.pools.items() if each.department == node.department)
        return node.department if node.department in self.pools else next(own, "")

    def people(self) -> Iterator[Person]:
        """Yield everybody who serves queues, the nameless first."""
        for name, each in self.pools.items():
            for number in range(1, each.people + 1):
                calendar = each.calendar or self.clock
                yield Person(f"{name}-{number}", (name,), calendar, each.absence)
        for person in self.said.people:
            calendar = person.calendar or self.pools[person.pools[0]].calendar or self.clock
            yield Person(person.id, person.pools, calendar, person.absence)
