"""A due date explained from what is recorded, so that anybody can compute it anew by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import func, select

from engine.errors import NotFound
from engine.rules.calendar import BusinessCalendar, Name
from engine.rules.case_clock import Period
from engine.rules.catalogue import Item
from engine.rules.catalogue import Name as ItemName
from engine.rules.deadline import STEP_DEADLINES, overdue_from
from engine.rules.explanation import PROPOSED, Rule, count, counted
from engine.rules.extension import approver
from engine.service import deployments, desk_rows, present_calendar
from engine.service.access import Row
from engine.service.clock import stops
from engine.service.clock.explained import (
    CalendarNote,
    DeadlineView,
    ExtensionNote,
    TermView,
    day_view,
    lapse_view,
    start_view,
    stop_view,
    words,
)
from engine.service.clock.origin import STARTS, Origin, origin
from engine.service.clock.steps import REVIEW, own_clock
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

PROMISE = Rule("承诺时限", "promised by the city", "优化营商环境条例 art. 36")
STATUTE = Rule("法定时限", "given by the law")
ASKED = Rule("联审时限", "given for a joint review", PROPOSED)
#: why a date is the one in force
ONLY = Rule("只有这一个期限", "there is no other")
EARLIER = Rule("两个期限以先到者为准", "the earlier of the two")
STANDS = Rule("时钟中止，恢复后重新计算", "the clock stands still; it is set when that goes on")
#: what a clock is called; that of a step with a time of its own else
CLOCKS = {"": "item", REVIEW: REVIEW}


def explain(work: Work, identifier: str) -> DeadlineView:
    """Return the explanation of a task's due date.

    Raises NotFound, also where there is none, or one that was named and not counted.
    """
    task = desk_rows.row_of(work, identifier)
    step = own_clock(task)
    named = step == REVIEW and task["days"] is None
    if named or not (task["promised_due_on"] or task["statutory_due_on"]):
        raise NotFound(f"the task {identifier} has no due date that is counted", task=identifier)
    calendar = calendar_of(work, task)
    began = origin(work, task, step, calendar)
    stood = stops_of(work, task, step, began.on)
    item = item_of(work, task)
    extension = None if step else extension_of(work, task, item)
    more = extension.days if extension else 0
    terms = [term(calendar, began, task, each, stood, more) for each in periods(task, item, step)]
    due_on = None if task["stopped_on"] else min(each.due_on for each in terms)
    force = min(terms, key=lambda each: each.due_on)
    return DeadlineView(
        task=task["id"],
        project=task["project"],
        project_name=task["project_name"],
        item=task["item"],
        name=Name(item.name.zh, item.name.en),
        step=task["element"],
        department=task["department"],
        state=task["state"],
        clock=CLOCKS.get(step, "step"),
        start=start_view(work, began),
        terms=terms,
        due_on=due_on,
        in_force=force.kind,
        why=words(STANDS if due_on is None else EARLIER if len(terms) > 1 else ONLY),
        stops=[stop_view(each) for each in stood],
        stopped_on=task["stopped_on"],
        extension=extension,
        calendar=CalendarNote(calendar.source, calendar.revision),
        provisional=calendar.is_provisional(force.due_on),
        overdue_from=overdue_from(due_on, work.settings.zone) if due_on else None,
        overdue=task["overdue"],
        on_lapse=lapse_view(task),
    )


# -- what is recorded --------------------------------------------------------------------------


def calendar_of(work: Work, task: Row) -> BusinessCalendar:
    """Return the calendar in force, or that of the day a task ended, by which it was counted."""
    if task["ended_at"] is None:
        return work.calendar
    table = t.calendar_revision.c
    query = select(func.max(table.id)).where(table.published_at <= task["ended_at"])
    return present_calendar.at(work.db, work.db.execute(query).scalar_one())


def item_of(work: Work, task: Row) -> Item:
    """Return a task's item as the version of its project promises it."""
    built = deployments.deployment(work.db, task["version_id"])
    return built.procedure.items.get(task["item"]) or Item(task["item"], ItemName(task["name"]))


def stops_of(work: Work, task: Row, step: str, since_on: date) -> list[Row]:
    """Return the stops of a task's clock, the earliest first; of a step only its project's.

    What was over when the clock began is none of it.
    """
    mine = {stops.PROJECT} if step else {stops.PROJECT, task["item"]}
    known = stops.known_of(stops.of_project(work, task["project"]), task, mine)
    return [each for each in known if each["until_on"] is None or each["until_on"] > since_on]


def extension_of(work: Work, task: Row, item: Item) -> ExtensionNote | None:
    """Return the extension that was approved while a task was open."""
    table = t.extension
    query = select(table).where(
        table.c.project_id == task["project"],
        table.c.item == task["item"],
        table.c.state == "approved",
        table.c.attempt == attempt_of(work, task),
    )
    row = work.db.execute(query).mappings().one_or_none()
    if row is None or (task["ended_at"] and row["decided_at"] >= task["ended_at"]):
        return None
    return ExtensionNote(
        days=row["days"],
        reason=row["reason"],
        notice=row["notice"],
        approved_by=row["decided_by"],
        approved_at=row["decided_at"],
        source=approver(item).source,
    )


def attempt_of(work: Work, task: Row) -> int:
    """Return of which application a task is; of work drawn without a case the present one."""
    if task["attempt"]:
        return int(task["attempt"])
    row = work.db.execute(sql.ITEM, {"b_project": task["project"], "b_item": task["item"]})
    return int(row.mappings().one()["attempt"])


# -- counting ----------------------------------------------------------------------------------

#: a due date's kind, its period, and the rule that gives it
Limit = tuple[str, Period, Rule]


def periods(task: Row, item: Item, step: str) -> Iterator[Limit]:
    """Yield the periods a task has, the promised one first."""
    if step == REVIEW:
        yield "promised", Period(task["days"]), ASKED
        return
    if step:
        rule = STEP_DEADLINES[step]
        said = STATUTE if rule.statutory else PROMISE
        yield rule.kind, Period(rule.days, rule.unit), Rule(said.zh, said.en, rule.source)
        return
    if item.promised is not None:
        yield "promised", item.promised, PROMISE
    if item.statutory is not None and task["statutory_due_on"]:
        yield "statutory", item.statutory, Rule(STATUTE.zh, STATUTE.en, item.legal_basis)


def term(
    calendar: BusinessCalendar,
    began: Origin,
    task: Row,
    limit: Limit,
    stood: Sequence[Row],
    more: int,
) -> TermView:
    """Return one due date with every day of its count."""
    kind, period, rule = limit
    lines = count(calendar, began.on, period, [stops.stop(each) for each in stood], more)
    due_on: date = task[f"{kind}_due_on"]
    stands = any(each["until_on"] is None for each in stood)
    return TermView(
        kind=kind,
        days=period.days,
        unit=period.unit,
        extension_days=more,
        due_on=due_on,
        words=words(rule),
        source=rule.source,
        counted_days=counted(lines),
        agrees=stands or lines[-1].on == due_on,
        lines=[day_view(line, STARTS[began.reason], stood) for line in lines],
    )
