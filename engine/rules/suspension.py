"""Stops of the clock (特别程序): for what the law lists, told in writing, with the time needed.

What 行政许可法 art. 45 lists is not counted; how long it will take is told the applicant in
writing. So a stop needs a reason of the list, the reference of the notice, and expected days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.errors import Conflict, Invalid
from engine.rules.calendar import BusinessCalendar
from engine.rules.legal_clock import Stop

MAX_DAYS = 1_000


class StopReason(StrEnum):
    """Why a clock stands still."""

    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"
    PUBLICITY = "publicity"
    #: a promised material is overdue (容缺): stopped by the service
    GAP = "gap"
    #: the whole project stands still: by its coordinator
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class StopRule:
    """What a reason is called, and what lists it."""

    zh: str
    en: str
    source: str


ART_45 = "行政许可法 art. 45"
REASONS: Mapping[StopReason, StopRule] = {
    StopReason.HEARING: StopRule("听证", "hearing", ART_45),
    StopReason.TENDER: StopRule("招标", "tender", ART_45),
    StopReason.AUCTION: StopRule("拍卖", "auction", ART_45),
    StopReason.INSPECTION: StopRule("检验", "inspection", ART_45),
    StopReason.TESTING: StopRule("检测", "testing", ART_45),
    StopReason.QUARANTINE: StopRule("检疫", "quarantine", ART_45),
    StopReason.APPRAISAL: StopRule("鉴定", "appraisal", ART_45),
    StopReason.EXPERT_REVIEW: StopRule("专家评审", "expert review", ART_45),
    StopReason.PUBLICITY: StopRule(
        "公示", "publicity", "滨州市工程建设项目并联审批管理规定 art. 19"
    ),
    StopReason.GAP: StopRule("容缺材料逾期", "promised material overdue", "台州 2019-04-24"),
    StopReason.PROJECT: StopRule("项目中止", "project suspended", "proposed"),
}
#: what somebody may give as their reason
LISTED = tuple(
    reason for reason in StopReason if reason not in {StopReason.GAP, StopReason.PROJECT}
)


class Overlap(Conflict):
    """The clock stood still then already."""

    remedy = "See the item's earlier stops; a stop begins when the one before has ended."


def check_reason(reason: str, notice: str, expected_days: int) -> StopReason:
    """Return a stop's reason. Raises Invalid where it is not listed, or not told in writing."""
    if reason not in LISTED:
        raise Invalid(f"reason must be one of {', '.join(LISTED)}, not {reason!r}", field="reason")
    if not notice.strip():
        text = f"a stop needs the reference of the written notice to the applicant ({ART_45})"
        raise Invalid(text, field="notice")
    if not 1 <= expected_days <= MAX_DAYS:
        text = f"expected_days must be 1 to {MAX_DAYS} working days"
        raise Invalid(text, field="expected_days")
    return StopReason(reason)


def check_beginning(from_on: date, clock_from_on: date, today: date, stops: Iterable[Stop]) -> None:
    """Raise Invalid, or Overlap, where a stop cannot begin on a day.

    It begins on a day of the clock, today or earlier, and not within another stop.
    """
    if from_on > today:
        raise Invalid(f"a stop cannot begin on {from_on}, after today", field="from_on")
    if from_on < clock_from_on:
        text = f"the clock began on {clock_from_on}; a stop cannot begin before"
        raise Invalid(text, field="from_on")
    for stop in stops:
        check_apart(from_on, None, stop)


def check_end(stop: Stop, until_on: date, today: date, stops: Iterable[Stop] = ()) -> None:
    """Raise Invalid, or Overlap, where a stop cannot end on a day."""
    if until_on < stop.from_on:
        text = f"the stop began on {stop.from_on}; it cannot end before"
        raise Invalid(text, field="until_on")
    if until_on > today:
        raise Invalid(f"a stop cannot end on {until_on}, after today", field="until_on")
    for other in stops:
        check_apart(stop.from_on, until_on, other)


def check_apart(from_on: date, until_on: date | None, other: Stop) -> None:
    """Raise Overlap where two stops have a day in common; one may begin when the other ends."""
    before = until_on is not None and until_on <= other.from_on
    after = other.until_on is not None and other.until_on <= from_on
    if not (before or after):
        until = other.until_on or "today"
        text = f"the clock stood still from {other.from_on} to {until} already"
        raise Overlap(text, from_on=str(other.from_on), until_on=str(other.until_on or ""))


def expected_on(calendar: BusinessCalendar, from_on: date, days: int) -> date:
    """The day by which a stop is to have ended, as the applicant was told."""
    return calendar.add(from_on, days)
