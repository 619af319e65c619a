"""Rounds of joint reviews: what waits for one's own department first, and all others."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from api.permissions import allowed
from api.web import export
from api.web.export import Column
from api.web.labels import STAGES, label
from api.web.page import Answer, Shown, show
from api.web.rendering import department_names
from api.web.review_words import CONCLUSIONS, MODES, STATES, WORDS, names_of
from api.web.visit import Visit
from engine.service.review import register, round_rows, signing
from engine.service.review.register import GROUPS, MINE, Facets, Wanted
from engine.service.review.shown import ListRow
from engine.service.views import Page

SECTION = LIST = "/joint-reviews"
ROWS = 50


def find(visit: Visit) -> Answer:
    """Show the rounds one may see under filters that carry counts."""
    wanted, facets = asked(visit)

    def part(cursor: str | None, limit: int) -> Page[ListRow]:
        return register.find(visit.work, wanted, cursor=cursor, limit=limit)

    if export.wanted(visit):
        return export.file(visit, "joint-reviews", columns(visit), export.every(part))
    names = department_names(visit.work)
    values = {
        "section": SECTION,
        "found": part(visit.argument("cursor") or None, ROWS),
        "wanted": wanted,
        "outside": round_rows.is_outside(visit.actor),
        "own": signing.own_departments(visit.actor),
        "groups": groups(visit, facets),
        "stages": [(code, stage_word(code), n) for code, n in facets.stages.items()],
        "places": [(code, names.get(code, code), n) for code, n in facets.departments.items()],
        "filtered": bool(wanted.stage or wanted.department or wanted.text),
        "names_of": names_of(visit),
        "may_launch": visit.actor.has(*allowed("launch_joint_review")),
        **WORDS,
    }
    return Shown("review/list.html.jinja", values)


stage_word = label(STAGES)


def asked(visit: Visit) -> tuple[Wanted, Facets]:
    """Return the filters, and their counts; without a group what is mine, if anything is."""
    group, given = visit.argument("show"), visit.argument
    wanted = Wanted(
        group if group in GROUPS else "",
        given("stage") or None,
        given("department") or None,
        given("q") or None,
    )
    facets = register.facets(visit.work, wanted)
    if not visit.query and facets.groups[MINE]:
        wanted = Wanted(MINE)
        facets = register.facets(visit.work, wanted)
    return wanted, facets


def groups(visit: Visit, facets: Facets) -> list[tuple[str, Any, int]]:
    """Return the groups there are to choose from, with how many rounds each has."""
    outside = round_rows.is_outside(visit.actor)
    own = outside or bool(signing.own_departments(visit.actor))
    left_out = ({"open", "cancelled"} if outside else set()) | (set() if own else {MINE})
    named = [(code, word) for code, word in STATES.items() if code not in left_out]
    every = ("all", _("全部"), facets.groups[""])
    return [*((code, word, facets.groups.get(code, 0)) for code, word in named), every]


def columns(visit: Visit) -> list[Column[ListRow]]:
    """Return the columns of the list as a file."""
    names = department_names(visit.work)

    def listed(codes: list[str]) -> str:
        return str(_("、")).join(names.get(each, each) for each in codes)

    return [
        Column(_("编号"), lambda row: row.code),
        Column(_("项目"), lambda row: row.project_name),
        Column(_("阶段"), lambda row: stage_word(row.stage)),
        Column(_("轮次"), lambda row: row.number),
        Column(_("方式"), lambda row: MODES[row.mode]),
        Column(_("牵头部门"), lambda row: names.get(row.lead, row.lead)),
        Column(_("状态"), lambda row: STATES[row.state]),
        Column(_("事项"), lambda row: "、".join(row.items)),
        Column(_("通知日期"), lambda row: row.noticed_on),
        Column(_("意见截止"), lambda row: row.opinion_due_on),
        Column(_("征求部门"), lambda row: row.asked),
        Column(_("已提意见"), lambda row: row.answered),
        Column(_("默认同意"), lambda row: row.deemed),
        Column(_("不同意"), lambda row: row.disagreeing),
        Column(_("未提部门"), lambda row: listed(row.waiting)),
        Column(_("结论"), lambda row: CONCLUSIONS.get(row.conclusion, "")),
        Column(_("形成结论"), lambda row: row.concluded_at),
        Column(_("答复时间"), lambda row: row.replied_at),
    ]


PAGES = (show("joint_reviews", LIST, find, "list_joint_reviews"),)
