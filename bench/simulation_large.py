"""Long runs, each in a process of its own: memory, and what a second process brings.

`python -m bench.simulation_large CASES REPLICATIONS PROCESSES` prints seconds and memory as JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.simulation_permit import all_of, permit
from engine.analysis.simulation.run import simulate

MILLION = 1_000_000
ROUNDS = 3
#: the most memory a process has had, in kB; what getrusage says includes what started it
MOST = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True, slots=True)
class Large:
    """A run: seconds on the clock, and the most memory in MB."""

    cases: int
    replications: int
    processes: int
    seconds: float
    memory: float


def large(cases: int, replications: int, processes: int = 1) -> Large:
    """Play the permit in a new process, which has compiled before it is timed."""
    words = (str(cases), str(replications), str(processes))
    command = [sys.executable, "-m", "bench.simulation_large", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, memory = json.loads(done.stdout)
    return Large(cases, replications, processes, seconds, memory)


def memories() -> list[Large]:
    """Return runs of ever more cases, in many replications and in one."""
    return [large(MILLION // 10, 30), large(MILLION, 30), large(MILLION, 1)]


def processes() -> tuple[Large, Large, float]:
    """Return a long run in one process and in two, and how much faster two are: a median."""
    runs = [(large(10 * MILLION, 32), large(10 * MILLION, 32, 2)) for _ in range(ROUNDS)]
    one, two = sorted(runs, key=lambda pair: pair[0].seconds / pair[1].seconds)[ROUNDS // 2]
    return one, two, one.seconds / two.seconds


def machine() -> float:
    """Return how much more two processes count than one in the same time."""
    alone, beside = counted(1), counted(2)
    return sum(beside) / sum(alone)


def counted(processes: int) -> list[int]:
    """Return how far so many processes come that do nothing but count."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        return pool.map(count, range(processes), chunksize=1)


def count(_: int) -> int:
    """Count for two seconds."""
    until, found = perf_counter() + 2.0, 0
    while perf_counter() < until:
        found += 1
    return found


def main(arguments: Sequence[str]) -> None:
    """Play once and print seconds and memory."""
    cases, replications, number = map(int, arguments)
    with TemporaryDirectory() as folder:
        model = permit(Path(folder)).model
    simulate(model, all_of(100))
    began = perf_counter()
    simulate(model, all_of(-(-cases // replications), replications), processes=number).data()
    seconds = perf_counter() - began
    most = MOST.search(Path("/proc/self/status").read_text())
    print(json.dumps([seconds, int(most[1]) / 1024 if most else float("nan")]))


if __name__ == "__main__":
    main(sys.argv[1:])
