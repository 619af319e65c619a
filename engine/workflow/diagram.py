"""A BPMN process with lanes as plain data: what is drawn, without where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

EVENTS = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    }
)
GATEWAYS = frozenset(
    {
        "parallelGateway",
        "exclusiveGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = SUBPROCESSES | frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "callActivity",
    }
)
FLOW_NODES = EVENTS | GATEWAYS | ACTIVITIES


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node; `kind` is the BPMN tag: userTask, parallelGateway, startEvent and so on."""

    id: str
    kind: str
    name: str = ""
    lane: str = ""
    #: `zeebe:properties`, which say what Lianshen needs to know of the element
    properties: tuple[tuple[str, str], ...] = ()
    #: id of the process a call activity calls
    called: str = ""
    #: name of the message an event throws or catches
    message: str = ""
    #: id of an exclusive gateway's default flow
    default: str = ""
    #: the activity a boundary event sits on
    attached_to: str = ""

    @property
    def is_gateway(self) -> bool:
        return self.kind in GATEWAYS

    @property
    def is_event(self) -> bool:
        return self.kind in EVENTS


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow from one node to another."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the pool: who does the work in it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """One process in one pool. `id` is the process id, `name` the pool's label.

    A diagram without lanes is drawn as one band; without a name it has no pool.
    """

    id: str
    name: str
    lanes: tuple[Lane, ...]
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]

    def by_id(self) -> Mapping[str, Node]:
        return {node.id: node for node in self.nodes}

    def outgoing(self, node: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.source == node]

    def incoming(self, node: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.target == node]


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the drawing, in pixels; y grows downwards."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, by its upper left corner and its size in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        beside = self.right <= other.x or other.right <= self.x
        return not (beside or self.bottom <= other.y or other.bottom <= self.y)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where everything of a diagram goes: boxes by element id, bends by flow id."""

    pool: Box
    lanes: Mapping[str, Box]
    nodes: Mapping[str, Box]
    routes: Mapping[str, tuple[Point, ...]]
    #: labels below events and gateways and beside flows; tasks carry theirs inside
    labels: Mapping[str, Box] = field(default_factory=dict)
