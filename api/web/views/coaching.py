"""Coaching before an application: the list, and opening one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web import export
from api.web.export import Column
from api.web.labels import COACHING_STATES
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.rendering import department_names
from api.web.views.project_new import called, order, own_name
from api.web.visit import Visit
from engine.rules.coaching import CENTRE, TOPICS
from engine.service import applicants, overview
from engine.service.coaching import cases, conversation, register
from engine.service.coaching.register import Facets, Wanted
from engine.service.coaching.views import CoachingRow
from engine.service.views import Page

LIST, NEW = "/coaching", "/coaching/new"
#: how addresses and forms name the service centre
OF_CENTRE = "centre"
CENTRE_WORD = _l("政务服务中心")
#: groups of the list by the argument that chooses them
GROUPS: Mapping[str, Any] = {
    "": _l("全部"),
    "open": COACHING_STATES["open"],
    "waiting": _l("待回复"),
    "closed": COACHING_STATES["closed"],
}


def find(visit: Visit) -> Answer:
    """Show the coachings one may see under filters that carry counts."""
    wanted = wanted_by(visit)

    def part(cursor: str | None, limit: int) -> Page[CoachingRow]:
        return register.find(visit.work, wanted, cursor=cursor, limit=limit)

    if export.wanted(visit):
        return export.file(visit, "coaching", columns(visit), export.every(part))
    every = register.facets(visit.work, replace(wanted, state=None, waiting=False))
    narrowed = wanted.state or wanted.waiting
    facets = register.facets(visit.work, wanted) if narrowed else every
    values = {
        "section": "/projects",
        "found": part(visit.argument("cursor") or None, 50),
        "facets": facets,
        "groups": groups(every),
        "group": visit.argument("show", GROUPS),
        "wanted": wanted,
        "places": places(visit, facets, wanted),
        "filtered": bool(visit.query),
    }
    return Shown("coaching/list.html.jinja", values)


def wanted_by(visit: Visit) -> Wanted:
    """Return the filters that the address asks for."""
    group, place = visit.argument("show", GROUPS), visit.argument("department")
    return Wanted(
        state=group if group in COACHING_STATES else None,
        department=office(place) if place else None,
        waiting=group == "waiting",
        text=visit.argument("q") or None,
    )


def groups(every: Facets) -> list[tuple[str, Any, int]]:
    """Return the groups with how many they have."""
    counts = {**every.state, "": every.total, "waiting": every.waiting}
    return [(value, word, counts.get(value, 0)) for value, word in GROUPS.items()]


def places(visit: Visit, facets: Facets, wanted: Wanted) -> list[tuple[str, str, int]]:
    """Return the departments there are to choose from, with their counts."""
    names = {CENTRE: str(CENTRE_WORD), **department_names(visit.work)}
    return [
        (place or OF_CENTRE, word, facets.department.get(place, 0))
        for place, word in names.items()
        if facets.department.get(place) or place == wanted.department
    ]


def office(value: str) -> str:
    """Return the department that a form or an address names."""
    return CENTRE if value == OF_CENTRE else value


def columns(visit: Visit) -> list[Column[CoachingRow]]:
    """Return the columns of the list as a file."""
    names = {CENTRE: str(CENTRE_WORD), **department_names(visit.work)}

    def listed(codes: Any) -> str:
        return str(_("、")).join(names.get(each, each) for each in codes)

    return [
        Column(_("项目"), lambda row: row.name),
        Column(_("建设单位"), lambda row: row.applicant),
        Column(_("状态"), lambda row: COACHING_STATES[row.state]),
        Column(_("流程"), lambda row: row.procedure),
        Column(_("参加部门"), lambda row: listed(row.departments)),
        Column(_("提问"), lambda row: row.questions),
        Column(_("待回复"), lambda row: sum(row.waiting.values())),
        Column(_("待回复部门"), lambda row: listed(row.waiting)),
        Column(_("材料"), lambda row: row.materials),
        Column(_("已备材料"), lambda row: row.ready),
        Column(_("开始时间"), lambda row: row.opened_at),
        Column(_("最近更新"), lambda row: row.last_at),
        Column(_("结束时间"), lambda row: row.closed_at),
    ]


def form(visit: Visit) -> Answer:
    """Ask for what is to be coached, and perhaps for the first question."""
    own = own_name(visit)
    standing = cases.taking_part(visit.work, ())
    names = department_names(visit.work)
    values = {
        "section": "/projects",
        "own": own,
        "applicants": [] if own else applicants.known(visit.work),
        "procedures": [
            (each.id, called(each)) for each in sorted(overview.find(visit.work), key=order)
        ],
        "standing": [names.get(each, each) for each in standing],
        "others": [
            (code, word) for code, word in names.items() if code not in {*standing, cases.APPLICANT}
        ],
        "topics": list(TOPICS),
    }
    return Shown("coaching/new.html.jinja", values)


def create(visit: Visit) -> Answer:
    """Open a coaching, with its first question where there is one."""
    work = visit.work
    key = cases.begin(
        work,
        visit.text("name"),
        own_name(visit) or visit.text("applicant"),
        procedure=visit.text("procedure"),
        also=visit.form.getlist("also"),
    )
    if question := visit.text("question"):
        conversation.ask(work, key, question, topic=visit.text("topic"))
    return Redirect(f"{LIST}/{key}", _("前期辅导已经开始。"))


PAGES = (
    show("coachings", LIST, find, "list_coachings"),
    show("new_coaching", NEW, form, "create_coaching"),
    act("create_coaching", NEW, create, "create_coaching", form=form),
)
