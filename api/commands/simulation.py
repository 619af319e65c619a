"""Runs of the simulation kept in the database: listed, shown, queued, cancelled, compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Group

from api.commands.scenario import acting, by
from api.commands.simulate import FILE, OUTPUT, Asked, planned
from api.commands.simulated import Fitting, differences, told
from api.output import formatted, show
from engine.errors import Invalid
from engine.service.simulations import events, paper, planning, runs
from engine.service.simulations.runs import Wanted
from engine.service.simulations.views import RunRow, RunView

STATES = click.Choice(["queued", "running", "done", "failed", "cancelled"])
identified = click.argument("identifier", metavar="ID", type=click.IntRange(1))


@click.group()
def simulation() -> None:
    """Runs of the simulation that are kept, with what they were made of; a worker plays them."""


@simulation.command("list")
@click.option("--state", type=STATES)
@click.option("--procedure", help="Only those of this procedure.")
@click.option("--scenario", type=click.IntRange(1), help="Only those of this scenario.")
@formatted
def find(state: str | None, procedure: str | None, scenario: int | None, style: str) -> None:
    """List the runs, the newest first."""
    with acting() as work:
        found = runs.find(work, Wanted(state, procedure, scenario), limit=500).items
    show({"items": found}, style, lambda shown: listed(shown["items"]))


HEADINGS = ("id", "name", "of", "state", "played", "cases", "created", "by")


def listed(found: list[RunRow]) -> Fitting:
    """Return the table of runs."""
    return Fitting(HEADINGS, [line(each) for each in found], less=("by", "cases"))


def line(found: RunRow) -> tuple[Any, ...]:
    """Return a run's line."""
    created = f"{found.created_at:%Y-%m-%d %H:%M}"
    played = f"{found.done}/{found.of}"
    what = (found.id, found.name, source(found), found.state, played)
    return (*what, found.plan["cases"], created, found.created_by)


def source(found: RunRow) -> str:
    """Return what a run plays."""
    told = found.source
    base = f"{told['procedure']} version {told['version']}"
    if "scenario" in told:
        return f"scenario {told['scenario']} on {base}"
    return f"{base}, {told['projects']} projects" if "portfolio" in told else base


@simulation.command("show")
@identified
@formatted
def show_one(identifier: int, style: str) -> None:
    """Show a run, and its result once it is done."""
    with acting() as work:
        found = runs.get(work, identifier)
        result = runs.result(work, identifier) if found.state == "done" else None
    show({"run": found, "result": result}, style, lambda _: shown(found, result))


def shown(found: RunView, result: dict[str, Any] | None) -> Group:
    """Return a run as people read it."""
    head = f"{found.id} {found.name}: {found.state}, {source(found)}"
    why = [found.error] if found.error else []
    if result is not None:
        return Group(head, "", told(result))
    what = planning.steps(sensitivity=found.sensitivity)
    return Group(head, *why, f"{found.done} of {found.of} {what}, seed {found.plan['seed']}")


@simulation.command()
@click.argument("name")
@click.argument("procedure", required=False)
@click.option("--scenario", type=click.IntRange(1), help="Play this scenario instead.")
@click.option("--portfolio", is_flag=True, help="Begin with all projects of PROCEDURE that run.")
@click.option("--resources", "file", type=FILE, help="A YAML or JSON file of assumptions.")
@planned
@by
@formatted
def new(
    *,
    name: str,
    procedure: str | None,
    scenario: int | None,
    portfolio: bool,
    file: Path | None,
    asked: Asked,
    user: str | None,
    style: str,
) -> None:
    """Queue the run NAME of PROCEDURE's newest version, or of a scenario; a worker plays it."""
    if (procedure is None) == (scenario is None):
        raise Invalid("name a PROCEDURE or a --scenario, one of the two", field="source")
    kind = "scenario" if scenario is not None else "portfolio" if portfolio else "procedure"
    assumptions = paper.assumed(file)
    with acting(user) as work:
        key = runs.create(
            work,
            name=name,
            source={kind: scenario if scenario is not None else procedure},
            assumptions=assumptions,
            plan=asked.plan,
            sensitivity=asked.sensitivity,
        )
        found = runs.get(work, key)
    show({"run": found, "result": None}, style, lambda _: shown(found, None))


@simulation.command()
@identified
@by
@formatted
def cancel(identifier: int, user: str | None, style: str) -> None:
    """End a run before its time."""
    with acting(user) as work:
        runs.cancel(work, identifier)
        found = runs.get(work, identifier)
    show({"run": found, "result": None}, style, lambda _: shown(found, None))


@simulation.command()
@identified
@by
def remove(identifier: int, user: str | None) -> None:
    """Remove a run with its result; one that is running is to be cancelled first."""
    with acting(user) as work:
        runs.remove(work, identifier)
    click.echo(f"simulation {identifier}: removed")


@simulation.command()
@click.argument("first", type=click.IntRange(1))
@click.argument("second", type=click.IntRange(1))
@formatted
def compare(first: int, second: int, style: str) -> None:
    """Show what the run SECOND has over FIRST, replication by replication, with its interval."""
    with acting() as work:
        found = runs.compare(work, first, second)
    show(found, style, differences)


@simulation.command("events")
@identified
@click.argument("file", type=OUTPUT)
@click.option("--replication", type=click.IntRange(0), default=0, show_default=True)
def write_events(identifier: int, file: Path, replication: int) -> None:
    """Write the event log of one replication into FILE, a .xes or .csv."""
    form = events.form_of(file)
    with acting() as work:
        kept, settings = runs.kept(work, identifier), work.settings
    events.write(file, events.parts(kept, replication, form, settings))
