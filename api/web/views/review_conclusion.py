"""The conclusion of a round, and the questions that stand before it; what applicants supply."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from api.web import review_words
from api.web.page import Answer, Page, Redirect, Shown, act, show
from api.web.review_words import WORDS
from api.web.views.review_points import GONE, SECTION, Rights, point, short_of
from api.web.views.review_round import ROUND
from api.web.views.review_round import look as round_page
from api.web.visit import Visit
from engine.errors import Conflict, Invalid
from engine.rules.joint_review import LEVELS, OpinionKind
from engine.service import tasks
from engine.service.review import escalations, finishing, podium, views
from engine.service.review.shown import RoundView

CONCLUSION = f"{ROUND}/conclusion"
#: what each conclusion brings about
EFFECTS = ("approved", "refused", "suspended", "supplement")


def look(visit: Visit) -> Answer:
    """Show what is open, the questions, and the form of the conclusion."""
    view = views.get(visit.work, visit.path["round"])
    rights = Rights.of(visit, view)
    counting = [each for each in view.participants if each.state != GONE]
    people = (name for each in view.questions for name in (each.raised_by, each.settled_by))
    values = {
        "section": SECTION,
        "view": view,
        "rights": rights,
        "counting": counting,
        "points": [point(visit, view, each, rights) for each in view.missing],
        "short_of": short_of(view.missing),
        "disputed": [each for each in counting if disagrees(each.opinion)],
        "question": next((each for each in view.questions if each.settled_on is None), None),
        "next_level": next_level(view),
        "may_settle": may_settle(visit, view),
        "kinds": list(EFFECTS),
        "people": podium.called(visit.work, people),
        "rules": visit.work.rules.joint_review,
        **WORDS,
    }
    return Shown("review/conclusion.html.jinja", values)


def disagrees(opinion: Any) -> bool:
    """Tell whether an opinion is a disagreement."""
    return opinion is not None and opinion.kind == OpinionKind.DISAGREE


def next_level(view: RoundView) -> str:
    """Return the level a question would go to, '' where none is left or one is open."""
    unsettled = any(each.settled_on is None for each in view.questions)
    number = len(view.questions)
    return "" if unsettled or number >= len(LEVELS) else LEVELS[number]


def may_settle(visit: Visit, view: RoundView) -> bool:
    """Tell whether the visitor is who settles the open question."""
    found = next((each for each in view.questions if each.settled_on is None), None)
    return found is not None and escalations.settles(visit.actor, view.lead, found.level)


def conclude(visit: Visit) -> Answer:
    """Draw the conclusion."""
    conclusion = visit.text("conclusion")
    if conclusion not in review_words.CONCLUSIONS:
        raise Invalid("a conclusion must be chosen", field="conclusion")
    given = (visit.path["round"], conclusion, visit.text("reasons"), visit.expected_version)
    finishing.conclude(visit.work, *given)
    return Redirect(f"{SECTION}/{visit.path['round']}", _("结论已形成。"))


def raise_question(visit: Visit) -> Answer:
    """Raise what departments disagree on."""
    given = (visit.path["round"], visit.text("question"))
    escalations.raise_question(visit.work, *given)
    return back(visit, _("已提请裁定；裁定前不形成结论。"))


def settle(visit: Visit) -> Answer:
    """Settle the open question."""
    given = (visit.path["round"], visit.text("settlement"))
    escalations.settle(visit.work, *given)
    return back(visit, _("裁定已记录。"))


def supply(visit: Visit) -> Answer:
    """Say for the applicant that the material has come: completes the task of it."""
    view = views.get(visit.work, visit.path["round"])
    if view.task is None or view.task.element != "supplement":
        raise Conflict("the round waits for no material", round=view.id)
    tasks.complete(visit.work, view.task.id, "submit", {})
    return Redirect(f"{SECTION}/{view.id}", _("补充材料已提交，牵头部门会发起下一轮联审。"))


def back(visit: Visit, notice: str = "") -> Redirect:
    """Return to the page of the conclusion."""
    return Redirect(f"{SECTION}/{visit.path['round']}/conclusion", notice)


def to_round(visit: Visit) -> Redirect:
    """Lead to the round."""
    return Redirect(f"{SECTION}/{visit.path['round']}")


PAGES: tuple[Page, ...] = (
    show("review_conclusion", CONCLUSION, look, "list_opinions"),
    act("review_conclude", CONCLUSION, conclude, "conclude_joint_review", form=look),
    act("review_raise", f"{CONCLUSION}/raise", raise_question, "raise_question", form=look),
    show("review_raise_again", f"{CONCLUSION}/raise", back, "list_opinions"),
    act("review_settle", f"{CONCLUSION}/settle", settle, "settle_question", form=look),
    show("review_settle_again", f"{CONCLUSION}/settle", back, "list_opinions"),
    act("review_supply", f"{ROUND}/supplement", supply, "complete_task", form=round_page),
    show("review_supply_again", f"{ROUND}/supplement", to_round, "get_joint_review"),
)
