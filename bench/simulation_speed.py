"""Cases a second: ours against Prosimos, without files and with the event log written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

from bench.simulation_environment import Prosimos
from bench.simulation_permit import Permit, all_of
from engine.analysis.eventlog import csvlog
from engine.analysis.simulation.events import events
from engine.analysis.simulation.run import simulate

#: of one run of Prosimos, and of ours; a hundred times as many last about as long
THEIRS, OURS, LOGGED = 2_000, 200_000, 50_000
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Rates:
    """Cases a second of processor time, each side's median, and the median of the ratios."""

    name: str
    theirs: float
    ours: float
    ratio: float


def rates(found: Permit, prosimos: Prosimos, folder: Path) -> Iterator[Rates]:
    """Measure both sides in turn, both compiled, both with their models read."""
    simulate(found.model, all_of(100))
    events(found.model, all_of(100))
    yield compared("without files", found, prosimos, folder, "plain")
    yield compared("event log in CSV", found, prosimos, folder, "log")


def compared(name: str, found: Permit, prosimos: Prosimos, folder: Path, what: str) -> Rates:
    """Return the rates of one way to play."""
    pairs = []
    for seed in range(1, ROUNDS + 1):
        theirs = prosimos.play(what, found.parameters, THEIRS, folder, [seed])[0]["processor"]
        ours = logged(found, folder, seed) if what == "log" else plain(found, seed)
        pairs.append((THEIRS / theirs, ours))
    return Rates(
        name,
        median(theirs for theirs, _ in pairs),
        median(ours for _, ours in pairs),
        median(ours / theirs for theirs, ours in pairs),
    )


def plain(found: Permit, seed: int) -> float:
    """Return cases a second of a run with its result."""
    began = process_time()
    simulate(found.model, all_of(OURS, seed=seed)).data()
    return OURS / (process_time() - began)


def logged(found: Permit, folder: Path, seed: int) -> float:
    """Return cases a second of a run whose event log is written to a file."""
    began = process_time()
    with (folder / "ours.csv").open("wb") as file:
        file.writelines(csvlog.parts(events(found.model, all_of(LOGGED, seed=seed))))
    return LOGGED / (process_time() - began)
