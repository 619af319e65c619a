"""The calendar in words: months, what is decided of a day, what is wrong with a revision."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.rules.calendar import EXCEPTIONAL, BusinessCalendar, Day, Reason
from engine.rules.revision import Decision
from engine.rules.revision_check import Finding

MONTHS = (
    *(_l("1 月"), _l("2 月"), _l("3 月"), _l("4 月"), _l("5 月"), _l("6 月")),
    *(_l("7 月"), _l("8 月"), _l("9 月"), _l("10 月"), _l("11 月"), _l("12 月")),
)
#: how a day is marked in a month, and what the mark stands for
SIGNS: Mapping[str, tuple[Any, Any]] = {
    Reason.HOLIDAY: (_l("休"), _l("节假日放假")),
    Reason.MAKE_UP: (_l("班"), _l("调休上班")),
    Reason.CLOSURE: (_l("闭"), _l("本地休息")),
    Reason.EXTRA: (_l("加"), _l("本地上班")),
}
REASONS: Mapping[str, Any] = {
    **{reason: word for reason, (_sign, word) in SIGNS.items()},
    Reason.WORKING_DAY: _l("普通工作日"),
    Reason.WEEKEND: _l("周末"),
    Decision.ORDINARY: _l("照常（撤销例外）"),
}
#: what is wrong with a day or a line, or looks wrong, by its code
FINDINGS: Mapping[str, Any] = {
    "twice": _l("同一天定了两次"),
    "out_of_range": _l("不在日历的年份之内"),
    "weekday": _l("周一至周五本来就上班，不是调休；要撤销放假，请用“照常”"),
    "worked": _l("这一天本来就上班"),
    "unnamed": _l("请写明是哪个节日"),
    "bad_name": _l("名称须在 100 个可见字符以内"),
    "empty": _l("还没有写任何日子"),
    "no_date": _l("日期不对，应写作 2027-02-05"),
    "no_decision": _l("没有写明是放假、上班、本地休息、本地上班还是照常"),
    "backwards": _l("后一天早于前一天"),
    "too_long": _l("一次写的日子太多"),
    "past": _l("这一天已经过去"),
    "nothing_to_undo": _l("这一天本来就照常，没有可撤销的"),
    "balance": _l("%(year)s 年放假与调休相抵后是 %(found)s 天，通常是 %(usual)s 天"),
    "still_provisional": _l("%(year)s 年仍是暂定：没有说明这是全年的通知"),
    "by_law_only": _l("%(year)s 年有 %(days)s 个法定假日不在通知里，仍按法定放假"),
    "provisional_again": _l("%(from_on)s 起的日子又成为暂定"),
}


@dataclass(frozen=True, slots=True)
class Month:
    """A month as it is drawn: its weeks, Monday first; None where another month's day lies."""

    number: int
    working_days: int
    weeks: list[list[Day | None]]

    @property
    def name(self) -> str:
        """What it is called."""
        return str(MONTHS[self.number - 1])


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row with one reason, name and source."""

    first_on: date
    last_on: date
    days: int
    reason: Reason
    name: Any
    source: str
    url: str
    revision: int | None


def months(found: BusinessCalendar, year: int) -> list[Month]:
    """Return the months of a year."""
    days = {day.on: day for day in found.days(date(year, 1, 1), date(year, 12, 31))}
    return [month(days, year, number) for number in range(1, 13)]


def month(days: Mapping[date, Day], year: int, number: int) -> Month:
    """Return a month of a year's days."""
    drawn = calendar.Calendar().monthdatescalendar(year, number)
    weeks = [[days[on] if on.month == number else None for on in week] for week in drawn]
    worked = sum(day.working for week in weeks for day in week if day)
    return Month(number, worked, weeks)


def spans(days: list[Any]) -> Iterator[Span]:
    """Yield exceptional days, those that follow each other and are the same as one."""
    held: list[Any] = []
    for day in [*days, None]:
        if held and (day is None or not follows(held[-1], day)):
            first = held[0]
            same = (first.reason, first.name, first.source, first.url, first.revision)
            yield Span(first.on, held[-1].on, len(held), *same)
            held = []
        held.append(day)


def follows(before: Any, day: Any) -> bool:
    """Tell whether a day goes on with the one before."""
    names = ("reason", "name", "source", "revision")
    same = all(getattr(before, name) == getattr(day, name) for name in names)
    return same and (day.on - before.on).days == 1


def reason_word(reason: str) -> str:
    """Return what a day is, or is decided to be."""
    return str(REASONS[reason])


def finding_word(found: Finding | Mapping[str, Any]) -> str:
    """Return what is wrong, or looks wrong, in a sentence."""
    code = found.code if isinstance(found, Finding) else found["code"]
    detail = found.detail if isinstance(found, Finding) else {}
    return str(_(str(FINDINGS[code]), **detail)) if detail else str(FINDINGS[code])


def words() -> dict[str, Any]:
    """Return what templates with days of the calendar need."""
    return {
        "signs": SIGNS,
        "exceptional": EXCEPTIONAL,
        "reason_word": reason_word,
        "finding_word": finding_word,
    }
