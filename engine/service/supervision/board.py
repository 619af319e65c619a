"""The supervisor's board: who has how much in hand and how late, who decides in time, the cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from engine.rules.catalogue import Name
from engine.rules.inspection import Tally, percent, total
from engine.rules.light import Light
from engine.rules.period import Grain, Period, months_between, months_from
from engine.rules.procedure import Kind
from engine.rules.supervision import RUNGS, Rung, State
from engine.service import funnel
from engine.service.supervision import card_rows, figures, report, tally_cards
from engine.service.supervision.card_rows import CardView
from engine.service.supervision.figures import DayRow
from engine.service.supervision.tally_cards import Cards
from engine.service.supervision.views import Figures, rounded
from engine.service.supervision.views import figures as told
from engine.service.work import Work
from engine.store import tables as t

item = t.project_item.c
MONTHS, SHOWN_CARDS = 12, 6
#: lights of what is late; and the order of severity, the gravest first
OVERDUE = (Light.RED, Light.ORANGE)
#: the last month of a trend and those before it
BACK = MONTHS - 1


@dataclass(frozen=True, slots=True)
class InHand:
    """The cases in hand by light; `past_statute` are overdue by law, their clocks running."""

    lights: Mapping[str, int]
    past_statute: int = 0

    @property
    def number(self) -> int:
        """How many there are."""
        return sum(self.lights.values())

    @property
    def overdue(self) -> int:
        """How many are overdue, seriously or not."""
        return sum(self.lights.get(light, 0) for light in OVERDUE)


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """A department: the cases it has in hand now, by light, and its figures of the period."""

    department: str
    name: Name
    in_hand: int
    overdue: int
    past_statute: int
    lights: Mapping[str, int]
    figures: Figures
    rung: Rung


@dataclass(frozen=True, slots=True)
class MonthRate:
    """Decisions in time of a month, in percent: the city's, and each department's."""

    month_on: date
    decided: int
    percent: float | None
    departments: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class RungCount:
    """How many departments have reached a rung, and which."""

    rung: Rung
    name: Name
    needs: int
    departments: list[str]


@dataclass(frozen=True, slots=True)
class Board:
    """What the supervisor sees of a period, as of today.

    `change` is by how many points the on-time rate is above that of the period before; None
    where either had no decision. `ladder_quarter` is the quarter whose cards the ladder counts.
    """

    period: str
    grain: Grain
    first_on: date
    last_on: date
    as_of_on: date
    working_days: int
    target_percent: int
    in_hand: int
    overdue: int
    past_statute: int
    change: float | None
    city: Figures
    departments: list[DepartmentLine]
    months: list[MonthRate]
    cards: list[CardView]
    awaiting_reply: int
    ladder_quarter: str
    ladder: list[RungCount]


def show(work: Work, code: str = "") -> Board:
    """Return the board of a period, this quarter's without one. Raises Invalid."""
    period = Period.of(code) if code else Period.around(work.today)
    period.check_begun(work.today)
    until, before = period.until(work.today), period.shifted(-1)
    trend_from = months_from(until, -BACK)
    days = figures.by_day(work, min(trend_from, before.first_on), period.last_on)
    cards = tally_cards.find(work, period)
    catalogue = figures.items(work)
    done = figures.tallies(work, period, days, catalogue)
    tallies = figures.summed([*done.items(), *((code, each.tally) for code, each in cards.items())])
    hands = in_hand(work)
    names = report.every(work, catalogue, {**tallies, **hands})
    lines = department_lines(work, names, tallies, hands, cards)
    return Board(
        period=period.code,
        grain=period.grain,
        first_on=period.first_on,
        last_on=period.last_on,
        as_of_on=until,
        working_days=report.working_days(work, period.first_on, until),
        target_percent=work.rules.supervision.target_percent,
        in_hand=sum(each.in_hand for each in lines),
        overdue=sum(each.overdue for each in lines),
        past_statute=sum(each.past_statute for each in lines),
        change=change(days, period, before),
        city=told(total(tallies.values())),
        departments=lines,
        months=months(days, trend_from, until),
        cards=newest(work, period),
        awaiting_reply=awaiting(cards.values()),
        ladder_quarter=Period.around(until).code,
        ladder=ladder(work, Period.around(until).code, cards),
    )


# -- in hand ---------------------------------------------------------------------------------------


def in_hand(work: Work) -> Mapping[str, InHand]:
    """Return the cases in hand by department and light."""
    light = funnel.light_of(work).label("light")
    unlawful = func.sum(case((item.statutory_due_on < work.today, 1), else_=0))
    query = (
        select(item.department, light, func.count(), unlawful)
        .where(item.kind == Kind.APPROVAL, item.state.in_(funnel.IN_HAND))
        .group_by(item.department, light)
    )
    lights: dict[str, dict[str, int]] = {}
    late: dict[str, int] = {}
    for code, colour, count, past in work.db.execute(query):
        lights.setdefault(code, {})[colour] = count
        late[code] = late.get(code, 0) + (0 if colour == Light.PAUSED else int(past))
    return {code: InHand(found, late[code]) for code, found in lights.items()}


def department_lines(
    work: Work,
    names: Mapping[str, Name],
    tallies: Mapping[str, Tally],
    hands: Mapping[str, InHand],
    cards: Mapping[str, Cards],
) -> list[DepartmentLine]:
    """Return the departments, the gravest first."""
    rungs = work.rules.cards.ladder
    lines = [
        department_line(
            code,
            name,
            hands.get(code, InHand({})),
            told(tallies.get(code, Tally())),
            cards[code].rung(rungs) if code in cards else Rung.NONE,
        )
        for code, name in names.items()
    ]
    return sorted(lines, key=severity)


def department_line(
    code: str, name: Name, hand: InHand, figures: Figures, rung: Rung
) -> DepartmentLine:
    """Return a department's line."""
    return DepartmentLine(
        department=code,
        name=name,
        in_hand=hand.number,
        overdue=hand.overdue,
        past_statute=hand.past_statute,
        lights=hand.lights,
        figures=figures,
        rung=rung,
    )


def severity(line: DepartmentLine) -> tuple[float, ...]:
    """Return what lines sort by: seriously overdue, overdue, the lowest rate, the most cards."""
    rate = line.figures.on_time_percent
    late = (-line.lights.get(light, 0) for light in OVERDUE)
    return (*late, 100 if rate is None else rate, -line.figures.red, -line.figures.yellow)


# -- the trend -------------------------------------------------------------------------------------


def months(days: Iterable[DayRow], first_on: date, last_on: date) -> list[MonthRate]:
    """Return the rates of the months from one date's to another's."""
    found: dict[date, dict[str, Tally]] = {on: {} for on in months_between(first_on, last_on)}
    for row in days:
        of_month = found.get(row.on.replace(day=1))
        if of_month is not None and row.on <= last_on:
            one = Tally(decided=row.decided, on_time=row.on_time)
            of_month[row.department] = of_month.get(row.department, Tally()) + one
    return [rate_of(on, of_month) for on, of_month in found.items()]


def rate_of(month_on: date, of_month: Mapping[str, Tally]) -> MonthRate:
    """Return the rates of a month."""
    city = total(of_month.values())
    rates = {code: rounded(each.on_time_percent) for code, each in of_month.items()}
    return MonthRate(month_on, city.decided, rounded(city.on_time_percent), rates)


def change(days: Iterable[DayRow], period: Period, before: Period) -> float | None:
    """Return by how many points the on-time rate is above that of the period before."""
    several = list(days)
    this, last = (rate(several, each) for each in (period, before))
    return None if this is None or last is None else round(this - last, 1)


def rate(days: Iterable[DayRow], period: Period) -> float | None:
    """Return the on-time rate of a period."""
    there = [row for row in days if period.holds(row.on)]
    return percent(sum(row.on_time for row in there), sum(row.decided for row in there))


# -- cards -----------------------------------------------------------------------------------------


def newest(work: Work, period: Period) -> list[CardView]:
    """Return the last cards of a period: those that wait for a reply first."""
    card = card_rows.card
    waiting = case((card.state == State.ISSUED, 0), else_=1)
    query = (
        card_rows.columns()
        .where(card.quarter.in_(period.quarters()))
        .where(card.issued_on.between(period.first_on, period.last_on))
        .where(card_rows.visible(work.actor))
        .order_by(waiting, card.id.desc())
        .limit(SHOWN_CARDS)
    )
    return [card_rows.view(work, dict(row)) for row in work.db.execute(query).mappings()]


def awaiting(cards: Iterable[Cards]) -> int:
    """Return how many cards of the period nobody has replied to yet; of a task the gravest one."""
    return sum(each.awaiting for each in cards)


def ladder(work: Work, quarter: str, cards: Mapping[str, Cards]) -> list[RungCount]:
    """Return the rungs that a city uses, with the departments that are on each in a quarter."""
    rungs = work.rules.cards.ladder
    reached = {
        code: Cards(by_quarter={quarter: each.by_quarter.get(quarter, [])}).rung(rungs)
        for code, each in cards.items()
    }
    return [
        RungCount(rung, RUNGS[rung], needs, sorted(c for c, at in reached.items() if at is rung))
        for rung, needs in rungs.steps().items()
        if needs
    ]
