"""Simulation: does it say what Prosimos says, how fast, with how much memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.markdown import table
from bench.simulation_agreement import CASES, OURS, THEIRS, differences
from bench.simulation_environment import CannotInstall, Prosimos
from bench.simulation_large import Large, machine, memories, processes
from bench.simulation_network import samples
from bench.simulation_permit import permit
from bench.simulation_speed import rates
from bench.simulation_start import starts

GOALS = {"without files": "≥ 300", "event log in CSV": "≥ 30"}


def report(folder: Path) -> str:
    """Return all tables."""
    return "\n".join((*against_prosimos(folder), *alone(), first_use(folder)))


def against_prosimos(folder: Path) -> Iterator[str]:
    """Yield what is measured beside Prosimos, or why it is not."""
    try:
        prosimos = Prosimos.installed()
        yield from (agreement(folder, prosimos), speed(folder, prosimos))
        yield f"Prosimos: {prosimos.versions()}.\n"
    except CannotInstall as refusal:
        yield f"Not compared with Prosimos, which cannot be installed here: {refusal}\n"


def agreement(folder: Path, prosimos: Prosimos) -> str:
    """Return the table of differences."""
    rows = [
        (
            each.name,
            f"{each.theirs:.3f}",
            f"{each.ours:.3f}",
            f"{each.ours - each.theirs:+.3f} ± {each.half:.3f}",
            "yes" if each.agrees else "**no**",
        )
        for each in differences(permit(folder), prosimos, folder)
    ]
    title = f"{THEIRS} and {OURS} replications of {CASES:,} cases"
    return table((title, "Prosimos, h", "ours, h", "difference", "within"), rows)


def speed(folder: Path, prosimos: Prosimos) -> str:
    """Return the table of rates."""
    rows = [
        (each.name, f"{each.theirs:,.0f}", f"{each.ours:,.0f}", f"{each.ratio:.0f}")
        for each in rates(permit(folder), prosimos, folder)
    ]
    head = ("cases a second", "Prosimos", "ours", "ratio", "goal")
    return table(head, [(*row, GOALS[row[0]]) for row in rows])


def alone() -> Iterator[str]:
    """Yield what is measured without Prosimos."""
    head = ("cases", "replications", "processes", "s", "most memory, MB")
    yield table(head, [line(each) for each in memories()])
    one, two, ratio = processes()
    rows = [(*line(one)[:4], "", ""), (*line(two)[:4], f"{ratio:.2f}", "≥ 1.7")]
    yield table(("cases", "replications", "processes", "s", "ratio", "goal"), rows)
    yield f"Two processes that only count come {machine():.2f} times as far as one meanwhile.\n"
    yield table(
        ("28-day network", "NumPy by hand, millions a second", "ours", "ratio", "goal"),
        [
            (each.shape, f"{each.theirs:.2f}", f"{each.ours:.2f}", f"{each.ratio:.2f}", "≥ 0.5")
            for each in samples()
        ],
    )


def line(run: Large) -> tuple[str, ...]:
    """Return the row of a long run."""
    numbers = (f"{run.cases:,}", f"{run.replications}", f"{run.processes}")
    return (*numbers, f"{run.seconds:.1f}", f"{run.memory:.0f}")


def first_use(folder: Path) -> str:
    """Return what a start costs."""
    first, next_one = starts(folder)
    rows = [("nothing kept", f"{first:.1f}"), ("kept by a run before", f"{next_one:.1f}")]
    return table(("a process that starts and plays", "s"), rows)
