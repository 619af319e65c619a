"""Cards of electronic supervision (电子监察): yellow or red, for who is late or breaks a rule.

Lateness gives cards by itself, by rules that differ by city; the other breaches are found and
given by a supervisor. A card can be explained and appealed; what stands at the end counts for its
department in the quarter, and the ladder says what follows from the number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from engine.errors import Invalid
from engine.rules.calendar import BusinessCalendar
from engine.rules.catalogue import Name
from engine.rules.deadline import days_left
from engine.rules.lifecycle import Moves, moves


class Colour(StrEnum):
    """The colours of cards, the milder first."""

    YELLOW = "yellow"
    RED = "red"


#: how grave a colour is
GRAVITY: Final[Mapping[str, int]] = {colour: place for place, colour in enumerate(Colour)}


class State(StrEnum):
    """How far a card is."""

    ISSUED = "issued"
    #: the department has named the cause
    EXPLAINED = "explained"
    #: it asks for the card to be withdrawn
    APPEALED = "appealed"
    #: what the card was given for has been put right; the card stands
    CORRECTED = "corrected"
    #: looked at once more: the card stands
    UPHELD = "upheld"
    #: taken back: it counts no longer
    WITHDRAWN = "withdrawn"


#: a card that was upheld may still be put right; one taken back is done with
CARD: Final[Moves] = moves(
    {
        "issued": "explained appealed corrected withdrawn",
        "explained": "appealed corrected upheld withdrawn",
        "appealed": "upheld withdrawn",
        "upheld": "corrected",
        "corrected": "",
        "withdrawn": "",
    }
)


@dataclass(frozen=True, slots=True)
class Breach:
    """What a card is given for; `colour` is the one it has unless a supervisor says otherwise."""

    id: str
    name: Name
    colour: Colour
    source: str
    #: given by the service itself
    automatic: bool = False


LISTED_BREACHES: Final = "lawyee.com.cn lar/172253/17225329_1"
PROPOSED: Final = "proposed"


def breaches(*several: Breach) -> Mapping[str, Breach]:
    """Return breaches by their ids."""
    return {each.id: each for each in several}


#: lateness, found by the service
LATENESS: Final = breaches(
    Breach(
        "overdue",
        Name("超过承诺时限", "Past the promised date"),
        Colour.YELLOW,
        "news.sina.com.cn 2007-04-21/055011684574s",
        automatic=True,
    ),
    Breach(
        "long_overdue",
        Name("严重逾期", "Long past the promised date"),
        Colour.RED,
        PROPOSED,
        automatic=True,
    ),
    Breach(
        "past_statute",
        Name("超过法定时限", "Past the statutory date"),
        Colour.RED,
        "行政许可法 art. 42; 行政许可法 art. 74",
        automatic=True,
    ),
)
#: the other breaches, found by a supervisor; the colours are a proposal
BREACHES: Final = breaches(
    Breach(
        "refused_valid",
        Name("符合条件不予受理", "Refusing a valid application"),
        Colour.RED,
        LISTED_BREACHES,
    ),
    Breach(
        "step_late",
        Name("环节超时（事项未超时）", "One step late although the item is not"),
        Colour.YELLOW,
        LISTED_BREACHES,
    ),
    Breach(
        "forwarded_late",
        Name("逾期上报", "Late forwarding upward"),
        Colour.YELLOW,
        LISTED_BREACHES,
    ),
    Breach(
        "no_legal_reason",
        Name("无法定理由不予许可", "No legal reason for refusal"),
        Colour.RED,
        LISTED_BREACHES,
    ),
    Breach("off_system", Name("体外循环", "Handling off-system"), Colour.RED, LISTED_BREACHES),
    Breach("illegal_fees", Name("违规收费", "Illegal fees"), Colour.RED, LISTED_BREACHES),
    Breach(
        "absent_from_review",
        Name("无正当理由缺席联审", "Absent from a joint review without good reason"),
        Colour.YELLOW,
        PROPOSED,
    ),
    Breach(
        "stop_overran",
        Name("特别程序超过告知期限", "A stop that overran the time it was told to take"),
        Colour.YELLOW,
        "行政许可法 art. 45",
    ),
)
EVERY_BREACH: Final[Mapping[str, Breach]] = {**LATENESS, **BREACHES}

#: what a department may name as the cause in its reply (proposed)
CAUSES: Final[Mapping[str, Name]] = {
    "workload": Name("业务量大、人手不足", "Too much work, too few hands"),
    "absence": Name("经办人不在岗", "The person in charge was away"),
    "oversight": Name("工作疏忽", "An oversight"),
    "waiting_department": Name("等待其他部门意见", "Waiting for another department"),
    "waiting_applicant": Name("等待申请人补充或配合", "Waiting for the applicant"),
    "stop_not_recorded": Name("特别程序未及时登记", "A stop of the clock was not recorded"),
    "complex": Name("案情复杂", "A difficult case"),
    "system": Name("系统故障", "A failure of the system"),
    "other": Name("其他", "Another"),
}


class Rung(StrEnum):
    """What a department meets with for the cards that stand in a quarter, the mildest first."""

    NONE = "none"
    #: 谈话提醒
    REMINDER = "reminder"
    #: 黄牌警告, for the window
    YELLOW = "yellow"
    #: 红牌警告
    RED = "red"
    #: 效能告诫, for the department
    ADMONITION = "admonition"


RUNGS: Final[Mapping[Rung, Name]] = {
    Rung.NONE: Name("无", "None"),
    Rung.REMINDER: Name("谈话提醒", "Reminder"),
    Rung.YELLOW: Name("黄牌警告", "Yellow warning"),
    Rung.RED: Name("红牌警告", "Red warning"),
    Rung.ADMONITION: Name("效能告诫", "Admonition"),
}


@dataclass(frozen=True, slots=True)
class Ladder:
    """From how many standing cards of a quarter on each rung is reached; 0 leaves a rung out."""

    reminder: int = 1
    yellow: int = 2
    red: int = 4
    admonition: int = 6

    def __post_init__(self) -> None:
        used = [number for number in self.steps().values() if number]
        if used != sorted(set(used)):
            text = "city.yaml: each rung of cards.ladder must need more cards than the one before"
            raise Invalid(text, field="cards.ladder")

    def steps(self) -> Mapping[Rung, int]:
        """Return the number of cards that each rung needs."""
        return {rung: getattr(self, rung) for rung in Rung if rung is not Rung.NONE}

    def rung(self, cards: int) -> Rung:
        """Return the rung that so many standing cards reach."""
        reached = [rung for rung, needed in self.steps().items() if 0 < needed <= cards]
        return reached[-1] if reached else Rung.NONE


@dataclass(frozen=True, slots=True)
class CardRules:
    """By which rules of a city cards are given. All days are working days."""

    #: False: supervisors give every card themselves
    automatic: bool = True
    #: yellow once a task is overdue by so many days
    yellow_from_days: int = 1
    #: red once it is overdue by more days than these
    red_after_days: int = 3
    #: red past the statutory date, from the first day
    red_past_statute: bool = True
    #: days a department has to name the cause
    reply_days: int = 2
    ladder: Ladder = field(default_factory=Ladder)

    def __post_init__(self) -> None:
        if not 1 <= self.yellow_from_days <= self.red_after_days + 1:
            text = "city.yaml: cards.yellow_from_days must be 1 to red_after_days + 1"
            raise Invalid(text, field="cards.yellow_from_days")


@dataclass(frozen=True, slots=True)
class Lateness:
    """How a task stands with its dates; `stopped` are dates its clock stood still on.

    `given_on` is the day the task was opened. Who gets it when it is nearly late, or late already,
    has the working day after that day, as for a default: what went before is another's lateness.
    """

    calendar: BusinessCalendar
    due_on: date
    statutory_due_on: date | None = None
    stopped: frozenset[date] = frozenset()
    given_on: date | None = None

    @property
    def own_due_on(self) -> date:
        """The last day on which the lateness is not that of whoever has the task."""
        return self.own(self.due_on)

    @property
    def own_statutory_due_on(self) -> date | None:
        """The same of the statutory date."""
        return self.statutory_due_on and self.own(self.statutory_due_on)

    def own(self, due_on: date) -> date:
        """Return a due date, or the first whole working day of who was given the task too late."""
        return due_on if self.given_on is None else max(due_on, self.calendar.add(self.given_on, 1))

    def days(self, today: date) -> int:
        """Working days it is overdue by who has it, without those its clock stood still."""
        due_on = self.own_due_on
        late = -days_left(self.calendar, due_on, today)
        if late <= 0:
            return 0
        worked = self.calendar.is_working_day
        still = sum(due_on < on <= today and worked(on) for on in self.stopped)
        return max(0, late - still)

    def unlawful(self, today: date) -> bool:
        """Tell whether the statutory date has passed."""
        due_on = self.own_statutory_due_on
        return due_on is not None and due_on < today


def due_breach(late: Lateness, today: date, rules: CardRules) -> Breach | None:
    """Return what a late task gets its card for on a day: the gravest; None for nothing."""
    if not rules.automatic:
        return None
    found = reasons(late, today, rules)
    return next((LATENESS[name] for name, holds in found.items() if holds), None)


def reasons(late: Lateness, today: date, rules: CardRules) -> Mapping[str, bool]:
    """Return which kinds of lateness a task is in on a day, the gravest first."""
    days = late.days(today)
    return {
        "past_statute": rules.red_past_statute and late.unlawful(today),
        "long_overdue": days > rules.red_after_days,
        "overdue": days >= rules.yellow_from_days,
    }


def next_look(late: Lateness, today: date, rules: CardRules) -> date | None:
    """Return the next day on which a task that stays late gets another card; None for never.

    Nothing before that day changes its card, as long as its clock does not stand still.
    """
    present = due_breach(late, today, rules)
    if not rules.automatic or (present is not None and present.colour is Colour.RED):
        return None
    wanted = rules.yellow_from_days if present is None else rules.red_after_days + 1
    look = [first_late_by(late, today, wanted)]
    statutory_on = late.own_statutory_due_on
    if rules.red_past_statute and statutory_on is not None:
        look.append(late.calendar.add_calendar_days(max(statutory_on, today), 1))
    return min(look)


def first_late_by(late: Lateness, today: date, days: int) -> date:
    """Return the first day after today on which a task is overdue by so many working days."""
    on = late.calendar.add_calendar_days(today, 1)
    while late.days(on) < days:
        on = late.calendar.add_calendar_days(on, 1)
    return on


@dataclass(frozen=True, slots=True)
class Counted:
    """What counting needs of a card."""

    task: str | None
    rule: str
    colour: str
    state: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cards of each colour stand, and how many were withdrawn."""

    yellow: int = 0
    red: int = 0
    withdrawn: int = 0

    @property
    def standing(self) -> int:
        return self.yellow + self.red


def tally(cards: Iterable[Counted]) -> Tally:
    """Count a department's cards: one that was withdrawn does not stand.

    Of the lateness of one task only the gravest counts (proposed): the red card takes the place
    of the yellow one before it.
    """
    every = list(cards)
    standing = [each for each in every if each.state != State.WITHDRAWN]
    late: dict[str, set[str]] = {}
    colours = []
    for each in standing:
        if each.task is not None and each.rule in LATENESS:
            late.setdefault(each.task, set()).add(each.colour)
        else:
            colours.append(each.colour)
    colours += [max(found, key=GRAVITY.__getitem__) for found in late.values()]
    red = colours.count(Colour.RED)
    return Tally(len(colours) - red, red, len(every) - len(standing))


# -- quarters ----------------------------------------------------------------------------------

MONTHS_OF_A_QUARTER = 3


def quarter_of(on: date) -> str:
    """Return the quarter a date lies in: 2014Q4."""
    return f"{on.year}Q{(on.month - 1) // MONTHS_OF_A_QUARTER + 1}"


def first_of(quarter: str) -> date:
    """Return the first day of a quarter. Raises Invalid for what is none."""
    year, _, number = quarter.partition("Q")
    proper = len(year) == 4 and year.isascii() and year.isdigit() and number in {"1", "2", "3", "4"}  # noqa: PLR2004
    if not proper or year == "0000":
        raise Invalid(f"{quarter!r} is no quarter such as 2014Q4", field="quarter")
    return date(int(year), (int(number) - 1) * MONTHS_OF_A_QUARTER + 1, 1)


def shifted(quarter: str, by: int) -> str:
    """Return the quarter so many after another, or before it. Raises Invalid."""
    first_on = first_of(quarter)
    year, number = divmod(first_on.year * 4 + (first_on.month - 1) // 3 + by, 4)
    return f"{year:04}Q{number + 1}"
