"""Where a project stands: its items and stages, the counted day, the forecast, what holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.analysis.critical_path import report
from engine.analysis.forecast import Forecast, Outlook
from engine.rules.calendar import BusinessCalendar
from engine.rules.extension import ExtensionState
from engine.rules.lifecycle import CLOSED_WITHOUT_RESULT
from engine.rules.light import project_light
from engine.service import deployments
from engine.service.access import Row
from engine.service.codes import code_of
from engine.service.outlook import (
    GIVEN_UP,
    counted_total,
    day_of,
    network_of,
    not_taken,
    outlook_of,
)
from engine.service.views import HeldBy, ItemView, ProjectView, StageView
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.deployment import Deployment

#: a stage by the state of its diagram, once it has begun
STAGES = {"running": "running", "ended": "completed"}
#: what a project that goes nowhere has no answer to
NOWHERE: Mapping[str, Any] = {
    **dict.fromkeys(("forecast_finish_on", "slack_days", "window_ends_on", "window_slack_days")),
    "provisional": False,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What everything about a project is told from: its rows, and its forecast once it began."""

    row: Row
    built: Deployment
    items: Sequence[Row]
    outlook: Forecast | None


def read(work: Work, row: Row) -> Reading:
    """Read a project."""
    built = deployments.deployment(work.db, row["version_id"])
    items = item_rows(work, row["id"])
    return Reading(row, built, items, outlook_of(work, row, built, items))


def view(work: Work, row: Row) -> ProjectView:
    """Return the whole of a project."""
    return whole(work, read(work, row), diagrams_of(work, [row["id"]]).get(row["id"], {}))


def whole(work: Work, reading: Reading, diagrams: Mapping[str, str]) -> ProjectView:
    """Return the whole of a project; `diagrams` are the states of its stages' diagrams."""
    row, built, items = reading.row, reading.built, reading.items
    names = ("id", "name", "procedure", "procedure_version", "applicant", "state", "version")
    more = ("created_at", "started_on", "opened_on")
    fields = forecast_fields(work, row, built, reading.outlook)
    return ProjectView(
        **{name: row[name] for name in (*names, *more)},
        **fields,
        code=code_of(work, row),
        kind=built.procedure.project_type,
        light=light_of(work, row, fields),
        held_by=held_by(row, items, reading.outlook),
        stages=[
            stage_view(built, stage.id, diagrams.get(stage.id, ""), items)
            for stage in built.procedure.stages
        ],
        items=[item_view(built, each, work.calendar) for each in ordered(built, items)],
    )


def forecast_fields(
    work: Work, row: Row, built: Deployment, outlook: Forecast | None
) -> dict[str, Any]:
    """Return a project's counts and dates; before its start there is no forecast."""
    total = counted_total(built)
    if outlook is None:
        counts = {"day": 0, "elapsed_day": 0, "counted_days": total}
        return {**NOWHERE, **counts, "forecast_counted_days": total}
    calendar = work.calendar
    last = outlook.finish_on if outlook.opened else day_of(work, row)
    counts = {
        "day": outlook.day,
        "counted_days": total,
        "elapsed_day": calendar.between(row["started_on"], last),
        "forecast_counted_days": outlook.counted_days,
    }
    if row["state"] in GIVEN_UP and not outlook.opened:
        return {**NOWHERE, **counts}
    return counts | {
        "forecast_finish_on": outlook.finish_on,
        "slack_days": outlook.promise_slack_days,
        "window_ends_on": outlook.window_ends_on,
        "window_slack_days": outlook.window_slack_days,
        "provisional": calendar.is_provisional(outlook.finish_on),
    }


def light_of(work: Work, row: Row, fields: Row) -> str:
    """Return the light of a project with these counts and dates."""
    slack, window = fields["slack_days"], fields["window_slack_days"]
    opened, limits = row["opened_on"] is not None, work.rules.lights
    return project_light(slack, window, row["state"], opened=opened, limits=limits)


def item_rows(work: Work, project: int) -> list[Row]:
    """Return the rows of a project's activities.

    The columns of what stops one's clock for now begin with `stop_`, those of the extension that
    was approved with `extension_of_`.
    """
    table, stop, more = t.project_item, t.suspension, t.extension
    stops = (stop.c.project_id == project) & (stop.c.item == table.c.item)
    extends = (more.c.project_id == project) & (more.c.item == table.c.item)
    extends &= (more.c.attempt == table.c.attempt) & (more.c.state == ExtensionState.APPROVED)
    query = (
        select(
            table,
            *(column.label(f"stop_{column.name}") for column in stop.c),
            *(column.label(f"extension_of_{column.name}") for column in more.c),
        )
        .outerjoin(stop, stops & stop.c.until_on.is_(None))
        .outerjoin(more, extends)
        .where(table.c.project_id == project)
    )
    return [dict(row) for row in work.db.execute(query).mappings()]


def ordered(built: Deployment, items: Sequence[Row]) -> list[Row]:
    """Return the rows in the procedure's order."""
    order = {each.id: index for index, each in enumerate(built.activities)}
    return sorted(items, key=lambda row: (order.get(row["item"], len(order)), row["item"]))


def item_view(built: Deployment, row: Row, calendar: BusinessCalendar) -> ItemView:
    """Return an activity with what the catalogue says of it."""
    item = built.procedure.items.get(row["item"])
    drawn = {each.id: each.name for each in built.activities}
    names = ("stage", "kind", "department", "state", "attempt", "opened_on", "received_on")
    dates = ("accepted_on", "promised_due_on", "statutory_due_on", "decided_on", "delivered_on")
    due = [on for on in (row["promised_due_on"], row["statutory_due_on"]) if on is not None]
    open_clock = row["decided_on"] is None
    return ItemView(
        id=row["item"],
        name=drawn.get(row["item"]) or (item.name.zh if item else row["item"]),
        promised_days=item.days if item else 0,
        statutory_days=item.statutory_days if item else None,
        unit=str(item.unit) if item else "working",
        provisional=bool(due) and open_clock and min(due) >= calendar.provisional_from,
        **{name: row[name] for name in (*names, *dates, "stopped_on", "extension_days")},
    )


def diagrams_of(work: Work, projects: Sequence[int]) -> Mapping[int, Mapping[str, str]]:
    """Return the states of the stages' diagrams, by project and stage."""
    table = t.process_instance.c
    query = select(table.project_id, table.stage, table.status).where(
        table.project_id.in_(projects), table.item.is_(None)
    )
    found: dict[int, dict[str, str]] = {}
    for row in work.db.execute(query):
        found.setdefault(row.project_id, {})[row.stage] = row.status
    return found


def stage_view(built: Deployment, stage_id: str, diagram: str, items: Sequence[Row]) -> StageView:
    """Return how far a stage is: its clock starts at its first item.

    It is completed when its diagram has ended, whatever branches were not taken.
    """
    stage = built.procedure.stage(stage_id)
    rows = [row for row in items if row["stage"] == stage_id and row["kind"] != "milestone"]
    decided = [row["decided_on"] for row in rows if row["decided_on"]]
    begun = [row["opened_on"] for row in rows if row["opened_on"]]
    state = STAGES.get(diagram, "cancelled") if begun or diagram == "ended" else "not_started"
    return StageView(
        id=stage.id,
        name=stage.name.zh,
        lead=stage.lead,
        state=state,
        items=len(rows),
        decided=len(decided),
        started_on=min(begun, default=None),
        ended_on=max(decided, default=None) if state == "completed" else None,
    )


def held_by(project: Row, items: Sequence[Row], outlook: Forecast | None) -> list[HeldBy]:
    """Return the activities that hold a project's finish, the worst first."""
    if outlook is None or project["state"] in GIVEN_UP:
        return []
    rows = {row["item"]: row for row in items}
    return [
        HeldBy(
            item=hold.id,
            **holder(rows[hold.id]),
            days_late=hold.late_days,
        )
        for hold in outlook.held_by
    ]


def holder(row: Row) -> dict[str, Any]:
    """Return whom an activity waits for, until when: a refused item for the applicant."""
    if row["state"] in CLOSED_WITHOUT_RESULT:
        return {"department": "APPL", "due_on": None}
    return {"department": row["department"], "due_on": row["promised_due_on"]}


def critical_path(work: Work, row: Row) -> dict[str, Any]:
    """Return the procedure's critical path with this project's actual and forecast dates."""
    return path(work, read(work, row))


def path(work: Work, reading: Reading) -> dict[str, Any]:
    """Return the critical path of a project that was read."""
    row, built, items, outlook = reading.row, reading.built, reading.items, reading.outlook
    answer = report(built.procedure.id, network_of(built))
    if outlook is None:
        return answer
    past = not_taken(work, row, network_of(built), items)
    dates = {each.id: each for each in outlook.activities if each.id not in past}
    activities = [{**each, **dated(dates.get(each["id"]))} for each in answer["activities"]]
    for each in activities:
        if each["id"] in past:
            each["state"] = "not_taken"
    fields = forecast_fields(work, row, built, outlook)
    names = ("forecast_finish_on", "slack_days", "window_ends_on", "window_slack_days")
    return {
        **answer,
        "activities": activities,
        "project": row["id"],
        "state": row["state"],
        "as_of_on": day_of(work, row),
        "suspended_on": row["suspended_on"],
        "day": outlook.day,
        "planned_finish_on": outlook.planned_finish_on,
        "forecast_counted_days": outlook.counted_days,
        **{name: fields[name] for name in names},
        "held_by": [hold.item for hold in held_by(row, items, outlook)],
    }


def dated(dates: Outlook | None) -> dict[str, Any]:
    """Return what a project adds to an activity of its plan; to a milestone nothing."""
    if dates is None:
        return {}
    return {
        "state": str(dates.state),
        "start_on": dates.start_on,
        "finish_on": dates.finish_on,
        "late_days": dates.late_days,
        "remaining_float": dates.total_float,
    }
