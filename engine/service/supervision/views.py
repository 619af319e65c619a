"""What supervision tells of a department: its figures as answers have them, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.rules.catalogue import Name
from engine.rules.inspection import FIELDS, Tally


@dataclass(frozen=True, slots=True)
class Figures:
    """A department's figures of a period, or the city's. Percentages and averages to one decimal.

    What there is none of to divide by is None. `bound` are the decided cases whose time a law
    sets; `average_statutory_days` and `reduction_percent` are of these.
    """

    accepted: int
    decided: int
    on_time: int
    used_days: int
    promised_days: int
    bound: int
    bound_days: int
    statutory_days: int
    suspended_days: int
    extended: int
    deemed: int
    yellow: int
    red: int
    on_time_percent: float | None
    average_used_days: float | None
    average_promised_days: float | None
    average_statutory_days: float | None
    reduction_percent: float | None


AVERAGES: Final = (
    *("on_time_percent", "average_used_days", "average_promised_days"),
    *("average_statutory_days", "reduction_percent"),
)


def figures(tally: Tally) -> Figures:
    """Return a tally as it is told."""
    known: dict[str, Any] = {name: getattr(tally, name) for name in FIELDS}
    known |= {name: rounded(getattr(tally, name)) for name in AVERAGES}
    return Figures(**known)


def rounded(value: float | None) -> float | None:
    """Return a number to one decimal."""
    return None if value is None else round(value, 1)


#: what each figure of a report is called, and how it is made
TERMS: Final[Mapping[str, tuple[Name, Name]]] = {
    "accepted": (
        Name("受理", "Accepted"),
        Name(
            "本期内受理的办件数，以受理日为准。",
            "Cases accepted in the period, by the day of acceptance.",
        ),
    ),
    "decided": (
        Name("办结", "Decided"),
        Name(
            "本期内作出决定的办件数；不予许可、退件和撤回不计。",
            "Cases decided in the period; refused, returned and withdrawn ones are left out.",
        ),
    ),
    "on_time": (
        Name("按期办结", "On time"),
        Name(
            "决定日不晚于承诺到期日和法定到期日中较早者的办件数。",
            "Cases decided no later than the earlier of the promised and the statutory due date.",
        ),
    ),
    "on_time_percent": (
        Name("按期办结率 %", "On time, %"),
        Name("按期办结数除以办结数。", "On time, divided by decided."),
    ),
    "average_used_days": (
        Name("平均用时", "Average used"),
        Name(
            "受理次日起至决定日的工作日，扣除中止的工作日，按办结数平均。",
            "Working days from the day after acceptance to the decision, less those the clock "
            "stood still, per decided case.",
        ),
    ),
    "average_promised_days": (
        Name("平均承诺", "Average promised"),
        Name(
            "办结办件的承诺工作日之和除以办结数。",
            "Promised working days of the decided cases, per case.",
        ),
    ),
    "average_statutory_days": (
        Name("平均法定", "Average statutory"),
        Name(
            "有法定时限的办结办件的法定工作日平均；以自然日计的按七分之五折算，"
            "30 日折 21 个工作日。",
            "Statutory working days of the decided cases that have any, per case; calendar days "
            "are converted at five of seven (30 days are 21 working days).",
        ),
    ),
    "reduction_percent": (
        Name("较法定压缩 %", "Reduction, %"),
        Name(
            "有法定时限的办结办件中，一减承诺工作日之和与法定工作日之和的比。",
            "Of the decided cases with a statutory time: one less the promised days divided by the "
            "statutory days.",
        ),
    ),
    "suspended_days": (
        Name("中止工作日", "Suspended days"),
        Name(
            "办结办件在受理与决定之间时钟停走的工作日之和。",
            "Working days on which the clocks of the decided cases stood still.",
        ),
    ),
    "extended": (
        Name("延期", "Extended"),
        Name(
            "办结办件中依法延长过期限的件数。",
            "Decided cases whose time had been extended.",
        ),
    ),
    "deemed": (
        Name("默认意见", "Deemed"),
        Name(
            "办结办件中超时未答、视为通过的件数。",
            "Decided cases that the silence of the department passed.",
        ),
    ),
    "yellow": (
        Name("黄牌", "Yellow"),
        Name(
            "本期亮出且未撤销的黄牌；同一任务的逾期只计最重一张。",
            "Yellow cards of the period that stand; of one task's lateness only the gravest "
            "counts.",
        ),
    ),
    "red": (
        Name("红牌", "Red"),
        Name("本期亮出且未撤销的红牌。", "Red cards of the period that stand."),
    ),
    "rung": (
        Name("问责措施", "Measure"),
        Name(
            "本季未撤销的牌数所达到的阶梯；年度取各季最重者。",
            "The rung that the standing cards of the quarter reach; for a year that of the gravest "
            "quarter.",
        ),
    ),
    "grade": (
        Name("等次", "Grade"),
        Name(
            "按期办结率与黄牌、红牌数须同时达到该等次的要求；要求由本市设定。",
            "The on-time rate and the numbers of cards must all meet what the grade asks for, "
            "which the city sets.",
        ),
    ),
}
#: the figures of a report's table, in the order of its columns
COLUMNS: Final = tuple(name for name in TERMS if name not in {"rung", "grade"})
