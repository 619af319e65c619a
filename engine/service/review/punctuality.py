"""How departments answer in joint reviews, counted in SQL: in time, late, or by silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, cast, func, select

from engine.rules.joint_review import DeemedCause, OpinionKind
from engine.service.review.convened import ASKED
from engine.service.work import Work
from engine.store import tables as t

rounds = t.review_round.c


@dataclass(frozen=True, slots=True)
class DepartmentOpinions:
    """What a department was asked for, and what came of it; '' is the whole city.

    Of `asked` opinions so many were `given` by somebody, so many of these `on_time`. `absent` and
    `timeout` count those that silence once stood for, for ever; `cured` are those of them that
    were given afterwards. `waiting` are neither given nor deemed, so many of them `overdue`.
    `on_time_percent` is of those given, deemed or overdue, `deemed_percent` of those asked; None
    of nothing.
    """

    department: str
    asked: int
    given: int
    on_time: int
    absent: int
    timeout: int
    cured: int
    waiting: int
    overdue: int
    on_time_percent: float | None
    deemed_percent: float | None


def opinions(work: Work, own: ColumnElement[bool]) -> list[DepartmentOpinions]:
    """Return what each department was asked for and answered; those replaced were not asked."""
    said, asked, task = answered().subquery(), t.review_participant.c, t.task.c
    due_on = func.coalesce(task.promised_due_on, rounds.opinion_due_on)
    given = said.c.given_at.is_not(None)
    deemed = (said.c.absent == 1) | (said.c.timeout == 1)
    silent = and_(said.c.given_at.is_(None), func.coalesce(said.c.absent + said.c.timeout, 0) == 0)
    counted = {
        "given": given,
        "on_time": given & ~deemed & (local_date(work, said.c.given_at) <= due_on),
        "absent": said.c.absent == 1,
        "timeout": said.c.timeout == 1,
        "cured": given & deemed,
        "waiting": silent,
        "overdue": silent & (due_on < work.today),
    }
    asks = (task.instance_id == asked.instance_id) & (task.round_id == rounds.id)
    asks &= task.element == ASKED
    mine = (said.c.round_id == asked.round_id) & (said.c.department == asked.department)
    query = (
        select(
            asked.department,
            func.count().label("asked"),
            *(func.sum(case((each, 1), else_=0)).label(name) for name, each in counted.items()),
        )
        .select_from(t.review_participant)
        .join(t.review_round, rounds.id == asked.round_id)
        .outerjoin(said, mine)
        .outerjoin(t.task, asks)
        .where(own, rounds.state != "cancelled", asked.state != "replaced")
        .group_by(asked.department)
        .order_by(asked.department)
    )
    return [department(dict(row)) for row in work.db.execute(query).mappings()]


def answered() -> Any:
    """Return the query of what a department said in a round: when first, and if silence spoke."""
    opinion = t.opinion.c
    given_at = case((opinion.kind != OpinionKind.DEEMED_AGREE, opinion.given_at))

    def ever(cause: DeemedCause) -> Any:
        return func.max(case((opinion.cause == cause, 1), else_=0)).label(str(cause))

    return select(
        opinion.round_id,
        opinion.department,
        func.min(given_at).label("given_at"),
        ever(DeemedCause.ABSENT),
        ever(DeemedCause.TIMEOUT),
    ).group_by(opinion.round_id, opinion.department)


def department(row: dict[str, Any]) -> DepartmentOpinions:
    """Return a row as what a department was asked for."""
    numbers = {name: int(value) for name, value in row.items() if name != "department"}
    silent = numbers["absent"] + numbers["timeout"]
    settled = numbers["given"] + silent - numbers["cured"] + numbers["overdue"]
    return DepartmentOpinions(
        department=row["department"],
        **numbers,
        on_time_percent=percent(numbers["on_time"], settled),
        deemed_percent=percent(silent, numbers["asked"]),
    )


def together(asked: list[DepartmentOpinions]) -> DepartmentOpinions:
    """Return the departments as one."""
    names = ("asked", "given", "on_time", "absent", "timeout", "cured", "waiting", "overdue")
    sums = {name: sum(getattr(each, name) for each in asked) for name in names}
    return department({"department": "", **sums})


def percent(part: int, whole: int) -> float | None:
    """Return how many of a hundred; None of nothing."""
    return 100 * part / whole if whole else None


def local_date(work: Work, instant: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return an instant's date in the service's time zone; on SQLite by the offset of now."""
    zone = work.settings.zone
    if work.db.dialect.name == "postgresql":
        return cast(func.timezone(str(zone), instant), Date)
    offset = work.now.astimezone(zone).utcoffset() or timedelta()
    return func.date(instant, f"{offset.total_seconds():+.0f} seconds", type_=Date)
