"""What an event log tells, on the command line: durations, shares, arrivals, people, a diagram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import yaml
from rich.console import Group

from api.commands.database import working
from api.commands.planning import refuse_unknown
from api.commands.target import Target
from api.output import formatted, progress, rows, show
from engine.errors import NotFound
from engine.rules import china
from engine.service.logs import calibrating, found_diagram, reading
from engine.service.logs.calibrating import Laid, Question
from engine.settings import Settings

#: a file of one's own may be so many times as large as one that is sent to the service
MANIFOLD = 10
LIMITED = ("event_log_max_bytes", "event_log_max_events")
#: letters of a distribution in a table
WIDTH = 48
OUTPUT = Target()


@click.command()
@click.argument("source", metavar="FILE|ID")
@click.option("--procedure", help="Laid over this one: an id, a folder or a diagram.")
@click.option("--timezone", help="Whose clock hours of work are read by: Europe/Amsterdam.")
@click.option("--out", type=OUTPUT, help="Write assumptions for `simulate --resources`, in YAML.")
@click.option("--diagram", type=OUTPUT, help="Write the diagram found, without --procedure.")
@formatted
def discover(
    *,
    source: str,
    procedure: str | None,
    timezone: str | None,
    out: Path | None,
    diagram: Path | None,
    style: str,
) -> None:
    """Show what an event log tells: how long work takes, how often, by whom, when, which way.

    A FILE is XES or CSV and needs no database; an ID is a kept log's number, and what is found is
    kept with it.
    """
    if diagram is not None and procedure is not None:
        raise click.UsageError("--diagram is of a log alone: leave --procedure out")
    with progress("discovering") as said:
        said(0, 3)
        read = of_file if is_file(source) else of_kept
        told = read(source, procedure, timezone)
        said(3, 3)
    if out is not None:
        out.write_text(written(told["assumptions"]), encoding="utf-8")
    if diagram is not None:
        diagram.write_bytes(found_diagram.drawn(told, diagram.stem))
    show(told, style, shown)


def is_file(source: str) -> bool:
    """Tell whether a file is named, not a kept log. Raises NotFound for neither."""
    if Path(source).is_file():
        return True
    if not source.isdecimal():
        text = f"there is no file {source}, and a kept log is named by its number"
        raise NotFound(text, file=source)
    return False


def of_file(source: str, procedure: str | None, timezone: str | None) -> dict[str, Any]:
    """Return what the log of a file tells."""
    settings = Settings.from_env()
    # no server has to answer others meanwhile
    settings = replace(settings, **{each: MANIFOLD * getattr(settings, each) for each in LIMITED})
    over = paper(procedure, settings) if procedure else None
    log = reading.read(Path(source).read_bytes(), None, settings).log
    zone = calibrating.zone_of(timezone, settings)
    name, dated = Path(source).name, over is not None and zone == settings.zone
    asked = Question(log, name, zone, china.calendar(), over, dated=dated)
    return calibrating.computed(asked)


def paper(procedure: str, settings: Settings) -> Laid:
    """Return a procedure of the city's, of a folder or a diagram. Raises NotFound."""
    refuse_unknown(procedure, settings)
    return calibrating.on_paper(procedure, settings)


def of_kept(source: str, procedure: str | None, timezone: str | None) -> dict[str, Any]:
    """Return what a kept log tells, and keep it."""
    key = int(source)
    with working() as work:
        return calibrating.calibrate(work, key, procedure, timezone=timezone)


def written(assumptions: Mapping[str, Any]) -> str:
    """Return assumptions as people edit them."""
    return yaml.safe_dump(dict(assumptions), allow_unicode=True, sort_keys=False, width=100)


HEADINGS = ("activity", "rows", "distribution of hours", "p", "waiting", "work")


def shown(told: Mapping[str, Any]) -> Group:
    """Return what was found as people read it."""
    report = told["report"]
    log, over = report["log"], told["procedure"] or "the diagram found in it"
    head = f"{log['used']} of {log['events']} events of {log['cases']} cases, laid over {over}"
    per_year = told["assumptions"]["arrivals"]["per_year"]
    return Group(
        head,
        f"arrivals: {per_year:g} cases a year",
        *hours(report["calendars"]),
        fit(told["fitted"]),
        "",
        rows(HEADINGS, [line(each, report) for each in report["activities"]]),
        *shares(report["shares"]),
        *missing(report["mapping"]["missing"]),
        "",
        *(f"note: {each}" for each in report["limits"]),
    )


def hours(calendars: Mapping[str, Any]) -> list[str]:
    """Return the lines about hours of work."""
    found = {name: each["written"] for name, each in calendars.items()}
    return [f"hours {name}: {said(each)}" for name, each in found.items()]


def said(calendar: Mapping[str, Any]) -> str:
    """Return a calendar in a line."""
    if calendar.get("always"):
        return "always"
    days = calendar.get("days", ())
    spans = " ".join(calendar.get("hours", ()))
    return f"{spans} {days if isinstance(days, str) else ' '.join(days)}"


def fit(fitted: Mapping[str, Any]) -> str:
    """Return how the fitted model compares with the log, in a line."""
    if "problem" in fitted:
        return f"the fitted model cannot be played: {fitted['problem']}"
    sides = fitted["sides"]
    one, other = (sides[name]["mean"] for name in ("observed", "simulated"))
    if one is None or other is None:
        return "the fitted model has nothing to be compared with"
    apart = f"{fitted['emd']:.1f} days apart in the mean"
    return f"a case takes {one:.1f} days in the log, {other:.1f} in the fitted model; {apart}"


def line(each: Mapping[str, Any], report: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return an activity's line."""
    taken = each[report["taken"]] or each["elapsed"] or each["work"]
    waiting, work = (mean(each[name]) for name in ("waiting", "work"))
    name = each["name"] if each["name"] in {"", each["node"]} else f"{each['node']} {each['name']}"
    told = (brief(taken["distribution"]), chance(taken["p"])) if taken else ("", "")
    return (name or each["node"], each["count"], *told, waiting, work)


def mean(fitted: Mapping[str, Any] | None) -> str:
    """Return a mean in hours; '' where it is unknown."""
    return "" if not fitted or fitted["mean"] is None else f"{fitted['mean']:.2f}"


def brief(distribution: str) -> str:
    """Return a distribution as a line has room for."""
    return distribution if len(distribution) <= WIDTH else f"{distribution[: WIDTH - 2]} …"


def chance(p: float | None) -> str:
    """Return how likely data as far from the distribution are."""
    return "" if p is None else f"{p:.2f}"


def shares(choices: list[Mapping[str, Any]]) -> list[Any]:
    """Return the table of ways out of gateways that were taken more ways than one."""
    lines = [
        (each["node"], way["target"], round(way["count"]), f"{way['share']:.1%}")
        for each in choices
        for way in each["branches"]
        if sum(other["count"] > 0 for other in each["branches"]) > 1
    ]
    return ["", rows(("gateway", "way to", "times", "share"), lines)] if lines else []


def missing(why: Mapping[str, str]) -> list[str]:
    """Return the lines about activities that are no work of the procedure."""
    return [f"left out: {activity} ({each})" for activity, each in why.items()]
