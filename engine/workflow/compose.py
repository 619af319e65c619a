"""From the activities of a procedure to the diagrams of its stages.

The predecessor relation is drawn exactly, after transitive reduction over all stages:
a precondition inside a stage is a flow, one from another stage a catch event named
for the item it waits for. Forks and joins are explicit parallel gateways; activities
that wait for the same things share one join.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import networkx as nx

from engine.rules.procedure import START, Activity, Kind
from engine.workflow.diagram import Diagram, Flow, Lane, Node
from engine.workflow.layout_lanes import order_lanes

#: lanes that come above the departments, in this order
OUTSIDE = ("APPL", "INST")
ITEM_PROCESS = "item"


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage to compose: its id, its name and the code of its lead department."""

    id: str
    name: str
    lead: str
    #: labels of the pool, of the start and of the end, where they are not the usual ones
    pool: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Captions:
    """The words of the diagrams that the activities do not carry themselves."""

    #: department code → lane name
    departments: Mapping[str, str]
    #: what starts the clock: 交地, 竞得土地
    starts_with: str
    #: item id → label of the event that waits for it; else its name with 办结
    waits: Mapping[str, str] = field(default_factory=dict)
    #: item id → the node that stands for it elsewhere; else it is drawn by its kind
    drawn: Mapping[str, Node] = field(default_factory=dict)

    def wait(self, activity: Activity) -> str:
        return self.waits.get(activity.id, f"{activity.name}办结")


#: node → the nodes it waits for, in one stage
Needs = dict[str, tuple[str, ...]]


def compose(
    activities: Sequence[Activity], stages: Sequence[StagePlan], captions: Captions
) -> dict[str, Diagram]:
    """Make one diagram per stage, by stage id.

    >>> from engine.rules.procedure import Activity, Kind
    >>> one = Activity("X-01", "备案", "approval", "NDRC", Kind.APPROVAL, 1, ("START",))
    >>> made = compose([one], [StagePlan("approval", "项目审批", "NDRC")],
    ...                Captions({"NDRC": "发改委"}, "交地"))
    >>> [flow.id for flow in made["approval"].flows]
    ['START--X-01', 'X-01--approval-done']
    """
    by_id = {activity.id: activity for activity in activities}
    needed = direct_predecessors(activities)
    return {stage.id: _Stage(stage, by_id, needed, captions).diagram() for stage in stages}


def direct_predecessors(activities: Iterable[Activity]) -> dict[str, tuple[str, ...]]:
    """Predecessors of each activity without those that follow from others.

    What has none hangs on START, since every stage is started with the project.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    for activity in activities:
        if activity.id != START:
            earlier = activity.predecessors or (START,)
            graph.add_edges_from((item, activity.id) for item in earlier)
    order = {node: place for place, node in enumerate(graph)}
    reduced = nx.transitive_reduction(graph)
    return {
        node: tuple(sorted(reduced.predecessors(node), key=order.__getitem__))
        for node in graph
        if node != START
    }


class _Stage:
    """One stage on its way to a diagram."""

    def __init__(
        self,
        stage: StagePlan,
        by_id: Mapping[str, Activity],
        needed: Mapping[str, tuple[str, ...]],
        captions: Captions,
    ) -> None:
        self.stage = stage
        self.by_id = by_id
        self.captions = captions
        self.members = [a for a in by_id.values() if a.stage == stage.id and a.id != START]
        taken = f"{stage.id}-done" in by_id
        self.end = f"{stage.id}-end" if taken else f"{stage.id}-done"
        self.needs = self._needs(needed)

    def diagram(self) -> Diagram:
        links, gateways = with_gateways(self.needs)
        nodes = self._nodes(links, gateways)
        flows = tuple(Flow(f"{source}--{target}", source, target) for source, target in links)
        used = {node.lane for node in nodes}
        lanes = tuple(
            Lane(f"lane-{code}", self.captions.departments[code])
            for code in self._lane_order()
            if f"lane-{code}" in used
        )
        name = self.stage.pool or f"{self.stage.name}阶段"
        drawn = Diagram(self.stage.id, name, lanes, nodes, flows)
        return order_lanes(drawn, {f"lane-{code}" for code in OUTSIDE})

    def _needs(self, needed: Mapping[str, tuple[str, ...]]) -> Needs:
        """The predecessor relation seen from inside the stage, with its ends."""
        inside = {a.id for a in self.members if a.kind is not Kind.MILESTONE} | {START}
        needs: Needs = {}
        for activity in self.members:
            sources = needed[activity.id]
            waits = [item for item in sources if item not in inside]
            needs.update({f"wait-{item}": (START,) for item in waits})
            needs[activity.id] = tuple(s if s in inside else f"wait-{s}" for s in sources)
        followed = {source for sources in needs.values() for source in sources}
        ends = {activity.id for activity in self.members} - inside
        loose = tuple(node for node in needs if node not in followed | ends)
        if loose:
            needs[self.end] = loose
        return needs

    def _nodes(self, links: Sequence[tuple[str, str]], gateways: Sequence[str]) -> tuple[Node, ...]:
        lane = {START: self.stage.lead, self.end: self.stage.lead}
        lane.update({a.id: a.department or self.stage.lead for a in self.members})
        waits = [node for node in self.needs if node.startswith("wait-")]
        # a join stands with what it opens, a fork with what it follows
        for node in reversed([g for g in gateways if g.startswith("join-")] + waits):
            targets = [target for source, target in links if source == node]
            lane[node] = self._common_lane(targets, links, lane)
        for node in (g for g in gateways if g.startswith("fork-")):
            lane[node] = lane[next(source for source, target in links if target == node)]
        order = dict.fromkeys([START, *(end for link in links for end in link)])
        return tuple(self._node(node, f"lane-{lane[node]}") for node in order)

    def _common_lane(
        self, targets: Sequence[str], links: Sequence[tuple[str, str]], lane: Mapping[str, str]
    ) -> str:
        """The lead's lane if it is among the targets', else the first target's."""
        beyond = [t for s, t in links if s in targets and s not in lane]
        found = [lane[node] for node in [*targets, *beyond] if node in lane]
        return self.stage.lead if self.stage.lead in found or not found else found[0]

    def _node(self, node: str, lane: str) -> Node:
        if node == START:
            name = self.stage.start or self.captions.starts_with
            return Node(node, "startEvent", name, lane)
        if node.startswith("wait-"):
            item = node.removeprefix("wait-")
            name = self.captions.wait(self.by_id[item])
            return Node(node, "intermediateCatchEvent", name, lane, message=item)
        if node == self.end:
            return Node(node, "endEvent", self.stage.end or f"{self.stage.name}完成", lane)
        if node not in self.by_id:
            return Node(node, "parallelGateway", "", lane)
        activity, drawn = self.by_id[node], self.captions.drawn.get(node)
        return activity_node(activity, lane) if drawn is None else as_drawn(activity, lane, drawn)

    def _lane_order(self) -> list[str]:
        """Applicant and intermediaries on top, then the lead, then the others as they come."""
        departments = [self.stage.lead, *(a.department for a in self.members if a.department)]
        outside = [code for code in OUTSIDE if code in departments]
        return list(dict.fromkeys([*outside, *departments]))


def activity_node(activity: Activity, lane: str) -> Node:
    """The flow node of an activity, with the properties the engine reads.

    Approvals call the item process; applicants' and intermediaries' work is a user
    task; construction start is an end event.
    """
    if activity.kind is Kind.MILESTONE:
        return Node(activity.id, "endEvent", activity.name, lane)
    item = (("item", activity.id),)
    if activity.kind is not Kind.APPROVAL:
        return Node(
            activity.id, "userTask", activity.name, lane, (*item, ("kind", activity.kind.value))
        )
    gates = ",".join(activity.decision_waits_for)
    soft = (("decision_waits_for", gates),) if gates else ()
    return Node(activity.id, "callActivity", activity.name, lane, item + soft, called=ITEM_PROCESS)


def as_drawn(activity: Activity, lane: str, drawn: Node) -> Node:
    """The node of an activity as it was drawn elsewhere, its decision waiting as it now does."""
    said = {"item": activity.id, **dict(drawn.properties)}
    said.pop("decision_waits_for", None)
    if activity.decision_waits_for:
        said["decision_waits_for"] = ",".join(activity.decision_waits_for)
    return replace(
        drawn, id=activity.id, name=activity.name, lane=lane, properties=tuple(said.items())
    )


def with_gateways(needs: Needs) -> tuple[list[tuple[str, str]], list[str]]:
    """Turn "waits for" into flows, with a gateway wherever flows part or meet.

    Nodes that wait for the same several things share one join, and a fork after it.
    Returns the flows as (source, target) and the ids of the gateways.
    """
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for node, sources in needs.items():
        groups[tuple(sorted(sources))].append(node)
    follows: dict[str, list[str]] = defaultdict(list)
    for sources, nodes in groups.items():
        if len(sources) == 1:
            follows[sources[0]] += nodes
            continue
        join = f"join-{nodes[0]}"
        for source in needs[nodes[0]]:
            follows[source].append(join)
        follows[join] += nodes
    return _fork(follows)


def _fork(follows: Mapping[str, list[str]]) -> tuple[list[tuple[str, str]], list[str]]:
    links: list[tuple[str, str]] = []
    for source, targets in follows.items():
        if len(targets) == 1:
            links.append((source, targets[0]))
            continue
        fork = f"fork-{source}" if not source.startswith("join-") else f"fork-{source[5:]}-start"
        links.append((source, fork))
        links += [(fork, target) for target in targets]
    gateways = dict.fromkeys(
        end for link in links for end in link if end.startswith(("join-", "fork-"))
    )
    return links, list(gateways)
