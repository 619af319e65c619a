"""What a visitor may do in a round, and what keeps it from its conclusion, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.permissions import allowed
from api.web import review_words
from api.web.rendering import department_names
from api.web.visit import Visit
from engine.service.review import signing
from engine.service.review.rounds import LEADS
from engine.service.review.shown import MissingView, RoundView

SECTION = "/joint-reviews"
#: who is asked no more
GONE = "replaced"


@dataclass(frozen=True, slots=True)
class Rights:
    """What the visitor may do in a round: lead it, conclude it, speak for `own` departments."""

    lead: bool
    conclude: bool
    own: tuple[str, ...]
    launch: bool

    @classmethod
    def of(cls, visit: Visit, view: RoundView) -> Rights:
        """Return what the visitor may do."""
        actor, opened = visit.actor, view.state == "open"
        leads = actor.has("coordinator") or actor.has(*LEADS, department=view.lead)
        asked = {each.department for each in view.participants if each.state != GONE}
        own = [each for each in signing.own_departments(actor) if each in asked]
        concludes = actor.has(*allowed("conclude_joint_review"), department=view.lead)
        return cls(leads and opened, concludes and opened, tuple(own) if opened else (), leads)


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that is missing before the conclusion, in words, and what to do about it."""

    icon: str
    tone: str
    who: str
    text: str
    href: str
    action: str


def short_of(missing: Iterable[MissingView]) -> str:
    """Return in one line what is missing before the conclusion, '' for nothing."""
    found = Counter(each.what.removeprefix("guarded_") for each in missing)
    said = (str(_(str(text), n=found[what])) for what, text in SHORT_OF.items() if found[what])
    return str(_("，")).join(said)


SHORT_OF = {
    "opinion": _l("还缺 %(n)s 家意见"),
    "question": _l("%(n)s 项待裁定"),
    "dispute": _l("%(n)s 项不同意待处理"),
    "material": _l("%(n)s 家要补充材料"),
    "gap": _l("%(n)s 家容缺材料未补齐"),
}


def point(visit: Visit, view: RoundView, missing: MissingView, rights: Rights) -> Point:
    """Return one thing that is missing, in words, and where to deal with it."""
    return POINTS[missing.what](visit, view, missing, rights)


def enter(view: RoundView, department: str, rights: Rights) -> tuple[str, str]:
    """Return where a department's opinion is given, or entered, by whoever may."""
    if department in rights.own:
        return f"{SECTION}/{view.id}/opinion?department={department}", _("提出意见")
    if rights.lead:
        return f"{SECTION}/{view.id}/opinion?department={department}", _("代录意见")
    return "", ""


def of_opinion(visit: Visit, view: RoundView, missing: MissingView, rights: Rights) -> Point:
    """An opinion that is missing: silence will do once its time has passed."""
    name = department_names(visit.work).get(missing.department, missing.department)
    steps = (each.task for each in view.participants if each.department == missing.department)
    own = next((each.due_on for each in steps if each is not None and each.due_on), None)
    text = _("%(on)s 前未提的，超时默认同意", on=(own or view.opinion_due_on).strftime("%m-%d"))
    where = enter(view, missing.department, rights)
    return Point("hourglass-empty", "waiting", _("%(name)s意见", name=name), text, *where)


def of_guarded(visit: Visit, view: RoundView, missing: MissingView, rights: Rights) -> Point:
    """An opinion that silence cannot stand for."""
    name = department_names(visit.work).get(missing.department, missing.department)
    text = _("在默认排除清单，须书面提出，不能按缺席或超时默认")
    where = enter(view, missing.department, rights)
    return Point("lock", "late", _("%(name)s意见", name=name), text, *where)


def of_question(_visit: Visit, view: RoundView, _missing: MissingView, _rights: Rights) -> Point:
    """A question that was raised and not settled."""
    found = next(each for each in view.questions if each.settled_on is None)
    level = str(review_words.LEVELS[found.level])
    text = _(
        "%(on)s 前答复：%(text)s", on=found.settle_by_on.strftime("%m-%d"), text=found.question
    )
    where = f"{SECTION}/{view.id}/conclusion#questions"
    who = _("%(level)s裁定", level=level)
    return Point("gavel", "late" if found.overdue else "bound", who, text, where, _("查看"))


def of_material(visit: Visit, view: RoundView, missing: MissingView, rights: Rights) -> Point:
    """Material that a department needs."""
    name = department_names(visit.work).get(missing.department, missing.department)
    days = visit.work.rules.joint_review.supplement_days
    text = _("并入一次性补正告知，%(days)s 个工作日内发出", days=days)
    who = _("%(name)s要求补充材料", name=name)
    where = (f"{SECTION}/{view.id}/conclusion", _("一次性补正")) if rights.conclude else ("", "")
    return Point("file-plus", "running", who, text, *where)


def of_dispute(visit: Visit, view: RoundView, missing: MissingView, rights: Rights) -> Point:
    """A disagreement."""
    name = department_names(visit.work).get(missing.department, missing.department)
    text = _("牵头部门须写明处理：附理由通过、不通过或中止，或者提请裁定")
    who = _("%(name)s不同意", name=name)
    where = (f"{SECTION}/{view.id}/conclusion#questions", _("处理")) if rights.lead else ("", "")
    return Point("gavel", "against", who, text, *where)


def of_gap(visit: Visit, view: RoundView, missing: MissingView, _rights: Rights) -> Point:
    """Material that was promised when an item was accepted, and has not come."""
    name = department_names(visit.work).get(missing.department, missing.department)
    text = _("容缺受理时承诺的材料补齐前，不能通过")
    who = _("%(name)s容缺材料", name=name)
    return Point("hourglass-empty", "late", who, text, f"/projects/{view.project}", _("查看"))


Teller = Callable[[Visit, RoundView, MissingView, Rights], Point]
POINTS: Mapping[str, Teller] = {
    "opinion": of_opinion,
    "guarded_opinion": of_guarded,
    "question": of_question,
    "material": of_material,
    "dispute": of_dispute,
    "gap": of_gap,
}
