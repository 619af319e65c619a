"""Where a project stands: its items and stages, the counted day, the forecast, what holds it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import RowMapping, select

from engine.analysis.critical_path import report
from engine.analysis.forecast import Forecast, forecast
from engine.analysis.network import ActivityNetwork
from engine.analysis.progress import Progress, State
from engine.analysis.schedule import schedule
from engine.analysis.network import View
from engine.rules.lifecycle import CLOSED_WITHOUT_RESULT
from engine.service import deployments
from engine.service.views import HeldBy, ItemView, ProjectView, StageView
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.deployment import Deployment

NOT_OPEN = {"not_started", "cancelled", *CLOSED_WITHOUT_RESULT}


@lru_cache(maxsize=256)
def network_of(built: Deployment) -> ActivityNetwork:
    """Return a deployment's network, made once."""
    return ActivityNetwork(built.activities)


@lru_cache(maxsize=256)
def counted_total(built: Deployment) -> int:
    """Return the counted working days a procedure promises."""
    return schedule(network_of(built), View.COUNTED).days


def view(work: Work, row: RowMapping) -> ProjectView:
    """Return the whole of a project."""
    built = deployments.deployment(work.db, row["version_id"])
    items = item_rows(work, row["id"])
    outlook = outlook_of(work, row, built, items)
    names = ("id", "name", "procedure", "procedure_version", "applicant", "state", "version")
    more = ("created_at", "started_on", "opened_on")
    return ProjectView(
        **{name: row[name] for name in (*names, *more)},
        **forecast_fields(work, row, built, outlook),
        held_by=[] if outlook is None else holds(built, items, outlook),
        stages=[stage_view(built, stage.id, items) for stage in built.procedure.stages],
        items=[item_view(built, each) for each in ordered(built, items)],
    )


def forecast_fields(
    work: Work, row: RowMapping, built: Deployment, outlook: Forecast | None
) -> dict[str, Any]:
    """Return a project's counts and dates; before its start there is no forecast."""
    total = counted_total(built)
    if outlook is None:
        empty = dict.fromkeys(
            ("forecast_finish_on", "slack_days", "window_ends_on", "window_slack_days")
        )
        counts = {"day": 0, "elapsed_day": 0, "counted_days": total}
        return {**empty, **counts, "forecast_counted_days": total, "provisional": False}
    last = min(work.today, row["opened_on"] or work.today)
    calendar = work.calendar
    elapsed = calendar.between(row["started_on"], max(last, row["started_on"]))
    return {
        "day": outlook.day,
        "counted_days": total,
        "elapsed_day": elapsed,
        "forecast_finish_on": outlook.finish_on,
        "forecast_counted_days": outlook.counted_days,
        "slack_days": outlook.promise_slack_days,
        "window_ends_on": outlook.window_ends_on,
        "window_slack_days": outlook.window_slack_days,
        "provisional": calendar.is_provisional(outlook.finish_on),
    }


def outlook_of(
    work: Work, row: RowMapping, built: Deployment, items: Iterable[RowMapping]
) -> Forecast | None:
    """Return a started project's forecast as of today."""
    if row["started_on"] is None:
        return None
    return forecast(
        network_of(built),
        {each["item"]: progress(work, each) for each in items},
        calendar=work.calendar,
        start_on=row["started_on"],
        today=max(work.today, row["started_on"]),
        window_months=built.procedure.window_months,
    )


def progress(work: Work, row: RowMapping) -> Progress:
    """Return how far an activity is, as the forecast asks it."""
    started = row["received_on"] or row["opened_on"]
    if row["decided_on"] is not None:
        used = used_days(work, row, row["decided_on"])
        start = started or row["decided_on"]
        return Progress(State.FINISHED, start, row["decided_on"], used_days=used)
    if row["state"] in NOT_OPEN or started is None:
        return Progress()
    due = row["promised_due_on"]
    if row["statutory_due_on"] and due:
        due = min(due, row["statutory_due_on"])
    used = used_days(work, row, max(work.today, started))
    return Progress(State.OPEN, started, due_on=due, used_days=used)


def used_days(work: Work, row: RowMapping, until: Any) -> int:
    """Return the working days an activity was in hand: without the applicant's supplement."""
    started = row["received_on"] or row["opened_on"] or until
    waiting = row["paused_on"]
    paused = work.calendar.between(waiting, until) if waiting and until > waiting else 0
    return max(0, work.calendar.between(started, until) - row["waited_days"] - paused)


def item_rows(work: Work, project: int) -> list[RowMapping]:
    """Return the rows of a project's activities."""
    query = select(t.project_item).where(t.project_item.c.project_id == project)
    return list(work.db.execute(query).mappings())


def ordered(built: Deployment, items: Iterable[RowMapping]) -> list[RowMapping]:
    """Return the rows in the procedure's order."""
    order = {each.id: index for index, each in enumerate(built.activities)}
    return sorted(items, key=lambda row: order.get(row["item"], len(order)))


def item_view(built: Deployment, row: RowMapping) -> ItemView:
    """Return an activity with what the catalogue says of it."""
    item = built.procedure.items.get(row["item"])
    names = ("stage", "kind", "department", "state", "attempt", "opened_on", "received_on")
    dates = ("accepted_on", "promised_due_on", "statutory_due_on", "decided_on", "delivered_on")
    return ItemView(
        id=row["item"],
        name=next(each.name for each in built.activities if each.id == row["item"]),
        promised_days=item.days if item else 0,
        statutory_days=item.statutory_days if item else None,
        unit=str(item.unit) if item else "working",
        **{name: row[name] for name in (*names, *dates)},
    )


def stage_view(built: Deployment, stage_id: str, items: Iterable[RowMapping]) -> StageView:
    """Return how far a stage is: its clock starts at its first item."""
    stage = built.procedure.stage(stage_id)
    rows = [row for row in items if row["stage"] == stage_id and row["kind"] != "milestone"]
    decided = [row["decided_on"] for row in rows if row["decided_on"]]
    begun = [row["opened_on"] for row in rows if row["opened_on"]]
    done = bool(rows) and len(decided) == len(rows)
    return StageView(
        id=stage.id,
        name=stage.name.zh,
        lead=stage.lead,
        state="completed" if done else "running" if begun else "not_started",
        items=len(rows),
        decided=len(decided),
        started_on=min(begun, default=None),
        ended_on=max(decided) if done else None,
    )


def holds(built: Deployment, items: Iterable[RowMapping], outlook: Forecast) -> list[HeldBy]:
    """Return the activities that hold a project's finish, the worst first."""
    rows = {row["item"]: row for row in items}
    return [
        HeldBy(
            item=hold.id,
            department=rows[hold.id]["department"],
            due_on=rows[hold.id]["promised_due_on"],
            days_late=hold.late_days,
        )
        for hold in outlook.held_by
    ]


def critical_path(work: Work, row: RowMapping) -> dict[str, Any]:
    """Return the procedure's critical path with this project's actual and forecast dates."""
    built = deployments.deployment(work.db, row["version_id"])
    items = item_rows(work, row["id"])
    answer = report(built.procedure.id, network_of(built))
    outlook = outlook_of(work, row, built, items)
    if outlook is None:
        return answer
    dates = {each.id: each for each in outlook.activities}
    for activity in answer["activities"]:
        found = dates.get(activity["id"])
        if found is not None:
            activity["state"] = str(found.state)
            activity["start_on"] = found.start_on
            activity["finish_on"] = found.finish_on
            activity["late_days"] = found.late_days
            activity["remaining_float"] = found.total_float
    return {
        **answer,
        "project": row["id"],
        "day": outlook.day,
        "forecast_finish_on": outlook.finish_on,
        "planned_finish_on": outlook.planned_finish_on,
        "forecast_counted_days": outlook.counted_days,
        "slack_days": outlook.promise_slack_days,
        "window_ends_on": outlook.window_ends_on,
        "window_slack_days": outlook.window_slack_days,
        "held_by": [hold.id for hold in outlook.held_by],
    }
