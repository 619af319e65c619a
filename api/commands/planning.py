"""Plans on paper: the critical path of a procedure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Group

from api.output import formatted, rows, show
from engine.errors import NotFound
from engine.service import procedures
from engine.settings import Settings


@click.command("critical-path")
@click.argument("procedure")
@formatted
def critical_path(procedure: str, style: str) -> None:
    """Show the earliest and latest days, floats and critical paths of PROCEDURE.

    PROCEDURE is an id, such as industrial-2014, or the folder of one. Days are working days
    after the start. Counted days leave out the work of the applicant and of intermediaries;
    elapsed days do not.
    """
    settings = Settings.from_env()
    refuse_unknown(procedure, settings)
    files = procedures.named(procedure, settings)
    show(procedures.critical_path_of(files, settings), style, drawn)


def refuse_unknown(procedure: str, settings: Settings) -> None:
    """Raise NotFound, naming what there is, unless a procedure is known or a path leads to one."""
    home = settings.bpmn_dir / "procedures"
    known = sorted(each.name for each in home.glob("*/")) if home.is_dir() else []
    if procedure not in known and not Path(procedure).exists():
        text = f"there is no procedure {procedure!r}; there are {', '.join(known) or 'none'}"
        raise NotFound(text, procedure=procedure)


def drawn(report: dict[str, Any]) -> Group:
    """Return a report as people read it."""
    headings = ("item", "name", "stage", "dept", "days", "start", "finish", "float", "")
    lines = [line(activity) for activity in report["activities"]]
    totals = [
        (
            f"{report['procedure']}: {report['counted_days']} counted working days, "
            f"{report['elapsed_days']} elapsed; acceptance {report['acceptance_days']} more"
        ),
        *(f"critical: {' → '.join(path)}" for path in report["critical_paths"]),
        "",
    ]
    return Group(*totals, rows(headings, lines))


def line(activity: dict[str, Any]) -> tuple[Any, ...]:
    """Return an activity's line."""
    return (
        activity["id"],
        activity["name"],
        activity["stage"],
        activity["department"],
        activity["days"],
        activity["earliest_start"],
        activity["earliest_finish"],
        activity["total_float"],
        "critical" if activity["critical"] else "",
    )
