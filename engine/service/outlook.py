"""What a project is heading for: its rows as the forecast asks for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import select

from engine.analysis.forecast import Forecast, forecast
from engine.analysis.network import ActivityNetwork, View
from engine.analysis.progress import Progress, State
from engine.analysis.schedule import schedule
from engine.rules.lifecycle import CLOSED_WITHOUT_RESULT
from engine.rules.procedure import Kind
from engine.service.access import Row
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.deployment import Deployment

NOT_OPEN = {"not_started", *CLOSED_WITHOUT_RESULT}
#: projects that ended before their time: what is open in them goes nowhere
GIVEN_UP = {"closed", "cancelled"}
DUE_DATES = ("promised_due_on", "statutory_due_on")


@lru_cache(maxsize=256)
def network_of(built: Deployment) -> ActivityNetwork:
    """Return a deployment's network, made once."""
    return ActivityNetwork(built.activities)


@lru_cache(maxsize=256)
def counted_total(built: Deployment) -> int:
    """Return the counted working days a procedure promises."""
    return schedule(network_of(built), View.COUNTED).days


def outlook_of(
    work: Work, project: Row, built: Deployment, items: Sequence[Row]
) -> Forecast | None:
    """Return a started project's forecast as of today, or of the day it was given up.

    None before its start.
    """
    if project["started_on"] is None:
        return None
    network = network_of(built)
    as_of = day_of(work, project)
    skipped = not_taken(work, project, network, items)
    past = Progress(State.FINISHED, finished_on=project["started_on"], used_days=0)
    return forecast(
        network,
        {
            row["item"]: past if row["item"] in skipped else progress(work, project, network, row)
            for row in items
            if row["item"] in network
        },
        calendar=work.calendar,
        start_on=project["started_on"],
        today=as_of,
        window_months=built.procedure.window_months,
    )


def day_of(work: Work, project: Row) -> date:
    """Return the day a forecast is made for."""
    given_up = project["state"] in GIVEN_UP
    last: datetime = project["ended_at"] if given_up else work.now
    started_on: date = project["started_on"]
    return max(last.astimezone(work.settings.zone).date(), started_on)


def progress(work: Work, project: Row, network: ActivityNetwork, row: Row) -> Progress:
    """Return how far an activity is; its clock may stand still, or its whole project's."""
    started = row["received_on"] or row["opened_on"]
    if row["decided_on"] is not None:
        used = used_days(work, row, row["decided_on"])
        start = started or row["decided_on"]
        held = row["reviewed_on"]
        return Progress(State.FINISHED, start, row["decided_on"], used_days=used, reviewed_on=held)
    if row["state"] in NOT_OPEN or started is None:
        return Progress()
    stops = (project["suspended_on"], row["stopped_on"])
    stopped_on = min((on for on in stops if on is not None), default=None)
    due_on: date | None = min((row[name] for name in DUE_DATES if row[name]), default=None)
    remaining = None
    if due_on is None and network[row["item"]].kind is Kind.APPROVAL:
        # its clock has not begun: the promise runs from acceptance
        remaining = network[row["item"]].days
    elif due_on is not None and stopped_on is not None and stopped_on <= due_on:
        remaining, due_on = work.calendar.between(stopped_on, due_on), None
    until = max(stopped_on or day_of(work, project), started)
    used = used_days(work, row, until)
    return Progress(
        State.OPEN,
        started,
        due_on=due_on,
        remaining_days=remaining,
        used_days=used,
        reviewed_on=row["reviewed_on"],
    )


def used_days(work: Work, row: Row, until: date) -> int:
    """Return the working days an activity was in hand: without the applicant's supplement."""
    started = row["received_on"] or row["opened_on"] or until
    waiting = row["paused_on"]
    paused = work.calendar.between(waiting, until) if waiting and until > waiting else 0
    waited: int = row["waited_days"] + paused
    return max(0, work.calendar.between(started, until) - waited)


def not_taken(work: Work, project: Row, network: ActivityNetwork, items: Sequence[Row]) -> set[str]:
    """Return the activities on branches that the project did not take.

    Whatever may begin begins at once; so what could have begun and did not is on another
    branch, unless a timer of its stage still holds it.
    """
    rows = {row["item"]: row for row in items}
    candidates = passed_over(network, rows)
    if not candidates:
        return candidates
    timed = timed_stages(work, project)
    return {name for name in candidates if rows[name]["stage"] not in timed}


def passed_over(network: ActivityNetwork, rows: Mapping[str, Row]) -> set[str]:
    """Return the activities that all they wait for lets begin, and that have not begun."""
    done: list[bool] = []
    found: set[str] = set()
    for name, before in zip(network.order, network.starts_after, strict=True):
        row, ready = rows[name], all(done[each] for each in before)
        if ready and not row["attempt"] and network[name].kind is not Kind.MILESTONE:
            found.add(name)
        done.append(row["decided_on"] is not None or name in found)
    return found


def timed_stages(work: Work, project: Row) -> Collection[str]:
    """Return the stages in which a timer waits."""
    instance = t.process_instance.c
    query = (
        select(instance.stage)
        .join(t.timer, t.timer.c.instance_id == instance.id)
        .where(t.timer.c.project_id == project["id"], t.timer.c.state != "fired")
    )
    return set(work.db.execute(query).scalars())
