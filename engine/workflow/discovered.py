"""The diagram of a control flow that was found in an event log: one that is deployed and runs.

Every activity is a user task; which way it goes on is its outcome, the id of what comes next, the
most frequent one being the default. How often each way was gone stands on the flows and, for
programs, in the gateways' property `shares`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.rules.flow import ControlFlow, FlowKind, FlowNode
from engine.workflow.diagram import Diagram, Flow, Lane, Node
from engine.workflow.layout import draw
from engine.workflow.xml import ID

#: BPMN's tags of what such a flow has
TAGS: Mapping[FlowKind, str] = {
    FlowKind.START: "startEvent",
    FlowKind.END: "endEvent",
    FlowKind.WORK: "userTask",
    FlowKind.EXCLUSIVE: "exclusiveGateway",
}
#: where cases begin in several ways, somebody says which
BEGIN, BEGIN_NAME = "BEGIN", "分派"
#: what an id may be made of, and how much of a name
UNFIT = re.compile(r"[^A-Za-z0-9_]+")
LONGEST = 40
#: rarer ways are told as less than this
LEAST = 0.01


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of a found flow beside its nodes.

    `shares` by gateway and flow id; `lanes` who does each WORK node, by name; `days` are the
    working days it is expected to take: nobody promised them.
    """

    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    lanes: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)


def discovered(
    flow: ControlFlow, found: Findings | None = None, *, identifier: str = "", name: str = ""
) -> bytes:
    """Return the BPMN file of a found flow, laid out.

    `identifier` is the process's and so the procedure's, `name` the pool's label.
    """
    return draw(diagram(flow, found or Findings(), identifier=identifier, name=name))


def diagram(flow: ControlFlow, found: Findings, *, identifier: str = "", name: str = "") -> Diagram:
    """Return a found flow as a diagram; its nodes and flows keep their ids."""
    writer = Writer(flow, found)
    process = plain(identifier) or "discovered"
    nodes, flows = tuple(writer.nodes()), tuple(writer.flows())
    return Diagram(process, name or process, writer.lanes, nodes, flows)


def plain(name: str) -> str:
    """Return a name as far as an id may hold it."""
    found = UNFIT.sub("-", name).strip("-")[:LONGEST].rstrip("-")
    return found if not found or ID.fullmatch(found) else f"p-{found}"


class Writer:
    """Writes the parts of a diagram."""

    def __init__(self, flow: ControlFlow, found: Findings) -> None:
        self.flow = flow
        self.found = found
        self.order = list(flow.nodes)
        named = dict.fromkeys(found.lanes.get(each.id, "") for each in self.works())
        #: ids of lanes by name; none where not all work is somebody's, or all is the same one's
        self.lane_ids = lane_ids([*named]) if "" not in named and len(named) > 1 else {}
        self.lanes = tuple(Lane(at, name) for name, at in self.lane_ids.items())

    def works(self) -> Iterator[FlowNode]:
        """Yield the nodes at which somebody works."""
        return (each for each in self.flow.nodes.values() if each.kind is FlowKind.WORK)

    # -- nodes -----------------------------------------------------------------------------------

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes as they are drawn."""
        for each in self.flow.nodes.values():
            if each.kind is FlowKind.WORK:
                yield self.task(each)
            elif each.kind is FlowKind.EXCLUSIVE:
                yield self.gateway(each)
            else:
                yield Node(each.id, TAGS[each.kind], each.name, self.lane(each))
            if self.begins_apart(each):
                ways = ("outcomes", ",".join(self.outcomes(each.outgoing[0].target)))
                said = (("kind", "approval"), ("expected_days", "0"), ways)
                yield Node(BEGIN, "userTask", BEGIN_NAME, self.lane(each), said)

    def task(self, node: FlowNode) -> Node:
        """Return an activity."""
        days = str(self.found.days.get(node.id, 0))
        said = [("kind", "approval"), ("expected_days", days)]
        ways = self.outcomes(node.outgoing[0].target) if node.outgoing else []
        if len(ways) > 1:
            said.append(("outcomes", ",".join(ways)))
        return Node(node.id, "userTask", node.name, self.lane(node), tuple(said))

    def outcomes(self, gateway: str) -> list[str]:
        """Return the ids of what a gateway leads to, its default first."""
        node = self.flow.nodes[gateway]
        if node.kind is not FlowKind.EXCLUSIVE or len(node.outgoing) <= 1:
            return []
        ways = sorted(node.outgoing, key=lambda each: not each.default)
        return [self.meant(each.target) for each in ways]

    def meant(self, target: str) -> str:
        """Return the id of the work or the end that a way leads to."""
        node = self.flow.nodes[target]
        joins = node.kind is FlowKind.EXCLUSIVE and len(node.outgoing) == 1
        return self.meant(node.outgoing[0].target) if joins else target

    def gateway(self, node: FlowNode) -> Node:
        """Return a gateway with its shares."""
        default = next((each.id for each in node.outgoing if each.default), "")
        shares = self.found.shares.get(node.id, {}).items()
        told = " ".join(f"{flow}={share:.4g}" for flow, share in shares)
        said = (("shares", told),) if told else ()
        return Node(node.id, TAGS[node.kind], node.name, self.lane(node), said, default=default)

    def lane(self, node: FlowNode) -> str:
        """Return the lane of a node: a gateway's or an event's is that of the work beside it."""
        for each in self.beside(node):
            if each in self.found.lanes:
                return self.lane_ids.get(self.found.lanes[each], "")
        return next(iter(self.lane_ids.values()), "")

    def beside(self, node: FlowNode) -> Iterator[str]:
        """Yield a node, what comes before it and what comes behind it."""
        yield node.id
        for each in self.flow.nodes.values():
            if any(way.target == node.id for way in each.outgoing):
                yield each.id
        yield from (way.target for way in node.outgoing)

    def begins_apart(self, node: FlowNode) -> bool:
        """Tell whether cases begin in several ways."""
        starts = node.kind is FlowKind.START and len(node.outgoing) == 1
        return starts and bool(self.outcomes(node.outgoing[0].target))

    # -- flows -----------------------------------------------------------------------------------

    def flows(self) -> Iterator[Flow]:
        """Yield the ways from node to node, those behind a choice with condition and share."""
        for node in self.flow.nodes.values():
            choice = node.kind is FlowKind.EXCLUSIVE and len(node.outgoing) > 1
            shares = self.found.shares.get(node.id, {})
            for way in node.outgoing:
                if self.begins_apart(node):
                    yield Flow(f"{node.id}--{BEGIN}", node.id, BEGIN)
                    yield Flow(f"{BEGIN}--{way.target}", BEGIN, way.target)
                    continue
                asked = f'outcome == "{self.meant(way.target)}"'
                condition = asked if choice and not way.default else ""
                label = percent(shares[way.id]) if choice and way.id in shares else way.name
                yield Flow(way.id, node.id, way.target, label, condition)


def lane_ids(names: list[str]) -> dict[str, str]:
    """Return ids of lanes by name; an id names a department."""
    found: dict[str, str] = {}
    for number, name in enumerate(names, 1):
        identifier = f"lane-{plain(name) or number}"
        found[name] = f"{identifier}-{number}" if identifier in found.values() else identifier
    return found


def percent(share: float) -> str:
    """Return a share as it stands on a flow."""
    return f"{share:.0%}" if share >= LEAST or not share else f"<{LEAST:.0%}"
