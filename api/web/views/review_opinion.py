"""A department's opinion: given by itself, or entered by the lead; revised until the conclusion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from api.web import review_words
from api.web.page import Answer, Page, Redirect, Shown, act, show
from api.web.rendering import department_names
from api.web.review_words import WORDS
from api.web.views.review_points import GONE, SECTION, Rights
from api.web.views.review_round import ROUND
from api.web.visit import Visit
from engine.errors import Invalid, Stale
from engine.rules.joint_review import GIVEN, Source
from engine.service import attachments
from engine.service.review import opinions, owed, podium, signing, views
from engine.service.review.opinions import FIELDS, answer_of
from engine.service.review.sheet import ISSUE, ReviewSheet
from engine.service.review.shown import OpinionView, ParticipantView, RoundView
from engine.service.views import AttachmentView

#: how an opinion came that somebody else enters
ENTERED = tuple(each for each in Source if each is not Source.SYSTEM)
#: who mostly has to meet a condition
OWNER = "建设单位"
#: fields of an opinion that other forms have too, by another meaning
HERE = {"conditions": "bound", "materials": "needed"}
CONDITION = ("condition_text", "condition_owner", "condition_due_on")


@dataclass(frozen=True, slots=True)
class Bound:
    """One row of conditions as it stands in the form."""

    text: str = ""
    owner: str = OWNER
    due_on: str = ""


def look(visit: Visit) -> Answer:
    """Show the form of an opinion, or what was said where it can be given no more."""
    view = views.get(visit.work, visit.path["round"])
    rights, names = Rights.of(visit, view), department_names(visit.work)
    speaker = participant(visit, view, rights)
    said = [
        each
        for each in opinions.versions(visit.work, view.id)
        if speaker and each["department"] == speaker.department
    ]
    own = speaker is not None and speaker.department in rights.own
    owes = view.state != "open" and owing(visit, speaker)
    values = {
        "section": SECTION,
        "view": view,
        "rights": rights,
        "speaker": speaker,
        "own": own,
        "opens": owes or (view.state == "open" and (own or rights.lead)),
        "owes": owes,
        "choices": [each for each in view.participants if each.state != GONE],
        "kinds": [str(each) for each in GIVEN],
        "sources": [(str(each), review_words.SOURCES[each]) for each in ENTERED],
        "said": list(reversed(said)),
        "count": len(said),
        "people": podium.called(
            visit.work, (each[name] for each in said for name in ("given_by", "recorded_by"))
        ),
        "before": speaker.opinion if speaker else None,
        "bound": bound(visit, speaker.opinion if speaker else None),
        "needed": needed(visit, speaker.opinion if speaker else None),
        "papers": papers(visit, view),
        "here": names.get(speaker.department, speaker.department) if speaker else "",
        **WORDS,
    }
    return Shown("review/opinion.html.jinja", values)


def participant(visit: Visit, view: RoundView, rights: Rights) -> ParticipantView | None:
    """Return who is to speak: as the address says, else one's own department, else the first."""
    wanted = visit.argument("department") or visit.text("department")
    asked = [each for each in view.participants if each.state != GONE]
    named = [each for each in asked if each.department == wanted]
    own = [each for each in asked if each.department in rights.own]
    silent = [each for each in own or asked if each.opinion is None]
    return next(iter(named or silent or own or asked), None)


def owing(visit: Visit, speaker: ParticipantView | None) -> bool:
    """Tell whether the visitor's department still owes the opinion its silence stood for."""
    if speaker is None or speaker.task is None or speaker.task.element != ISSUE:
        return False
    return speaker.department in signing.own_departments(visit.actor)


def bound(visit: Visit, opinion: OpinionView | None) -> list[Bound]:
    """Return the rows of conditions: as typed, else those that hold, else an empty one."""
    if visit.form:
        return typed_conditions(visit) or [Bound()]
    held = [each for each in opinion.conditions if each.state == "open"] if opinion else []
    rows = [Bound(each.text, each.owner, each.due_on.isoformat()) for each in held]
    return rows or [Bound()]


def typed_conditions(visit: Visit) -> list[Bound]:
    """Return the rows of conditions that say anything."""
    columns = (visit.form.getlist(name) for name in CONDITION)
    rows = [Bound(*(each.strip() for each in row)) for row in zip(*columns, strict=False)]
    return [each for each in rows if each.text or each.due_on]


def needed(visit: Visit, opinion: OpinionView | None) -> list[str]:
    """Return the rows of materials: as typed, else those of the opinion, else an empty one."""
    if visit.form:
        return typed_materials(visit) or [""]
    return list(opinion.materials) if opinion and opinion.materials else [""]


def typed_materials(visit: Visit) -> list[str]:
    """Return the materials that were typed, each once."""
    given = (each.strip() for each in visit.form.getlist("materials"))
    return list(dict.fromkeys(each for each in given if each))


def papers(visit: Visit, view: RoundView) -> list[AttachmentView]:
    """Return the newest versions of the papers of the round's items."""
    items = {each.id for each in view.items}
    return [each for each in attachments.latest(visit.work, view.project) if each.item in items]


# -- given -----------------------------------------------------------------------------------------


def give(visit: Visit) -> Answer:
    """Give the opinion of one's department, or enter that of another."""
    if visit.text("owed"):
        return issue(visit)
    try:
        sheet = entered(visit)
    except Invalid as error:
        rename(error)
        raise
    check_seen(visit, sheet.opinions[visit.text("department")]["version"])
    notice = _("意见已记录；形成结论前可以修改，每一版都保留。")
    return Redirect(f"{SECTION}/{visit.path['round']}", notice)


def issue(visit: Visit) -> Answer:
    """Issue the opinion one's department owes, after the conclusion."""
    try:
        answer = answer_of(visit.text("kind"), answered(visit))
        owed.issue(visit.work, visit.path["round"], visit.text("department"), answer)
    except Invalid as error:
        rename(error)
        raise
    notice = _("意见已补发，存档备查；结论不变。")
    return Redirect(f"{SECTION}/{visit.path['round']}", notice)


def entered(visit: Visit) -> ReviewSheet:
    """Write the opinion. Raises Invalid, ReasonsMissing, Forbidden, RoundClosed."""
    answer = answer_of(visit.text("kind"), answered(visit))
    given = (visit.work, visit.path["round"], visit.text("department"), answer)
    if not visit.text("source"):
        return opinions.give(*given)
    source, given_by = visit.text("source"), visit.text("given_by")
    return opinions.enter_for(*given, source=source, given_by=given_by)


def rename(error: Invalid) -> None:
    """Let an error name its field as this form does: other forms have fields of the same name."""
    name = str(error.detail.get("field", ""))
    error.detail["field"] = HERE.get(name, name)


def answered(visit: Visit) -> dict[str, Any]:
    """Return what the kind that was chosen asks for; the rest of the form is not said."""
    kind = visit.text("kind")
    if not kind:
        raise Invalid("an opinion must be chosen", field="kind")
    data: dict[str, Any] = {"text": visit.text("text")}
    if kind == "disagree":
        data |= {name: visit.text(name) for name in FIELDS}
    if kind == "agree_with_conditions":
        rows = typed_conditions(visit)
        data["conditions"] = [
            {"text": each.text, "owner": each.owner, "due_on": each.due_on} for each in rows
        ]
    if kind == "need_supplement":
        data["materials"] = typed_materials(visit)
    return data


def check_seen(visit: Visit, version: int) -> None:
    """Raise Stale where somebody of the department was first; others may speak at any time."""
    seen = visit.whole("said")
    if seen is not None and seen + 1 != version:
        raise Stale(present_version=version - 1, your_version=seen)


OPINION = f"{ROUND}/opinion"
PAGES: tuple[Page, ...] = (
    show("review_opinion", OPINION, look, "list_opinions"),
    act("review_give_opinion", OPINION, give, "give_opinion", form=look),
)
