"""The event log of one replication as a file: played again, and written piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engine.analysis.eventlog import csv_write, xes_write
from engine.analysis.eventlog.log import EventLog
from engine.analysis.simulation.events import events
from engine.errors import Invalid
from engine.service.simulations.results import Kept
from engine.settings import Settings

Parts = Callable[..., Iterator[bytes]]


class Form(NamedTuple):
    """What a log is written in."""

    media: str
    parts: Parts


FORMS: Mapping[str, Form] = {
    "xes": Form("application/xml", xes_write.parts),
    "csv": Form("text/csv; charset=utf-8", csv_write.parts),
}


def replayed(run: Kept, replication: int, zone: tzinfo) -> EventLog:
    """Play one replication and return its events. Raises Invalid where there is none."""
    if not 0 <= replication < run.plan.replications:
        last = run.plan.replications - 1
        raise Invalid(f"replications are counted from 0 to {last}", field="replication")
    log = events(run.model, run.plan, replication, timezone=zone)
    return log if run.since is None else begun(log, run.names, run.since)


def begun(log: EventLog, names: Mapping[str, str], since: datetime) -> EventLog:
    """Return the log of a city under way: projects by their codes, nothing before the present.

    When work that is in hand became ready is not known; the model has it at its origin.
    """
    first = since.timestamp()
    times = {each: np.maximum(getattr(log, each), first) for each in ("ready", "start", "end")}
    return replace(log, cases=tuple(names.get(each, each) for each in log.cases), **times)


def parts(run: Kept, replication: int, form: str, settings: Settings) -> Iterator[bytes]:
    """Return what yields a replication's log in a form. Raises Invalid before it yields any."""
    log = replayed(run, replication, settings.zone)
    return FORMS[form].parts(log, timezone=settings.zone)


def form_of(file: Path) -> str:
    """Return the form a file's name ends with. Raises Invalid."""
    form = file.suffix.removeprefix(".")
    if form not in FORMS:
        raise Invalid(f"{file.name}: a log is a .{' or .'.join(FORMS)} file", field="file")
    return form


def write(file: Path, found: Iterator[bytes]) -> None:
    """Write what `parts` yields into a file."""
    with file.open("wb") as target:
        target.writelines(found)
