"""A meeting of seven departments on two projects, taken to its minutes."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.rules.joint_review import Answer, Condition, OpinionKind
from engine.scheduler import sweep
from engine.service import tasks
from engine.service.review import minutes, minutes_shown, opinions
from engine.service.review.minutes_shown import MinutesView
from engine.service.work import Actor
from tests.service import meeting_city
from tests.service.city import City

SEVEN = ("CAD", "EPB", "FIRE", "GREEN", "HOUS", "MET", "SEIS")
LEAD = "PLAN"
TEXTS = {"opening": "规划局介绍方案。", "discussion": "各部门发表意见。\n重点讨论出入口。"}
CONDITION = Condition("主要出入口移至北侧", "建设单位", date(2014, 9, 30))
AGREE = Answer(OpinionKind.AGREE)
BOUND = Answer(OpinionKind.AGREE_WITH_CONDITIONS, text="原则同意", conditions=(CONDITION,))
DISAGREE = Answer(
    OpinionKind.DISAGREE, legal_basis="《城市绿化条例》第九条", required="绿地率不低于10%"
)
NEEDS = Answer(OpinionKind.NEED_SUPPLEMENT, materials=("消防设计说明", "总平面图"))


def people(city: City) -> dict[str, Actor]:
    """A reviewer of the lead and of each department."""
    return {
        each: city.user(each.lower(), ("reviewer", each), shown=f"{each}甲")
        for each in (LEAD, *SEVEN)
    }


def met(city: City, staff: dict[str, Actor]) -> tuple[int, int]:
    """Hold the meeting; returns the rounds: one disputed, one that everybody agrees to.

    CAD agrees, HOUS with a condition, EPB disagrees, FIRE needs material, MET does not come, SEIS
    answers on paper, GREEN is late: its silence counts, then it speaks.
    """
    first, second = meeting_city.projects(city)
    lines = [meeting_city.line(each, departments=("SEIS", "GREEN")) for each in (first, second)]
    given: dict[str, Any] = {
        "agenda": tuple(lines),
        "representatives": {"CAD": "cad"},
        "convenor": "plan",
    }
    view = meeting_city.planned(city, place="三楼", by=staff[LEAD], **given)
    disputed, agreed = (each.round for each in view.agenda)
    city.wait_working(3)
    here: dict[str, Any] = {"source": "meeting", "by": staff[LEAD]}
    for name, answer in {"CAD": AGREE, "HOUS": BOUND, "EPB": DISAGREE, "FIRE": NEEDS}.items():
        city.do(opinions.enter_for, disputed, name, answer, given_by=f"{name}乙", **here)
    city.do(opinions.mark, disputed, "MET", "absent", by=staff[LEAD])
    paper: dict[str, Any] = {"source": "paper", "given_by": "SEIS丙", "by": staff[LEAD]}
    city.do(opinions.enter_for, disputed, "SEIS", AGREE, **paper)
    for name in SEVEN:
        city.do(opinions.enter_for, agreed, name, AGREE, given_by=f"{name}乙", **here)
    city.wait()
    sweep(city.engine, city.now, city.settings)
    city.do(opinions.give, disputed, "GREEN", AGREE, by=staff["GREEN"])
    return disputed, agreed


def round_task(city: City, identifier: int, element: str) -> str:
    """The open task of a round at a step."""
    found = city.see(tasks.find, limit=500).items
    [task] = [each for each in found if each.round_id == identifier and each.element == element]
    return task.id


def concluded(city: City, identifier: int, lead: Actor, kind: str, reasons: str = "") -> None:
    """Draw the conclusion of a round."""
    task = round_task(city, identifier, "conclude")
    city.do(tasks.complete, task, kind, {"reasons": reasons}, by=lead)


def sent(city: City, identifier: int, lead: Actor) -> MinutesView:
    """Write the draft and send it out for signing."""
    city.do(minutes.draft, identifier, TEXTS, by=lead)
    city.do(tasks.complete, round_task(city, identifier, "minutes"), "drafted", by=lead)
    return seen(city, identifier)


def seen(city: City, identifier: int, **named: Any) -> MinutesView:
    """The minutes as they are now."""
    return city.see(minutes_shown.get, identifier, **named)


def signed(city: City, identifier: int, staff: dict[str, Actor], *but: str) -> None:
    """Let everybody who signs do so, but for some."""
    for each in seen(city, identifier).missing:
        if each not in but:
            city.do(minutes.sign, identifier, each, by=staff[each])
