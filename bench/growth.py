"""Whether a completion costs more as the project grows: the first and the last of 100 items."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.service import Service

ITEMS = 100
EDGE = 5
PROJECTS = 5


def measure(service: Service, item: bytes, draw: Callable[[int], bytes]) -> dict[str, float]:
    """Return milliseconds per item, from receipt to delivery, of the first and the last few."""
    procedure = service.deploy({"stage.bpmn": draw(ITEMS), "item.bpmn": item})
    edges = [ends(service, procedure) for _ in range(PROJECTS)]
    return {
        "first_ms": 1000 * median(first for first, _ in edges),
        "last_ms": 1000 * median(last for _, last in edges),
        "ratio": median(last / first for first, last in edges),
    }


def ends(service: Service, procedure: str) -> tuple[float, float]:
    """Return the seconds that the first and the last few items of a new project take."""
    project = service.started(procedure)
    costs = [cost(service, project) for _ in range(ITEMS)]
    return median(costs[:EDGE]), median(costs[-EDGE:])


def cost(service: Service, project: int) -> float:
    """Return the seconds that the four steps of the next item take."""
    first = service.open_tasks(project)[0].item
    spent = 0.0
    while mine := [task for task in service.open_tasks(project) if task.item == first]:
        began = perf_counter()
        service.complete(mine[0].id)
        spent += perf_counter() - began
    return spent


def item_diagram(folder: Path) -> bytes:
    """Return the city's own item process."""
    return (folder / "shared" / "item.bpmn").read_bytes()
