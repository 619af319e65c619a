"""A log drawn on a diagram: how often each element was passed and how long it took.

The shades, the scale and the script are those of `api.web.heat`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from api.web import heat, log_report
from api.web.gantt.words import gettext as _
from api.web.heat import LEVELS, Shade, level
from engine.rules.flow import ControlFlow, FlowNode
from engine.service.diagrams import DrawnProcess

Row = Mapping[str, Any]
COUNT, MEDIAN, P90, WAITING = "count", "median_hours", "p90_hours", "waiting_hours"
#: by measure: what it is called, the hue and the icon of its shades
MEASURES: Mapping[str, tuple[Any, str, str]] = {
    COUNT: (_l("次数"), "count", "repeat"),
    MEDIAN: (_l("中位数"), "cool", "clock"),
    P90: (_l("P90（九成在此内）"), "cool", "clock-exclamation"),
    WAITING: (_l("等待"), "warm", "hourglass-empty"),
}
HOURS = (MEDIAN, P90, WAITING, "work_hours")


@dataclass(frozen=True, slots=True)
class Scale:
    """What shades mean: a measure, its largest value, and hours of a day of work."""

    measure: str
    largest: float
    day_hours: float

    def written(self, amount: float) -> str:
        """Return an amount as it stands on an element."""
        if self.measure == COUNT:
            return f"{amount:,.0f}"
        return log_report.worked(amount, self.day_hours)

    def legend(self) -> list[Shade]:
        """Return the shades from nothing on; one where everything is nothing."""
        hue = MEASURES[self.measure][1]
        none = Shade(f"{hue}-0", _("没有"))
        if self.largest <= 0:
            return [none]
        upto = (self.written(self.largest * n / LEVELS) for n in range(1, LEVELS + 1))
        return [none, *(Shade(f"{hue}-{n}", f"≤ {text}") for n, text in enumerate(upto, 1))]

    def state(self, told: Row, name: str) -> dict[str, Any]:
        """Return how an element looks."""
        _word, hue, icon = MEASURES[self.measure]
        title = self.sentence(told, name)
        amount = told[self.measure]
        if not amount:
            return {"state": f"{hue}-0", "title": title}
        shade = f"{hue}-{level(amount, self.largest)}"
        return {"state": shade, "badge": self.written(amount), "icon": icon, "title": title}

    def sentence(self, told: Row, name: str) -> str:
        """Return all that is known of an element."""
        parts = [_("%(name)s：%(n)s 次", name=name, n=f"{told[COUNT]:,}")]
        words = {MEDIAN: _("中位数"), P90: "P90", WAITING: _("等待")}
        parts += [
            f"{word} {log_report.worked(told[key], self.day_hours)}"
            for key, word in words.items()
            if told[key] is not None
        ]
        return _("，").join(parts)


def most(rows: Iterable[Row], measure: str) -> float:
    """Return the largest value of a measure."""
    return max((row[measure] or 0.0 for row in rows), default=0.0)


# -- from nodes to what is drawn -----------------------------------------------------------------


def on_diagram(
    process: DrawnProcess, flow: ControlFlow, nodes: Mapping[str, Row], item: str = ""
) -> dict[str, Row]:
    """Return what passed at the elements of a diagram.

    On a stage's diagram the steps of an item are told together: as often as its main step, their
    times added up. A called diagram shows one `item`'s steps.
    """
    if process.stage is None:
        drawn = heat.diagram_of(flow, item)
        steps = (each for each in flow.nodes.values() if item and each.item == item)
        return {
            each.element: nodes[each.id]
            for each in steps
            if each.diagram == drawn and each.id in nodes
        }
    return {
        element: together(behind, flow, nodes)
        for element, behind in heat.gathered(process, flow, nodes)
    }


def together(behind: Sequence[FlowNode], flow: ControlFlow, nodes: Mapping[str, Row]) -> Row:
    """Return what several nodes come to."""
    mains = {flow.items[each.item].main for each in behind if each.item in flow.items}
    rows = [nodes[each.id] for each in behind]
    of_main = [nodes[each.id] for each in behind if each.id in mains]
    counts = {key: max(row[key] for row in of_main or rows) for key in (COUNT, "cases")}
    return {**counts, **{key: added(rows, key) for key in HOURS}}


def added(rows: Iterable[Row], key: str) -> float | None:
    """Return the sum of what is known; None where nothing is."""
    known = [row[key] for row in rows if row[key] is not None]
    return sum(known) if known else None


def flows(counts: Mapping[str, int]) -> dict[str, dict[str, str]]:
    """Return how thick the flows of a diagram are, with their counts."""
    largest = max(counts.values(), default=0)
    return {
        flow: {"state": f"weight-{level(count, largest)}", "text": f"{count:,}" if count else ""}
        for flow, count in counts.items()
    }


def branches(report: Row, drawn: Callable[[str], bool]) -> dict[str, int]:
    """Return how often the ways out of gateways were gone; `drawn` tells which gateways are."""
    shown = (each for each in report["shares"] if drawn(each["node"]))
    return {way["flow"]: round(way["count"]) for each in shown for way in each["branches"]}
