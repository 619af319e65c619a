"""A control flow in the making: nodes by id, and the ways out of them as they become known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import networkx as nx

from engine.rules.flow import Flow, FlowKind, FlowNode


@dataclass(slots=True)
class Draft:
    """Nodes in the order of the diagrams, and the ways out of each."""

    nodes: dict[str, FlowNode] = field(default_factory=dict)
    ways: dict[str, list[Flow]] = field(default_factory=dict)

    def add(self, node: FlowNode) -> str:
        """Add a node without ways; return its id."""
        self.nodes[node.id], self.ways[node.id] = node, []
        return node.id

    def beside(self, node: str, what: str, kind: FlowKind) -> str:
        """Add a node that nobody drew, for what happens at an element; return its id."""
        drawn = self.nodes[node]
        about = (drawn.name, drawn.element, drawn.diagram, drawn.stage, drawn.item)
        return self.add(FlowNode(f"{node}~{what}", kind, *about))

    def change(self, node: str, **values: object) -> None:
        """Say more of a node."""
        self.nodes[node] = replace(self.nodes[node], **values)  # type: ignore[arg-type]

    def link(self, source: str, target: str, *, default: bool = False) -> None:
        """Add a way that nobody drew."""
        self.ways[source].append(Flow(f"{source}--{target}", target, default=default))

    def after(self, sources: Iterable[str], stop: Collection[str] = ()) -> dict[str, None]:
        """Return what tokens can come to from some nodes, these included; not beyond others.

        In the order in which one token after another would come there.
        """
        found: dict[str, None] = {}
        stack = [*sources][::-1]
        while stack:
            node = stack.pop()
            if node not in found:
                found[node] = None
                ways = self.ways[node] if node not in stop else ()
                stack.extend(each.target for each in reversed(ways))
        return found

    def finished(self) -> Mapping[str, FlowNode]:
        """Return the nodes with their ways. What waits for what nothing brings about ends a token.

        Such an event never comes: an event-based gateway does not lead there.
        """
        brought = {each.brings for each in self.nodes.values()}
        never = {each.id for each in self.nodes.values() if not brought.issuperset(each.waits_for)}
        for node in never:
            self.change(node, kind=FlowKind.END, waits_for=())
            self.ways[node] = []
        return {
            name: replace(node, outgoing=self.open(node, never))
            for name, node in self.nodes.items()
        }

    def open(self, node: FlowNode, never: set[str]) -> tuple[Flow, ...]:
        """Return the ways out of a node that can be gone; all where none can."""
        ways = self.ways[node.id]
        if node.kind is not FlowKind.EXCLUSIVE:
            return tuple(ways)
        return tuple(each for each in ways if each.target not in never) or tuple(ways)


def meeting(draft: Draft, entry: str, ends: Sequence[str]) -> str:
    """Return the node at which everything has ended that began at `entry`.

    Ends that one token comes to, or another, go on by themselves; ends of tokens that go side by
    side are awaited. Which they are says the last node before both that no way goes round: in a
    network that is no block within a block that is a guess.
    """
    for each in ends:
        draft.change(each, kind=FlowKind.PASS)
    if len(ends) == 1:
        return ends[0]
    graph = nx.DiGraph(
        (node, way.target) for node in draft.after([entry]) for way in draft.ways[node]
    )
    above: Mapping[str, str | None] = nx.immediate_dominators(graph, entry)
    beside: nx.Graph[str] = nx.Graph()
    beside.add_nodes_from(ends)
    pairs = ((a, b) for place, a in enumerate(ends) for b in ends[:place])
    beside.add_edges_from(pair for pair in pairs if parts(draft, parting(above, *pair)))
    return gathered(draft, beside, ends[0], "ended")


def parting(above: Mapping[str, str | None], first: str, second: str) -> str:
    """Return the nearest node that every way to both nodes passes."""
    passed = set(upwards(above, first))
    return next(each for each in upwards(above, second) if each in passed)


def upwards(above: Mapping[str, str | None], node: str) -> Iterator[str]:
    """Yield a node and those that every way to it passes, the nearest first."""
    last, here = "", node
    while here and here != last:
        yield here
        last, here = here, above.get(here) or ""


def parts(draft: Draft, node: str) -> bool:
    """Whether a token leaves a node by several ways at once."""
    return draft.nodes[node].kind is not FlowKind.EXCLUSIVE and len(draft.ways[node]) > 1


def gathered(draft: Draft, beside: nx.Graph[str], host: str, name: str) -> str:
    """Return the node that awaits ends that stand side by side, one of those that do not."""
    if len(beside) == 1:
        return next(iter(beside))
    kind, groups = FlowKind.EXCLUSIVE, [*nx.connected_components(beside)]
    if len(groups) == 1:
        kind, groups = FlowKind.PARALLEL, [*nx.connected_components(nx.complement(beside))]
    if len(groups) == 1:
        kind, groups = FlowKind.EXCLUSIVE, [{each} for each in beside]
    node = draft.beside(host, name, kind)
    for group in groups:
        draft.link(gathered(draft, beside.subgraph(group), min(group), f"{name}+"), node)
    return node
