"""How a round is conducted by its lead: who comes, who came, who is asked, who is asked instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web.page import Answer, Page, Redirect, Shown, act, show
from api.web.rendering import department_names
from api.web.review_words import WORDS
from api.web.views.review_points import GONE, SECTION, Rights
from api.web.views.review_round import ROUND, in_order
from api.web.visit import Visit
from engine.service.review import guests, opinions, podium, rounds, views
from engine.service.review.sheet import APPLICANT

CONDUCT = f"{ROUND}/participants"
#: what is said when the applicant is asked to the meeting, or no more
INVITED = {"invited": _l("已邀请申请人列席。"), "": _l("已撤回对申请人的邀请。")}
NOTED = _l("申请人到会情况已记录。")


def look(visit: Visit) -> Answer:
    """Show who takes part, with the forms of the lead."""
    view = views.get(visit.work, visit.path["round"])
    names = department_names(visit.work)
    asked = in_order(names, view.participants)
    counting = [each for each in asked if each.state != GONE]
    taken = {each.department for each in counting} | {view.lead, APPLICANT}
    staff = podium.staff(visit.work, [each.department for each in asked])
    values = {
        "section": SECTION,
        "view": view,
        "rights": Rights.of(visit, view),
        "asked": asked,
        "counting": counting,
        "staff": staff,
        "others": [(code, name) for code, name in names.items() if code not in taken],
        "may_name": lambda department: may_name(visit, view.lead, department),
        "people": podium.called(visit.work, (each.receipt_by for each in asked)),
        **WORDS,
    }
    return Shown("review/participants.html.jinja", values)


def may_name(visit: Visit, lead: str, department: str) -> bool:
    """Tell whether the visitor may say who comes for a department."""
    leads = any(visit.actor.has(*rounds.LEADS, department=each) for each in (department, lead))
    return leads or visit.actor.has("coordinator")


def mark(visit: Visit) -> Answer:
    """Note who came."""
    given = (visit.text("department"), visit.text("state"), visit.text("note"))
    opinions.mark(visit.work, visit.path["round"], *given)
    return back(visit, _("到会情况已记录。"))


def invite(visit: Visit) -> Answer:
    """Invite the applicant to the meeting, or note whether it came."""
    state = visit.text("state")
    guests.note(visit.work, visit.path["round"], state)
    return back(visit, str(INVITED.get(state, NOTED)))


def represent(visit: Visit) -> Answer:
    """Name who comes for a department."""
    given = (visit.text("department"), visit.text("user") or None)
    rounds.represent(visit.work, visit.path["round"], *given)
    return back(visit, _("参会代表已指定。"))


def add(visit: Visit) -> Answer:
    """Ask one more department."""
    rounds.add_participant(visit.work, visit.path["round"], visit.text("department"))
    return back(visit, _("已征求这个部门的意见，通知已发出。"))


def replace(visit: Visit) -> Answer:
    """Ask another department instead."""
    given = (visit.text("department"), visit.text("by"), visit.text("reason"))
    rounds.replace_participant(visit.work, visit.path["round"], *given)
    return back(visit, _("已改征另一部门，原来的意见留存，不再计入。"))


def cancel(visit: Visit) -> Answer:
    """Give the round up."""
    given = (visit.path["round"], visit.text("reason"), visit.expected_version)
    rounds.cancel(visit.work, *given)
    return Redirect(f"{SECTION}/{visit.path['round']}", _("本轮联审已撤销，各部门已收到通知。"))


def back(visit: Visit, notice: str = "") -> Redirect:
    """Return to the page of who takes part."""
    return Redirect(f"{SECTION}/{visit.path['round']}/participants", notice)


#: the verbs of the page, and their operations
VERBS: Mapping[str, tuple[Any, str]] = {
    "attendance": (mark, "note_attendance"),
    "applicant": (invite, "note_applicant"),
    "representative": (represent, "name_representative"),
    "add": (add, "add_participant"),
    "replace": (replace, "replace_participant"),
    "cancel": (cancel, "cancel_joint_review"),
}
PAGES: tuple[Page, ...] = (
    show("review_participants", CONDUCT, look, "list_opinions"),
    *(
        act(f"review_{name}", f"{CONDUCT}/{name}", verb, operation, form=look)
        for name, (verb, operation) in VERBS.items()
    ),
    *(show(f"review_{name}_again", f"{CONDUCT}/{name}", back, "list_opinions") for name in VERBS),
)
