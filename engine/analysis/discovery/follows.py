"""A control flow found in a log where no diagram fits: what directly follows what, and how often.

The model is of first order: where a case goes next depends on the last activity alone. It knows no
work that goes on at once; activities that come in any order appear as loops between them. Moves
are kept from the most frequent on until a share of cases goes by kept moves alone, so rare ways
are noise and left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.analysis.discovery.directly import FIRST, LAST, directly
from engine.analysis.eventlog.log import EventLog
from engine.errors import Invalid
from engine.rules.flow import ControlFlow, Flow, FlowItem, FlowKind, FlowNode
from engine.rules.procedure import Kind

#: the share of cases that go by kept moves alone
COVER = 0.8
STAGE, START, END = "discovered", "START", "END"
#: what an id may be made of; the rest becomes "-"
PLAIN = re.compile(r"[^A-Za-z0-9_.]+")
LONGEST = 40
#: with more moves than these a diagram is no more read than the log is
MOST = 40


@dataclass(frozen=True, slots=True)
class Move:
    """A kept move from one activity to another, by node id; START and END are ends of cases."""

    source: str
    target: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. `nodes` are node ids by activity, `dropped` the activities left out.

    `covered` is the share of cases that go by the kept moves alone, `least` the count from which
    moves were kept.
    """

    flow: ControlFlow
    nodes: Mapping[str, str]
    moves: tuple[Move, ...]
    dropped: Mapping[str, int]
    covered: float
    least: int

    def data(self) -> dict[str, Any]:
        """Return what it leaves out and how much it covers, as JSON."""
        names = ("source", "target", "count", "share")
        return {
            "nodes": dict(self.nodes),
            "moves": [{name: getattr(each, name) for name in names} for each in self.moves],
            "dropped": dict(self.dropped),
            "covered": round(self.covered, 4),
            "least": self.least,
        }


def discovered(log: EventLog, *, cover: float = COVER, most: int = MOST) -> Found:
    """Return the control flow of a log: at most so many moves, though fewer cases be covered.

    Raises Invalid for a log without events.
    """
    if not len(log):
        raise Invalid("the log has no events", field="log")
    counted = directly(log)
    least = counted.least(cover)
    chosen = counted.chosen(least, most)
    used = (counted.names[each] for each in np.unique(counted.edges[:, chosen]))
    ids = identifiers([each for each in used if each not in {FIRST, LAST}])
    named = {FIRST: START, LAST: END, **ids}
    pairs = zip(counted.edges[:, chosen].T, counted.counts[chosen], strict=True)
    of = [named.get(each, "") for each in counted.names]
    moves = shared([(of[one], of[other], int(count)) for (one, other), count in pairs])
    events = np.bincount(log.activity, minlength=len(log.activities))
    dropped = {name: int(events[at]) for at, name in enumerate(log.activities) if name not in ids}
    return Found(flow_of(ids, moves), ids, moves, dropped, counted.covered(chosen), int(least))


def identifiers(names: list[str]) -> dict[str, str]:
    """Return ids for activities: their names as far as an id may hold them, each once."""
    found: dict[str, str] = {}
    taken = {START.lower(), END.lower()}
    for number, name in enumerate(names, 1):
        plain = PLAIN.sub("-", name).strip("-.")[:LONGEST].rstrip("-.")
        if not plain or not (plain[0].isalpha() or plain[0] == "_"):
            plain = f"a{number}-{plain}".rstrip("-")
        unique = plain
        while unique.lower() in taken:
            unique = f"{plain}-{number}"
            number += len(names)  # noqa: PLW2901
        taken |= {unique.lower(), f"{unique.lower()}-in", f"{unique.lower()}-out"}
        found[name] = unique
    return found


def shared(found: list[tuple[str, str, int]]) -> tuple[Move, ...]:
    """Return moves with their shares of all kept moves from the same activity, frequent first."""
    total: dict[str, int] = {}
    for source, _, count in found:
        total[source] = total.get(source, 0) + count
    moves = (Move(one, other, n, round(n / total[one], 6)) for one, other, n in found)
    return tuple(sorted(moves, key=lambda each: (-each.count, each.source, each.target)))


# -- as a control flow ---------------------------------------------------------------------------


def flow_of(ids: Mapping[str, str], moves: tuple[Move, ...]) -> ControlFlow:
    """Return moves as a control flow: exclusive gateways before and behind what has several.

    `X-in` brings the ways into X together, `X-out` parts those that leave it.
    """
    out, into = ways(moves)
    nodes: dict[str, FlowNode] = {}
    names = {START: "", END: ""} | {identifier: name for name, identifier in ids.items()}
    for identifier in (START, *ids.values(), END):
        for node in around(identifier, names[identifier], out, into):
            nodes[node.id] = node
    items = {
        each: FlowItem(each, name, STAGE, "", Kind.APPROVAL, 0, each, each)
        for name, each in ids.items()
    }
    return ControlFlow(nodes, items)


def ways(moves: tuple[Move, ...]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return what each node leads to and what leads to it, the frequent first."""
    out: dict[str, list[str]] = {}
    into: dict[str, list[str]] = {}
    for move in moves:
        out.setdefault(move.source, []).append(move.target)
        into.setdefault(move.target, []).append(move.source)
    return out, into


def around(
    identifier: str, name: str, out: Mapping[str, list[str]], into: Mapping[str, list[str]]
) -> list[FlowNode]:
    """Return a node with the gateways before and behind it."""
    kind = {START: FlowKind.START, END: FlowKind.END}.get(identifier, FlowKind.WORK)
    made = []
    targets = [entry(each, into) for each in out.get(identifier, ())]
    if len(into.get(identifier, ())) > 1:
        made.append(gateway(f"{identifier}-in", [identifier]))
    own = targets if len(targets) <= 1 else [f"{identifier}-out"]
    worker = Kind.APPROVAL if kind is FlowKind.WORK else Kind.MILESTONE
    item = identifier if kind is FlowKind.WORK else ""
    flows = tuple(leading(identifier, each) for each in own)
    made.append(
        FlowNode(
            identifier,
            kind,
            name,
            identifier,
            STAGE,
            STAGE,
            item,
            worker=worker,
            brings=item,
            counted=bool(item),
            outgoing=flows,
        )
    )
    if len(targets) > 1:
        made.append(gateway(f"{identifier}-out", targets))
    return made


def entry(identifier: str, into: Mapping[str, list[str]]) -> str:
    """Return where a way to a node leads: to the gateway before it, if there is one."""
    return f"{identifier}-in" if len(into.get(identifier, ())) > 1 else identifier


def gateway(identifier: str, targets: list[str]) -> FlowNode:
    """Return an exclusive gateway; its first way is its default."""
    flows = tuple(
        leading(identifier, each, default=not at and len(targets) > 1)
        for at, each in enumerate(targets)
    )
    return FlowNode(identifier, FlowKind.EXCLUSIVE, "", identifier, STAGE, STAGE, outgoing=flows)


def leading(source: str, target: str, *, default: bool = False) -> Flow:
    """Return a way from node to node."""
    return Flow(f"{source}--{target}", target, default=default)
