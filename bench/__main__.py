"""Measure and report: `python -m bench [NAME ...] [--write]`."""

from __future__ import annotations

import argparse
import os
import platform
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import version
from inspect import cleandoc
from pathlib import Path

from bench import (
    answers,
    arithmetic,
    bare,
    completion,
    diagrams,
    growth,
    http,
    inbox,
    pages,
    reengineering,
    simulation,
    statements,
    sweeping,
)
from bench.markdown import table
from bench.service import Service
from engine.clock import SystemClock
from tests import postgres

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "docs" / "benchmarks.md"
LIBRARIES = ("SpiffWorkflow", "SQLAlchemy", "Flask", "granian", "numpy", "numba")


def sqlite(folder: Path, name: str, synchronous: str = "NORMAL") -> Service:
    """Return a service on a new SQLite file."""
    return Service.open(f"sqlite:///{folder}/{name}.db", folder, synchronous)


def completions(folder: Path) -> str:
    """Durable completions through the service and through HTTP, against bare SpiffWorkflow.

    One completion follows another, so the service finds most instances still alive in memory, as
    bare SpiffWorkflow always does; one that is decoded first costs about a tenth more.
    """
    xml = diagrams.eight_tasks()
    spec = bare.specification(xml, "eight")
    rows = []
    for synchronous, goal in (("NORMAL", "≥ 0.333"), ("FULL", "")):
        service = sqlite(folder, f"service-{synchronous}", synchronous)
        name = service.deploy({"eight.bpmn": xml})
        found = completion.compare(
            spec,
            lambda s=service, n=name: completion.service_completion(s, n),  # type: ignore[misc]
        )
        rows.append((f"service, SQLite {synchronous}", found, goal))
    for synchronous, goal in (("NORMAL", "≥ 0.125"), ("FULL", "")):
        inner = folder / f"http-{synchronous}"
        inner.mkdir()
        with http.server(inner, synchronous) as client:
            name = http.deploy(client, xml)
            found = completion.compare(
                spec,
                lambda c=client, n=name: http.completion(c, n),  # type: ignore[misc]
            )
        rows.append((f"HTTP, SQLite {synchronous}", found, goal))
    return table(
        ("8-task process", "bare, ms", "ours, ms", "ratio of rates", "goal"),
        [
            (name, f"{f['bare_ms']:.2f}", f"{f['ours_ms']:.2f}", f"{f['ratio']:.3f}", goal)
            for name, f, goal in rows
        ],
    )


def steps(folder: Path) -> str:
    """SQL statements of a step, the BEGIN included; the most of each kind in a whole project."""
    service = sqlite(folder, "statements")
    counts = statements.count(service, service.bundled("industrial-2014"))
    goal = {"decide": "≤ 25"}
    rows = [(name, str(most), goal.get(name, "≤ 10")) for name, most in counts.items()]
    return table(("step", "statements", "goal"), rows)


def growing(folder: Path) -> str:
    """The four completions of an item: the first and the last of 100 items of a project."""
    rows = []
    for draw in (diagrams.item_chain, diagrams.item_fan):
        service = sqlite(folder, draw.__name__)
        found = growth.measure(service, growth.item_diagram(ROOT / "bpmn"), draw)
        costs = (f"{found['first_ms']:.1f}", f"{found['last_ms']:.1f}")
        rows.append((draw.__name__, *costs, f"{found['ratio']:.2f}", "≤ 1.5"))
    return table(("100 items", "first, ms", "last, ms", "last / first", "goal"), rows)


def inboxes(folder: Path) -> str:
    """A department's inbox among 1,000,000 open tasks: 50 rows a page."""
    service = sqlite(folder, "inbox")
    inbox.fill(service, service.deploy({"eight.bpmn": diagrams.eight_tasks()}))
    found = inbox.measure(service)
    rows = [("first", f"{found['first_ms']:.2f}"), ("hundredth", f"{found['hundredth_ms']:.2f}")]
    return table(("page", "ms"), rows) + f"\nFound by: `{found['plan']}`\n"


def joint_review(folder: Path) -> str:
    """A hundred departments answer one round at the same moment: HTTP, PostgreSQL, four servers.

    Three rounds at once and three one after the other, in turn; the departments' hundred
    connections share the machine with the servers. Each opinion is looked for in the round and in
    its history. PostgreSQL waits for no disk here.
    """
    try:
        found = answers.measured(folder)
    except postgres.CannotStart as refusal:
        return f"Not measured, PostgreSQL does not start: {refusal}\n"
    rows = [
        ("answers a second, all at once", f"{found.at_once:.0f}", ""),
        ("answers a second, one after the other", f"{found.one_by_one:.0f}", ""),
        ("p95 of an answer, all at once, ms", f"{found.p95_ms:.0f}", ""),
        (f"opinions lost of {found.answers:,}", str(found.lost), "0"),
        ("deadlocks", str(found.deadlocks), "0"),
    ]
    return table(("100 departments", "", "goal"), rows)


def every_page(folder: Path) -> str:
    """Every page, as its usual reader sees it, of a city with 10,000 projects and 200,000 tasks.

    Time is the service's from request to compressed answer, the 95th of a hundred, on the clock
    and of the processor; statements include the BEGIN. A first load is all that a browser with
    nothing kept receives for the page.
    """
    with pages.metropolis_in(folder) as city:
        costs = list(pages.measured(city))
        loads = pages.first_loads(city, [site for site, _ in costs])
        rows = [pages.row(site, cost, loads.get(site.name)) for site, cost in costs]
    head = ("page", "p95, ms", "processor, ms", "statements", "sent, kB", "first load, kB")
    return table(head, [*rows, pages.GOALS]) + f"\n{pages.size(city.rows)}\n"


def sweeps(folder: Path) -> str:
    """A sweep among 10,000 and among 1,000,000 open due dates, of which the same 1,000 fall due.

    Each is flagged as late under its project's lock, with an event, and looked at for a card.
    Finding is all that a sweep reads before it acts. Two workers, each a process of its own, find
    the same thousand and flag each once.
    """
    rows, shares = [], []
    for kind, found, shared in sweeping.measured(folder):
        finding = f"{found['few_ms']:.1f}", f"{found['many_ms']:.1f}"
        sweeping_s = f"{found['few_s']:.2f}", f"{found['many_s']:.2f}"
        rows.append((kind, *finding, *sweeping_s, f"{found['ratio']:.2f}", "≤ 1.2"))
        for each in shared:
            acted = " + ".join(str(number) for number in each.acted)
            shares.append((kind, acted, f"{each.seconds:.2f}", str(each.most_often), "1"))
    head = (
        "",
        "find, 10,000, ms",
        "find, 1,000,000, ms",
        "10,000, s",
        "1,000,000, s",
        "ratio",
        "goal",
    )
    workers = ("among 1,000,000", "flagged by each worker", "s", "most often flagged", "goal")
    return f"{table(head, rows)}\n{table(workers, shares)}"


def due_dates(_folder: Path) -> str:
    """2,000 due dates of 2004 to 2025: by the calendar's table, and by asking day by day.

    The other side walks the days and asks `chinesecalendar.is_workday` of each; both come to the
    same dates.
    """
    found = arithmetic.measure()
    costs = (f"{found['walked_us']:.0f}", f"{found['computed_us']:.1f}")
    row = ("working days", *costs, f"{found['ratio']:.0f}", "≥ 50")
    return table(("a due date", "day by day, µs", "ours, µs", "ratio", "goal"), [row])


def re_engineering(folder: Path) -> str:
    """An operation switched, a network of 10,000 activities, and all subsets of a list.

    Switched: every operation of a procedure's published list, each time with the whole effect:
    totals, waterfall, breaches, critical paths and times before and after, who does what
    differently. On paper, and through the service, which checks, writes and reads on SQLite.

    The network is random, with decision gates. Ours: earliest and latest times, total and free
    floats of all activities; the other side: one longest path, `networkx.dag_longest_path`.

    Subsets: processor time of one core for the cheapest set, the whole front and the near ties.
    """
    return "\n".join((_switched(sqlite(folder, "scenarios")), _longest(), _searched()))


def _switched(service: Service) -> str:
    rows = [
        (each.procedure, str(each.operations), f"{each.paper_ms:.1f}", f"{each.service_ms:.1f}")
        for each in reengineering.switches(service)
    ]
    head = ("switched", "operations", "on paper, ms", "through the service, ms", "goal")
    return table(head, [(*row, "≤ 50") for row in rows])


def _longest() -> str:
    found = reengineering.networks()
    rows = [
        ("built before", found.theirs_ms, found.ours_ms, found.ratio),
        ("with building", found.theirs_built_ms, found.built_ms, found.built_ratio),
    ]
    size = f"{found.activities:,} activities, {found.edges:,} edges"
    return table(
        (size, "networkx, ms", "ours, ms", "ours / networkx", "goal"),
        [(name, f"{a:.1f}", f"{b:.1f}", f"{ratio:.2f}", "≤ 1.5") for name, a, b, ratio in rows],
    )


def _searched() -> str:
    found = zip(reengineering.searches(reengineering.SIZES), reengineering.GOALS, strict=True)
    rows = [
        (str(each.operations), f"{each.subsets:,}", f"{each.seconds:.2f}", goal)
        for each, goal in found
    ]
    return table(("operations", "subsets", "s", "goal"), rows)


def simulations(folder: Path) -> str:
    """Simulation beside Prosimos, and how fast it is by itself.

    A permit of 16 tasks, read by both from one diagram: 8 pools of 36 people, two calendars, a
    loop for missing papers and one for corrections, four departments at once; durations fixed,
    uniform, exponential, gamma and lognormal, an application an hour, day and night. Nothing else
    is the same on both sides: random numbers are each one's own. Both begin with empty windows and
    measure everybody.

    Agreement: means over replications; the interval of the difference is Welch's, so wide that all
    of a table's together miss with a chance of 5 % at most (Bonferroni). Hours of a case are of the
    clock on the wall; waits are hours on duty. Prosimos starts its first case at the very
    beginning, ours comes by chance like all others. It reads no triangular durations, and lets work
    that fills somebody's day to the second end at midnight: no duration here does.

    Rates are cases of 2,000 by Prosimos and of 200,000 by us (50,000 with the log) to a second of
    processor time, in turn, one process each; starting, reading the model and compiling are
    outside. Ours includes the result, as that of Prosimos its indicators. Long runs are timed on
    the clock, the second process with its start.

    28-day network: a run of industrial-2014 without queues, with all its result holds, against a
    loop that draws and adds up nothing but the counted days. Approvals take between half and one
    and a half times their days.

    Other processes have their functions compiled already; the last table is of a process that has
    not.
    """
    return simulation.report(folder)


BENCHES: dict[str, Callable[[Path], str]] = {
    "completions": completions,
    "statements": steps,
    "growth": growing,
    "inbox": inboxes,
    "sweep": sweeps,
    "due-dates": due_dates,
    "joint-review": joint_review,
    "pages": every_page,
    "re-engineering": re_engineering,
    "simulation": simulations,
}


def machine() -> str:
    """Return what the figures were taken on."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"Taken on {SystemClock().now():%Y-%m-%d}: {platform.machine()}, {os.cpu_count()} cores, "
        f"{platform.system()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {libraries}.\n"
    )


INTRODUCTION = """# Benchmarks

Written by `make bench`. Both sides of a ratio are measured in turn in one run, so that a noisy
machine slows both; medians are given. Ratios above 1 mean ours is faster.
"""


def written(parts: Sequence[str], before: str) -> str:
    """Return the report: the parts alone, or in the place of theirs in the report before."""
    if not before:
        return "\n".join(parts)
    _, taken, *fresh = parts
    known = re.split(r"^## ", before, flags=re.MULTILINE)
    sections = {each.partition("\n")[0]: each for each in known}
    for part in fresh:
        title, _, rest = part.removeprefix("## ").partition("\n")
        sections[title] = f"{title}\n\n{taken}{rest}"
    first, *others = (each.rstrip("\n") + "\n" for each in sections.values())
    return first + "".join(f"\n## {each}" for each in others)


def main() -> None:
    """Run the benches that are named, or all."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHES)}; all where none is")
    parser.add_argument(
        "--write", action="store_true", help=f"write {REPORT.name}, or what is named of it"
    )
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(BENCHES):
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")
    parts = [INTRODUCTION, machine()]
    print(parts[-1])
    for name in chosen.names or BENCHES:
        bench = BENCHES[name]
        title = cleandoc(bench.__doc__ or name)
        print(f"{name}: measuring ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            part = f"## {name.capitalize()}\n\n{title}\n\n{bench(Path(folder))}"
        print(part)
        parts.append(part)
    if chosen.write:
        REPORT.write_text(written(parts, REPORT.read_text() if chosen.names else ""))


if __name__ == "__main__":
    main()
