"""Durable completions against bare SpiffWorkflow in memory, in turn, on the same process."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from bench import bare
from bench.service import Service

TASKS = 8
WARM_UP = 5


def bare_completion(spec: Any, instances: int = 6) -> float:
    """Return the mean seconds of a completion in memory."""
    began = perf_counter()
    completed = sum(bare.run(spec) for _ in range(instances))
    return (perf_counter() - began) / completed


def service_completion(service: Service, procedure: str) -> float:
    """Return the mean seconds of a durable completion of one project's tasks."""
    project = service.started(procedure)
    spent, count = 0.0, 0
    while tasks := service.open_tasks(project):
        for task in tasks:
            began = perf_counter()
            service.complete(task.id)
            spent += perf_counter() - began
            count += 1
    return spent / count


def compare(spec: Any, ours: Callable[[], float], rounds: int = 40) -> dict[str, float]:
    """Return both costs and the ratio of the rates, the median over rounds taken in turn."""
    for _ in range(WARM_UP):
        ours()
    pairs = [(bare_completion(spec), ours()) for _ in range(rounds)]
    return {
        "bare_ms": 1000 * median(first for first, _ in pairs),
        "ours_ms": 1000 * median(second for _, second in pairs),
        "ratio": median(first / second for first, second in pairs),
    }
