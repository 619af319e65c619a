"""Re-engineering: an operation switched, a network of 10,000 activities, all subsets of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from statistics import median
from time import perf_counter, process_time
from timeit import timeit

import networkx as nx

from bench.service import Service
from engine.analysis.network import ActivityNetwork, View
from engine.analysis.reengineering.effect import effect
from engine.analysis.reengineering.legality import breaches
from engine.analysis.reengineering.operation import Operation, OperationKind
from engine.analysis.reengineering.optimiser import Optimum, optimise
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import play
from engine.analysis.schedule import schedule
from engine.rules.precondition import Precondition
from engine.rules.procedure import Activity, Kind
from engine.service import procedures
from engine.service.scenarios import city_lists, effects, scenarios
from engine.settings import Settings
from engine.store.database import transaction
from tests.analysis.networks import drawn

PROCEDURES = ("industrial-2013", "industrial-2014", "real-estate-2013", "real-estate-2014")
ACTIVITIES = 10_000
ROUNDS = 9
#: how many operations the optimiser chooses from, and what is asked of it, in seconds
SIZES = (16, 20, 24)
GOALS = ("≤ 10", "", "")


@dataclass(frozen=True)
class Switch:
    """What switching one operation costs, in ms: on paper and through the service."""

    procedure: str
    operations: int
    paper_ms: float
    service_ms: float


def switches(service: Service) -> Iterator[Switch]:
    """Switch every operation of every published list, and ask for the whole effect each time.

    On paper: the list carried through, and all that pages show of it. Through the service: read,
    checked, written, and the effect on the stored version.
    """
    for procedure in PROCEDURES:
        service.bundled(procedure)
    for procedure in PROCEDURES:
        settings = service.settings
        rules = city_lists.laws(settings)
        base = effects.paper(procedures.named(procedure, settings), settings)[1]
        found = city_lists.published(settings, procedure)[1]
        paper = [_on_paper(procedure, base, each, found, rules) for each in found]
        lawful = [each for each in found if not any(breaches(base, each))]
        stored = list(_stored(service, procedure, lawful))
        yield Switch(procedure, len(found), 1000 * median(paper), 1000 * median(stored))


def _on_paper(
    procedure: str,
    base: Plan,
    switched: Operation,
    operations: Sequence[Operation],
    rules: Sequence[Precondition],
) -> float:
    other = replace(switched, enabled=not switched.enabled)
    changed = [other if each is switched else each for each in operations]
    return timed(lambda: effect(procedure, play(base, changed, rules)))


def _stored(service: Service, procedure: str, operations: Sequence[Operation]) -> Iterator[float]:
    with transaction(service.engine) as db:
        key = scenarios.create(service.work(db), "bench", procedure)
    for each in operations:
        for enabled in (not each.enabled, each.enabled):
            began = perf_counter()
            with transaction(service.engine) as db:
                scenarios.toggle(service.work(db), key, each.id, enabled)
            with transaction(service.engine, read_only=True) as db:
                effects.effect(service.work(db), key)
            yield perf_counter() - began


def timed(do: Callable[[], object]) -> float:
    """Return the seconds that something takes, with no collection of garbage in between."""
    return timeit(do, number=1)


@dataclass(frozen=True)
class Network:
    """A network, and what its critical path costs both ways, in ms."""

    activities: int
    edges: int
    #: earliest and latest times and both floats of all activities, against one longest path
    ours_ms: float
    theirs_ms: float
    ratio: float
    #: the same from the activities on: checked, ordered, their phases found
    built_ms: float
    theirs_built_ms: float
    built_ratio: float


def networks() -> Network:
    """Measure a random network of 10,000 activities, and `networkx.dag_longest_path` on it."""
    net = drawn(Random(2014), ACTIVITIES)
    rounds = [_round(list(net), net, weighted(net)) for _ in range(ROUNDS)]
    ours, theirs, built, theirs_built = (list(each) for each in zip(*rounds, strict=True))
    return Network(
        activities=len(net),
        edges=net.graph.number_of_edges(),
        ours_ms=1000 * median(ours),
        theirs_ms=1000 * median(theirs),
        ratio=median(a / b for a, b in zip(ours, theirs, strict=True)),
        built_ms=1000 * median(built),
        theirs_built_ms=1000 * median(theirs_built),
        built_ratio=median(a / b for a, b in zip(built, theirs_built, strict=True)),
    )


def _round(
    activities: list[Activity], net: ActivityNetwork, graph: nx.DiGraph[str]
) -> tuple[float, float, float, float]:
    return (
        timed(lambda: schedule(net, View.COUNTED)),
        timed(lambda: nx.dag_longest_path(graph)),
        timed(lambda: schedule(ActivityNetwork(activities), View.COUNTED)),
        timed(lambda: nx.dag_longest_path(weighted(net))),
    )


def weighted(net: ActivityNetwork) -> nx.DiGraph[str]:
    """Return the same network for networkx: edges as long as what they lead from."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(net.activities)
    for each in net:
        for before in (*each.predecessors, *each.decision_waits_for):
            graph.add_edge(before, each.id, weight=View.COUNTED.length(net[before]))
    return graph


@dataclass(frozen=True)
class Search:
    """What looking at all subsets of a list takes, in seconds of one core."""

    operations: int
    subsets: int
    seconds: float
    front: int


def searches(numbers: Sequence[int]) -> Iterator[Search]:
    """Optimise real-estate-2013 with so many operations that can move construction start."""
    settings = Settings()
    base = effects.paper(procedures.named("real-estate-2013", settings), settings)[1]
    rules = city_lists.laws(settings)
    longer = lengthened(base, city_lists.published(settings, "real-estate-2013")[1], rules)
    for number in numbers:
        began = process_time()
        found = optimise(base, longer[:number], 29, rules)
        yield Search(number, found.subsets, process_time() - began, len(found.front))


def lengthened(
    base: Plan, operations: Sequence[Operation], rules: Sequence[Precondition]
) -> list[Operation]:
    """The city's operations that matter, and a day less of every approval besides."""
    idle = _left_out(optimise(base, operations, 29, rules))
    kept = [each for each in operations if each.id not in idle]
    shorter = [
        Operation(
            id=f"a day less of {each.id}",
            kind=OperationKind.SHORTEN,
            name=kept[0].name,
            item=each.id,
            days=each.days - 1,
        )
        for each in base.activities.values()
        if each.kind is Kind.APPROVAL and each.days > 1 and each.stage != "acceptance"
    ]
    return [*kept, *shorter]


def _left_out(found: Optimum) -> set[str]:
    return {each.id for each in found.idle} | {each.id for each, _ in found.barred}
