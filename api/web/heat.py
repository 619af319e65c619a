"""A diagram as a heat map: how long work waits and takes at each element, how often it passes.

Used for simulated and for recorded projects alike. The script states.js colours the elements: the
darker the more, with the number on each, so that nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from api.web.gantt.words import gettext as _
from engine.rules.flow import ControlFlow, FlowNode
from engine.service.diagrams import DrawnProcess

#: so many shades; 0 is for what is nothing
LEVELS = 5
WAITING, WORKING, HELD, VISITS = "waiting", "working", "held", "visits"
HOUR_MINUTES, DAY_HOURS = 60, 24
#: hours up to here are told in hours, more in days of the calendar
MOST_HOURS = 100
MANY = 100


@dataclass(frozen=True, slots=True)
class Heat:
    """What passes at one element. Hours are of one visit; None where nobody knows.

    `waiting` for somebody to take it up, `working` on it, `held` by what must come before.
    """

    visits: float
    waiting: float | None = None
    working: float | None = None
    held: float | None = None


#: by measure: what it is called, the hue and the icon of its shades
MEASURES: Mapping[str, tuple[Any, str, str]] = {
    WAITING: (_l("排队等待"), "warm", "hourglass-empty"),
    WORKING: (_l("办理用时"), "cool", "player-play"),
    HELD: (_l("等前置"), "count", "lock"),
    VISITS: (_l("次数"), "count", "repeat"),
}


def value(heat: Heat, measure: str) -> float | None:
    """Return one measure of an element."""
    found: float | None = getattr(heat, measure)
    return found


def most(heats: Iterable[Heat], measure: str) -> float:
    """Return the largest value: the shades of all diagrams of a procedure are on one scale."""
    return max((value(each, measure) or 0.0 for each in heats), default=0.0)


def level(amount: float, largest: float) -> int:
    """Return the shade of an amount, 0 to LEVELS."""
    if amount <= 0 or largest <= 0:
        return 0
    return min(LEVELS, int(amount / largest * LEVELS * (1 - 1e-9)) + 1)


def states(
    heats: Mapping[str, Heat], names: Mapping[str, str], measure: str, largest: float
) -> dict[str, Any]:
    """Return how the elements of a diagram look, by id, for the script that draws."""
    told = {
        each: state(heat, names.get(each, each), measure, largest) for each, heat in heats.items()
    }
    return {"elements": told, "flows": {}}


def state(heat: Heat, name: str, measure: str, largest: float) -> dict[str, Any]:
    """Return how one element looks."""
    _word, hue, icon = MEASURES[measure]
    amount = value(heat, measure)
    if not amount:
        return {"state": f"{hue}-0", "title": sentence(heat, name)}
    shade = f"{hue}-{level(amount, largest)}"
    return {
        "state": shade,
        "badge": written(amount, measure),
        "icon": icon,
        "title": sentence(heat, name),
    }


def sentence(heat: Heat, name: str) -> str:
    """Return all that is known of an element."""
    parts = [_("%(name)s：%(n)s 次", name=name, n=count(heat.visits))]
    if heat.waiting is not None:
        parts.append(_("等待 %(time)s", time=hours(heat.waiting)))
    if heat.working is not None:
        parts.append(_("办理 %(time)s", time=hours(heat.working)))
    if heat.held:
        parts.append(_("等前置 %(time)s", time=hours(heat.held)))
    return _("，").join(parts)


def written(amount: float, measure: str) -> str:
    """Return an amount as it stands on an element."""
    return count(amount) if measure == VISITS else hours(amount)


def count(amount: float) -> str:
    """Return how often something happens: means with their fractions."""
    if amount >= MANY or amount == int(amount):
        return f"{amount:,.0f}"
    return f"{amount:.2f}"


def hours(amount: float) -> str:
    """Return hours in the unit they are read best in; days are those of the calendar."""
    if amount >= MOST_HOURS:
        return _("%(n)s 天", n=f"{amount / DAY_HOURS:.1f}")
    if amount >= 1 or amount == 0:
        return _("%(n)s 小时", n=f"{amount:.1f}" if amount else 0)
    return _("%(n)s 分", n=f"{amount * HOUR_MINUTES:.0f}")


@dataclass(frozen=True, slots=True)
class Shade:
    """One shade of the legend: its name for the stylesheet, and up to which amount it goes."""

    state: str
    text: str


def legend(measure: str, largest: float) -> list[Shade]:
    """Return the shades of a measure, from nothing on; one where everything is nothing."""
    hue = MEASURES[measure][1]
    none = Shade(f"{hue}-0", written(0, measure))
    if largest <= 0:
        return [none]
    upto = (written(largest * n / LEVELS, measure) for n in range(1, LEVELS + 1))
    return [none, *(Shade(f"{hue}-{n}", f"≤ {text}") for n, text in enumerate(upto, 1))]


# -- from nodes to what is drawn -----------------------------------------------------------------


def on_diagram(
    process: DrawnProcess, flow: ControlFlow, heats: Mapping[str, Heat], item: str = ""
) -> dict[str, Heat]:
    """Return the heats of nodes by the elements of a diagram.

    On a stage's diagram all that is done for an item is summed on the item's element, and its
    visits are those of its main step. A called diagram shows one `item`'s steps.
    """
    if process.stage is None:
        drawn = diagram_of(flow, item)
        steps = (each for each in flow.nodes.values() if item and each.item == item)
        return {
            each.element: heats[each.id]
            for each in steps
            if each.diagram == drawn and each.id in heats
        }
    found = dict(gathered(process, flow, heats))
    return {element: summed(nodes, flow, heats) for element, nodes in found.items()}


def diagram_of(flow: ControlFlow, item: str) -> str:
    """Return the diagram in which the main step of an item stands; '' for an unknown one."""
    found = flow.items.get(item)
    main = flow.nodes.get(found.main) if found else None
    return main.diagram if main else ""


def gathered(
    process: DrawnProcess, flow: ControlFlow, heats: Container[str]
) -> Iterator[tuple[str, list[FlowNode]]]:
    """Yield the elements of a stage's diagram with the nodes that stand behind each."""
    known = [
        each
        for each in flow.nodes.values()
        if process.stage and each.stage == process.stage.id and each.id in heats
    ]
    for element in process.elements:
        item = element.item.id if element.item else ""
        nodes = [
            each for each in known if each.element == element.id or (item and each.item == item)
        ]
        if nodes:
            yield element.id, nodes


def summed(nodes: Iterable[FlowNode], flow: ControlFlow, heats: Mapping[str, Heat]) -> Heat:
    """Return what several nodes come to for one project."""
    mine = {each.id: heats[each.id] for each in nodes}
    mains = {flow.items[each.item].main for each in nodes if each.item in flow.items}
    of_main = [heat for each, heat in mine.items() if each in mains]
    return Heat(
        visits=max(each.visits for each in of_main or mine.values()),
        waiting=total(mine.values(), WAITING),
        working=total(mine.values(), WORKING),
        held=total(mine.values(), HELD),
    )


def total(heats: Iterable[Heat], measure: str) -> float | None:
    """Return the hours of all visits; None where nobody knows of any."""
    known = [(each.visits, value(each, measure)) for each in heats]
    told = [visits * hours for visits, hours in known if hours is not None]
    return sum(told) if told else None
