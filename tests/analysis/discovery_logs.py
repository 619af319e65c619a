"""Logs with a known truth, drawn with numpy, and small control flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from engine.analysis.discovery.clock import WorkClock
from engine.analysis.eventlog.log import UNKNOWN, EventLog
from engine.rules.flow import ControlFlow, Flow, FlowItem, FlowKind, FlowNode
from engine.rules.procedure import Kind

CITY = ZoneInfo("Asia/Shanghai")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2014, 1, 6)
#: midnight of that Monday in the city, in seconds since 1970
MIDNIGHT = 1_388_937_600.0
HOUR, DAY = 3_600.0, 86_400.0
AROUND_THE_CLOCK = WorkClock(CITY, MONDAY)


def random(seed: int = 7) -> np.random.Generator:
    return np.random.default_rng(seed)


def instants(hours: Any) -> Any:
    """Instants so many hours after that Monday's midnight in the city."""
    return MIDNIGHT + np.asarray(hours, np.float64) * HOUR


def log(
    case: Any,
    activity: Sequence[str],
    end: Any,
    *,
    start: Any = None,
    ready: Any = None,
    resource: Sequence[str] | None = None,
    group: Sequence[str] | None = None,
) -> EventLog:
    """A log of columns; times in hours after that Monday's midnight in the city."""
    case = np.asarray(case)
    unknown = np.full(len(case), np.nan)
    times = [unknown if each is None else instants(each) for each in (ready, start, end)]
    order = np.lexsort((times[2], case))
    cases, place = np.unique(case, return_inverse=True)
    activities, doing = indexed(activity)
    resources, by = indexed(resource or [""] * len(case))
    groups, of = indexed(group or [""] * len(case))
    columns = [place.astype(np.int32), doing, by, of, *times]
    names = (tuple(str(each) for each in cases), activities, resources, groups)
    return EventLog(*names, *(each[order] for each in columns))


def indexed(names: Sequence[str]) -> tuple[tuple[str, ...], Any]:
    """Names, and where each stands; '' is unknown."""
    known = tuple(dict.fromkeys(each for each in names if each))
    return known, np.array([known.index(each) if each else UNKNOWN for each in names], np.int32)


def words(*cases: str, apart: float = 1.0) -> EventLog:
    """Cases as words: "a b c" did a, b and c, an hour apart, one case a day."""
    told = [
        (at, place, name)
        for at, case in enumerate(cases)
        for place, name in enumerate(case.split())
    ]
    ends = [at * 24 + (place + 1) * apart for at, place, _ in told]
    return log([f"{at:05}" for at, _, _ in told], [name for _, _, name in told], ends)


def flow(text: str) -> ControlFlow:
    """A flow in lines `a > b c`.

    `START…` and `END…` are what they say, `x1` is an exclusive gateway, `p1` a parallel, `i1` an
    inclusive one, `g1` a gate; everything else is work.
    """
    ways: dict[str, list[str]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        source, _, targets = line.partition(">")
        ways.setdefault(source.strip(), []).extend(targets.split())
        for target in targets.split():
            ways.setdefault(target, [])
    return ControlFlow({each: node(each, to) for each, to in ways.items()}, {})


KINDS: Mapping[str, FlowKind] = {
    "x": FlowKind.EXCLUSIVE,
    "p": FlowKind.PARALLEL,
    "i": FlowKind.INCLUSIVE,
    "g": FlowKind.GATE,
}


def node(name: str, targets: Sequence[str], item: str = "") -> FlowNode:
    kind = FlowKind.WORK
    if name.startswith(("START", "END")):
        kind = FlowKind.START if name.startswith("START") else FlowKind.END
    elif name[0] in KINDS and name[1:].isdigit():
        kind = KINDS[name[0]]
    outgoing = tuple(Flow(f"{name}--{to}", to) for to in targets)
    return FlowNode(name, kind, name, name, "stage", "stage", item, outgoing=outgoing)


def window() -> ControlFlow:
    """Two items, each received and reviewed: IND-01/receive and so on."""
    nodes = {}
    for item, name in (("IND-01", "项目备案"), ("IND-02", "规划选址")):
        for element, said in (("receive", "收件受理"), ("review", "审查")):
            identifier = f"{item}/{element}"
            nodes[identifier] = FlowNode(
                identifier,
                FlowKind.WORK,
                said,
                element,
                "item",
                "approval",
                item,
                worker=Kind.APPROVAL,
            )
        nodes[item] = item_of(item, name)
    items = {
        each: FlowItem(
            each, name, "approval", "", Kind.APPROVAL, 3, f"{each}/receive", f"{each}/review"
        )
        for each, name in (("IND-01", "项目备案"), ("IND-02", "规划选址"))
    }
    return ControlFlow(nodes, items)


def item_of(item: str, name: str) -> FlowNode:
    """Where an item has come about."""
    return FlowNode(item, FlowKind.PASS, name, item, "approval", "approval", item, brings=item)
