"""A year of joint review in numbers, counted in SQL: meetings, rounds, days, silence, conclusions.

A round belongs to the year of its notice, a meeting to that of its beginning; rounds that were
given up are counted nowhere but among the conclusions as `cancelled`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, distinct, func, or_, select

from engine.analysis.evaluation import nearest_rank
from engine.errors import Invalid
from engine.rules.period import months_between
from engine.service.review import punctuality
from engine.service.review.punctuality import DepartmentOpinions, local_date
from engine.service.work import Work
from engine.store import tables as t

FIRST_YEAR = 2004
rounds, meeting = t.review_round.c, t.meeting.c


@dataclass(frozen=True, slots=True)
class Rounds:
    """How many rounds of a mode a stage had."""

    mode: str
    stage: str
    rounds: int


@dataclass(frozen=True, slots=True)
class Days:
    """Working days from the notice to the reply, of so many rounds that were replied to.

    `p50`, `p90` by nearest rank. All None where there was none.
    """

    number: int
    mean: float | None
    p50: int | None
    p90: int | None


@dataclass(frozen=True, slots=True)
class ReviewMonth:
    """A month by its first day: meetings that began, rounds launched and replied to in it."""

    month_on: date
    meetings: int
    launched: int
    replied: int


@dataclass(frozen=True, slots=True)
class ReviewStatistics:
    """A year of joint review. `projects` had rounds, `projects_met` were on agendas."""

    year: int
    meetings: int
    projects_met: int
    rounds: int
    projects: int
    open: int
    by_mode_and_stage: list[Rounds]
    days: Days
    conclusions: Mapping[str, int]
    city: DepartmentOpinions
    departments: list[DepartmentOpinions]
    months: list[ReviewMonth]


def of_year(work: Work, year: int | None = None) -> ReviewStatistics:
    """Return the statistics of a year, this one without one. Raises Invalid."""
    wanted = work.today.year if year is None else year
    if not FIRST_YEAR <= wanted <= work.today.year:
        raise Invalid(f"year must be from {FIRST_YEAR} to this one", field="year")
    own = rounds.noticed_on.between(date(wanted, 1, 1), date(wanted, 12, 31))
    shape = grouped(work, own)
    replied = replies(work, own)
    asked = punctuality.opinions(work, own)
    met = meetings(work, wanted)
    return ReviewStatistics(
        year=wanted,
        meetings=sum(met.values()),
        projects_met=projects(work, own & held(work, wanted)),
        rounds=sum(count for *_, state, _, count in shape if state != "cancelled"),
        projects=projects(work, own & (rounds.state != "cancelled")),
        open=sum(count for *_, state, _, count in shape if state == "open"),
        by_mode_and_stage=modes(shape),
        days=days_of(work, replied),
        conclusions=conclusions(shape),
        city=punctuality.together(asked),
        departments=asked,
        months=months(work, wanted, met, own),
    )


# -- rounds --------------------------------------------------------------------------------------

#: mode, stage, state, conclusion, how many
Shape = list[tuple[str, str, str, str, int]]


def grouped(work: Work, own: ColumnElement[bool]) -> Shape:
    """Return how many rounds there are of each kind."""
    alike = (rounds.mode, rounds.stage, rounds.state, rounds.conclusion)
    query = select(*alike, func.count()).where(own).group_by(*alike).order_by(*alike)
    return [(row[0], row[1], row[2], row[3], row[4]) for row in work.db.execute(query)]


def modes(shape: Shape) -> list[Rounds]:
    """Return how many rounds of each mode each stage had."""
    found: Counter[tuple[str, str]] = Counter()
    for mode, stage, state, _conclusion, count in shape:
        if state != "cancelled":
            found[mode, stage] += count
    return [Rounds(mode, stage, count) for (mode, stage), count in sorted(found.items())]


def conclusions(shape: Shape) -> dict[str, int]:
    """Return how rounds ended; those given up are `cancelled`."""
    found: Counter[str] = Counter()
    for *_, state, conclusion, count in shape:
        ended = "cancelled" if state == "cancelled" else conclusion
        if ended:
            found[ended] += count
    return dict(sorted(found.items()))


def projects(work: Work, own: ColumnElement[bool]) -> int:
    """Return how many projects have rounds under a condition."""
    query = (
        select(func.count(distinct(rounds.project_id)))
        .select_from(t.review_round)
        .outerjoin(t.meeting, meeting.id == rounds.meeting_id)
        .where(own)
    )
    return int(work.db.execute(query).scalar_one())


def replies(work: Work, own: ColumnElement[bool]) -> list[tuple[date, date, int]]:
    """Return when rounds were noticed and replied to, and how many on the same two days."""
    replied_on = local_date(work, rounds.replied_at).label("replied_on")
    query = (
        select(rounds.noticed_on, replied_on, func.count())
        .where(own, rounds.replied_at.is_not(None), rounds.state != "cancelled")
        .group_by(rounds.noticed_on, "replied_on")
    )
    return [(row[0], row[1], row[2]) for row in work.db.execute(query)]


def days_of(work: Work, replied: list[tuple[date, date, int]]) -> Days:
    """Return how many working days replies took."""
    counts: Counter[int] = Counter()
    for noticed_on, replied_on, count in replied:
        counts[work.calendar.between(noticed_on, replied_on)] += count
    number = counts.total()
    mean = sum(days * count for days, count in counts.items()) / number if number else None
    return Days(number, mean, nearest_rank(counts, 50), nearest_rank(counts, 90))


# -- meetings and months -------------------------------------------------------------------------


def held(work: Work, year: int) -> ColumnElement[bool]:
    """Return the condition of the meetings of a year that took place.

    One that nobody has noted as held, or cancelled, counts once its time has passed.
    """
    zone = work.settings.zone
    begin, end = (datetime(each, 1, 1, tzinfo=zone) for each in (year, year + 1))
    past = and_(meeting.state == "planned", meeting.ends_at <= work.now)
    return and_(
        meeting.starts_at >= begin, meeting.starts_at < end, or_(meeting.state == "held", past)
    )


def meetings(work: Work, year: int) -> Mapping[date, int]:
    """Return how many meetings took place on each day of a year."""
    on = local_date(work, meeting.starts_at).label("day")
    query = select(on, func.count()).where(held(work, year)).group_by("day")
    return {row[0]: row[1] for row in work.db.execute(query)}


def months(
    work: Work, year: int, met: Mapping[date, int], own: ColumnElement[bool]
) -> list[ReviewMonth]:
    """Return the months of a year as far as it has passed."""
    live = rounds.state != "cancelled"
    launched = by_day(work, rounds.noticed_on, own & live)
    on = local_date(work, rounds.replied_at)
    first_on, last_on = date(year, 1, 1), min(date(year, 12, 31), work.today)
    replied = by_day(work, on, live & on.between(first_on, last_on))
    series = [month_counts(each) for each in (met, launched, replied)]
    return [
        ReviewMonth(month, *(each[month] for each in series))
        for month in months_between(first_on, last_on)
    ]


def by_day(
    work: Work, on: ColumnElement[Any], condition: ColumnElement[bool]
) -> Mapping[date, int]:
    """Return how many rounds each day has."""
    query = select(on.label("day"), func.count()).where(condition).group_by("day")
    return {row[0]: row[1] for row in work.db.execute(query)}


def month_counts(days: Mapping[date, int]) -> Counter[date]:
    """Return days as months, by their first days."""
    found: Counter[date] = Counter()
    for on, count in days.items():
        found[on.replace(day=1)] += count
    return found
