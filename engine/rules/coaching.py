"""Coaching (前期辅导): a firm is helped before it applies for anything, and so before any clock.

The departments that usually take part stand by from a project's listing in the plan to the start
of its construction: six of them, the service centre among these, and the industry's own (2014
report). Questions are answered, advice is given, a checklist says which papers are still to be
made. None of it decides anything: no state here is one of a case, nothing falls due, no light is
lit, and no advice binds the decision that comes later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Generic, Protocol, TypeVar

from engine.errors import Conflict, Invalid
from engine.rules.catalogue import Item, Name
from engine.rules.lifecycle import Moves, moves
from engine.rules.procedure import Kind as ItemKind

#: the service centre (政务服务中心): it takes part by its coordinators and is no department
CENTRE: Final = ""


class CoachingClosed(Conflict):
    """The coaching is closed."""

    remedy = "Have a coordinator open it again."


class NotTakingPart(Invalid):
    """The department does not take part in this coaching."""

    remedy = "Choose a department that takes part, or have a coordinator add it."


class HasProject(Conflict):
    """The coaching has become a project already."""

    remedy = "Go on with that project."


class State(StrEnum):
    """How far a coaching is."""

    OPEN = "open"
    CLOSED = "closed"


#: a firm may come back with its plan: what was closed can be opened again
COACHING: Final[Moves] = moves({"open": "closed", "closed": "open"})


class Kind(StrEnum):
    """What an entry is."""

    #: by the applicant, to a department or the service centre
    QUESTION = "question"
    #: by a department, of its own accord or as the answer to a question
    ADVICE = "advice"
    #: a line of the checklist: a material of an item, ready or not
    MATERIAL = "material"
    #: what came of it, by the service centre at a closing
    SUMMARY = "summary"


#: what a coaching is about, in the order of a project's life (2014 report)
TOPICS: Final[Mapping[str, Name]] = {
    "proposal": Name("项目建议书", "Proposal"),
    "feasibility": Name("可行性研究", "Feasibility study"),
    "preliminary_design": Name("初步设计", "Preliminary design"),
    "scheme": Name("规划设计方案", "Planning scheme"),
    "land_pre_review": Name("用地预审", "Land pre-review"),
    "eia": Name("环境影响评价", "Environmental impact assessment"),
    "permit": Name("施工许可", "Construction permit"),
}

TITLE: Final = Name("前期辅导意见书", "Sheet of advice")
NO_EFFECT: Final = Name(
    "本意见书供建设单位作前期准备时参考，不是行政许可决定，不具有行政许可的效力；"
    "不构成对申请的受理，不开始计算任何办理期限。正式申请以受理时的法律、法规和申请材料为准。",
    "This sheet helps the applicant to prepare. It is no decision on a permit and has the effect "
    "of none; it accepts no application and starts no clock. What counts is the law, and the "
    "material, at the time of the application.",
)


@dataclass(frozen=True, slots=True)
class CoachingRules:
    """Who coaches in a city, by the departments' codes; the service centre always does."""

    standing: tuple[str, ...] = ("NDRC", "LAND", "PLAN", "EPB", "HOUS")
    #: who answers what is asked of no department in particular, by topic
    topics: Mapping[str, str] = field(
        default_factory=lambda: {
            "proposal": "NDRC",
            "feasibility": "NDRC",
            "preliminary_design": "HOUS",
            "scheme": "PLAN",
            "land_pre_review": "LAND",
            "eia": "EPB",
            "permit": "HOUS",
        }
    )

    def __post_init__(self) -> None:
        unknown = sorted(set(self.topics) - set(TOPICS))
        if unknown:
            text = f"city.yaml: coaching.topics.{unknown[0]} is not one of {', '.join(TOPICS)}"
            raise Invalid(text, field=f"coaching.topics.{unknown[0]}")

    def answers(self, topic: str, taking_part: Iterable[str]) -> str:
        """Return who is asked about a topic: its department if it takes part, else the centre."""
        department = self.topics.get(topic, CENTRE)
        return department if department in taking_part else CENTRE


class Said(Protocol):
    """An entry, as far as these rules look at it."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def answers(self) -> int | None: ...


S = TypeVar("S", bound=Said)


@dataclass(frozen=True, slots=True)
class Thread(Generic[S]):
    """A question with its answers, or advice that nobody asked for, in the order it was written."""

    first: S
    answers: Sequence[S]

    @property
    def waiting(self) -> bool:
        """Tell whether it is a question to which the department that is asked has not answered."""
        asked = self.first.kind == Kind.QUESTION
        return asked and all(each.department != self.first.department for each in self.answers)


def threads(entries: Iterable[S]) -> list[Thread[S]]:
    """Return what was said as threads, in the order in which they began."""
    said = sorted(
        (each for each in entries if each.kind in {Kind.QUESTION, Kind.ADVICE}),
        key=lambda each: each.id,
    )
    firsts = [each for each in said if each.answers is None]
    return [Thread(first, [each for each in said if each.answers == first.id]) for first in firsts]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a checklist: a material of an item, and the department that will ask for it."""

    department: str
    item: str
    text: str


def checklist(items: Iterable[Item]) -> list[Line]:
    """Return a line per material of each item that a department decides, in the items' order."""
    decided = (item for item in items if item.kind is ItemKind.APPROVAL)
    return [Line(item.department, item.id, text) for item in decided for text in item.materials]


def lacking(wanted: Iterable[Line], present: Iterable[Line]) -> list[Line]:
    """Return the lines that are wanted and not there yet, each once; what is there stays."""
    there = {(each.item, each.text) for each in present}
    lines = {(each.item, each.text): each for each in wanted}
    return [line for key, line in lines.items() if key not in there]


def sheet_number(year: int, identifier: int) -> str:
    """Return the number of a sheet of advice: the year it was opened in, and the coaching's id."""
    return f"辅〔{year}〕{identifier}"
