"""What a round still waits for, and which conclusions can be drawn of it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.errors import LianshenError
from engine.rules.joint_review import (
    Conclusion,
    OpinionKind,
    Voice,
    check_conclusion,
    missing,
)
from engine.service.review.sheet import GONE
from engine.service.review.shown import MissingView, ParticipantView, QuestionView

EVERY = [str(each) for each in Conclusion]
#: by the kind of an opinion what is to be dealt with, and what it keeps from
POINTS: Mapping[str, tuple[str, list[str]]] = {
    OpinionKind.NEED_SUPPLEMENT: ("material", [str(Conclusion.APPROVED)]),
    OpinionKind.DISAGREE: ("dispute", []),
}


@dataclass(frozen=True, slots=True)
class Points:
    """What is open in a round."""

    missing: list[MissingView] = field(default_factory=list)
    materials: list[str] = field(default_factory=list)
    possible: list[str] = field(default_factory=list)
    with_reasons: list[str] = field(default_factory=list)


def points_of(
    state: str,
    asked: Sequence[ParticipantView],
    raised: Sequence[QuestionView],
    promised: Iterable[str] = (),
) -> Points:
    """Return what is open in a round: nothing any more once it is concluded.

    `promised` are the departments of the items whose promised materials are not there yet.
    """
    counting = [each for each in asked if each.state not in GONE]
    given = [each.opinion for each in counting if each.opinion]
    materials = list(dict.fromkeys(name for each in given for name in each.materials))
    if state != "open":
        return Points(materials=materials)
    voices = [Voice(each.department, kind_of(each), guarded=each.guarded) for each in counting]
    unsettled = [each for each in raised if each.settled_on is None]
    short = gaps(promised)
    kept_from = {name for each in short for name in each.keeps_from}
    can = (each for each in EVERY if each not in kept_from and can_be(each, voices, "given"))
    possible = [] if unsettled else list(can)
    return Points(
        missing=[*silent(voices), *questions(unsettled), *to_deal_with(counting), *short],
        materials=materials,
        possible=possible,
        with_reasons=[each for each in possible if not can_be(each, voices, "")],
    )


def kind_of(asked: ParticipantView) -> OpinionKind | None:
    """Return what a participant answered last; None where it did not."""
    return None if asked.opinion is None else OpinionKind(asked.opinion.kind)


def can_be(conclusion: str, voices: Sequence[Voice], reasons: str) -> bool:
    """Tell whether a conclusion can be drawn, with these reasons."""
    try:
        check_conclusion(Conclusion(conclusion), voices, reasons)
    except LianshenError:
        return False
    return True


def silent(voices: Sequence[Voice]) -> list[MissingView]:
    """Return whose opinion is missing: before it nothing can be concluded."""
    return [MissingView(each.what, each.department, EVERY) for each in missing(voices)]


def questions(unsettled: Iterable[QuestionView]) -> list[MissingView]:
    """Return what was raised and not settled."""
    return [MissingView("question", each.level, EVERY) for each in unsettled]


def gaps(promised: Iterable[str]) -> list[MissingView]:
    """Return whose items lack promised materials: they are not approved before."""
    keeps_from = [str(Conclusion.APPROVED)]
    return [MissingView("gap", each, keeps_from) for each in dict.fromkeys(promised)]


def to_deal_with(asked: Iterable[ParticipantView]) -> list[MissingView]:
    """Return the opinions that are no agreement."""
    found = ((each.department, POINTS.get(kind_of(each) or "")) for each in asked)
    return [MissingView(point[0], department, point[1]) for department, point in found if point]


def materials_of(given: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the material that newest opinions need, each once; `given` is all versions."""
    newest = {each["department"]: each for each in given}
    needed = (each["materials"] for each in newest.values())
    return list(dict.fromkeys(str(name) for several in needed for name in several))
