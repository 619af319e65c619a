"""Which way a token takes: the shares of a gateway's flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.analysis.simulation.reading import Problem, Problems
from engine.rules.flow import ControlFlow, Flow, FlowKind, FlowNode

CHOOSING = frozenset({FlowKind.EXCLUSIVE, FlowKind.INCLUSIVE})
#: shares that add up to 1 but for this were rounded
SLIP = 1e-4

Said = Mapping[str, Mapping[str, float]]


def shares(flow: ControlFlow, node: FlowNode, said: Said, problems: Problems) -> tuple[float, ...]:
    """Return the share of each way out of a node; empty where all are gone.

    What is said of the node goes before what is said of its element. What is left goes to the
    default, or else to the first way of which nothing is said; where nothing is said and there is
    no default, all are as likely. At an inclusive gateway each is a chance of its own.
    """
    if node.kind not in CHOOSING or not node.outgoing:
        return ()
    at = node.id if node.id in said else node.element
    given = named(flow, node, said.get(at, {}), at, problems)
    if node.kind is FlowKind.INCLUSIVE:
        return chances(node.outgoing, given)
    rest = main(node.outgoing, given)
    if not given and rest is None:
        return (1.0 / len(node.outgoing),) * len(node.outgoing)
    left = 1.0 - sum(given.values())
    if left < -SLIP or (left > SLIP and rest is None):
        problems.append(Problem(f"shares.{at}", f"they add up to {1 - left:g}, not 1"))
    known = {**given, **({rest: max(0.0, left)} if rest is not None else {})}
    total = sum(known.values()) or 1.0
    return tuple(known.get(place, 0.0) / total for place in range(len(node.outgoing)))


def named(
    flow: ControlFlow, node: FlowNode, said: Mapping[str, float], at: str, problems: Problems
) -> dict[int, float]:
    """Return what is said of ways, by their places."""
    found = {}
    for name, share in said.items():
        places = [*meant(flow, node, name)]
        if len(places) == 1:
            found[places[0]] = share
            continue
        which = ", ".join(each.id for each in node.outgoing)
        why = "there is no such way" if not places else "more than one way leads there"
        problems.append(Problem(f"shares.{at}.{name}", f"{why}; there are {which}"))
    return found


def meant(flow: ControlFlow, node: FlowNode, name: str) -> Iterator[int]:
    """Yield the places of the ways that a name means: flows' ids, else where they lead."""
    ids = [place for place, each in enumerate(node.outgoing) if name in (each.id, each.target)]
    if ids:
        yield from ids
        return
    for place, each in enumerate(node.outgoing):
        target = flow.nodes[each.target]
        if name in (target.element, target.item, target.name, each.name):
            yield place


def main(ways: Sequence[Flow], given: Mapping[int, float]) -> int | None:
    """Return the way that takes what is left, if one does."""
    unsaid = [place for place in range(len(ways)) if place not in given]
    if given or len(ways) == 1:
        unsaid.sort(key=lambda place: not ways[place].default)
        return unsaid[0] if unsaid else None
    return next((place for place in unsaid if ways[place].default), None)


def chances(ways: Sequence[Flow], given: Mapping[int, float]) -> tuple[float, ...]:
    """Return the chances of an inclusive gateway's ways; -1 for its default: gone if no other.

    Where nothing is said it is the default alone, or all ways where there is none.
    """
    default = any(each.default for each in ways)
    rest = [-1.0 if each.default else float(not default and not given) for each in ways]
    return tuple(given.get(place, share) for place, share in enumerate(rest))


def undecided(flow: ControlFlow, said: Said) -> tuple[str, ...]:
    """Return the gateways of which nobody says how often which way is gone, by id."""
    return tuple(
        node.id
        for node in flow.nodes.values()
        if node.kind is FlowKind.EXCLUSIVE
        and len(node.outgoing) > 1
        and not any(each.default for each in node.outgoing)
        and not said.get(node.id, said.get(node.element))
    )
