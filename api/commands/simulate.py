"""Simulation of a procedure on paper: how long projects would take, with chance and queues."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple, TypeVar, cast

import click

from api.commands.planning import refuse_unknown
from api.commands.simulated import told
from api.commands.target import Target
from api.output import formatted, progress, show
from engine.analysis.simulation.plan import MOST_CASES, MOST_REPLICATIONS
from engine.clock import SystemClock
from engine.service.simulations import events, paper, planning, results
from engine.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUTPUT = Target()
DAYS = click.FloatRange(0, 36_500)
#: without --replications
REPLICATIONS = 30
#: how much is played, with the fields of a plan
OPTIONS = (
    click.option("--sensitivity", is_flag=True, help="Also how much each input moves the result."),
    click.option(
        "--cool-down", "cool_down_days", type=DAYS, help="Calendar days played on at the end."
    ),
    click.option(
        "--warm-up", "warm_up_days", type=DAYS, help="Calendar days at the beginning left out."
    ),
    click.option(
        "--replications",
        type=click.IntRange(1, MOST_REPLICATIONS),
        help=f"Independent replications; {REPLICATIONS}, or one a case.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(0, 2**63 - 1),
        default=1,
        show_default=True,
        help="The same seed gives the same answer.",
    ),
    click.option(
        "--cases",
        type=click.IntRange(1, MOST_CASES),
        default=3_000,
        show_default=True,
        help="Projects that are measured, over all replications.",
    ),
)
PLAN = ("cases", "seed", "replications", "warm_up_days", "cool_down_days")


class Asked(NamedTuple):
    """A plan by the fields of `Plan`, and whether the sensitivity is wanted."""

    plan: dict[str, Any]
    sensitivity: bool


def planned(command: F) -> F:
    """Give a command the options of a plan, as its argument `asked`."""

    @wraps(command)
    def inner(**given: Any) -> Any:
        plan = {name: given.pop(name) for name in PLAN}
        plan["replications"] = plan["replications"] or min(REPLICATIONS, plan["cases"])
        left = {name: value for name, value in plan.items() if value is not None}
        return command(asked=Asked(left, sensitivity=given.pop("sensitivity")), **given)

    found: Any = inner
    for option in OPTIONS:
        found = option(found)
    return cast("F", found)


@click.command()
@click.argument("procedure")
@planned
@click.option(
    "--resources",
    "file",
    type=FILE,
    help="A YAML or JSON file of durations, people, shares, arrivals; without it the plan's days.",
)
@click.option(
    "--processes", type=click.IntRange(1, 256), default=1, help="How many processes play."
)
@click.option("--xes", type=OUTPUT, help="Write the first replication's events as XES.")
@click.option("--csv", type=OUTPUT, help="Write the first replication's events as CSV.")
@formatted
def simulate(
    *,
    procedure: str,
    asked: Asked,
    file: Path | None,
    processes: int,
    xes: Path | None,
    csv: Path | None,
    style: str,
) -> None:
    """Play PROCEDURE many times: how long projects take, and how likely promises are kept.

    PROCEDURE is an id, such as industrial-2014, the folder of one, or a BPMN file. Days are
    working days. Without --resources every item takes the days of the plan, and nobody waits:
    the answer is that of the critical path.
    """
    settings = Settings.from_env()
    refuse_unknown(procedure, settings)
    today = SystemClock().now().astimezone(settings.zone).date()
    found = paper.read(procedure, paper.assumed(file), settings, today)
    plan, sensitivity = planning.plan_of(asked.plan), asked.sensitivity
    what = planning.steps(sensitivity=sensitivity)
    with progress(what) as draw, interrupted() as ended:

        def say(done: int, of: int) -> bool:
            draw(done, of)
            return not ended.is_set()

        result = results.played(
            found.model, plan, say, processes=processes, sensitivity=sensitivity
        )
    for form, target in (("xes", xes), ("csv", csv)):
        if target is not None:
            run = results.Kept(0, found.id, found.model, plan)
            events.write(target, events.parts(run, 0, form, settings))
    show({"procedure": found.id, **result, **figures(result)}, style, told)


@contextmanager
def interrupted() -> Iterator[Event]:
    """Give what is set by Ctrl-C, so that a run ends in order; a second one ends it at once."""
    ended = Event()
    before = signal.getsignal(signal.SIGINT)

    def end(*_: Any) -> None:
        ended.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, end)
    try:
        yield ended
    finally:
        signal.signal(signal.SIGINT, before)


def figures(result: dict[str, Any]) -> dict[str, Any]:
    """Return the figures most ask for, of the counted days."""
    counted = result["measures"]["counted"] or {}
    promise, window = result["promise"], result["window"]
    return {
        "cases": result["cases"],
        "seed": result["seed"],
        **{name: (counted.get(name) or {}).get("value") for name in ("mean", "p50", "p90", "p95")},
        "within_promise": None if promise is None else promise["chance"]["value"],
        "within_window": None if window is None else window["chance"]["value"],
    }
