"""Registering a project: its name, its procedure, its applicant; started at once or later."""

from __future__ import annotations

from flask_babel import gettext as _

from api.web.language import named
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.visit import Visit
from engine.rules.catalogue import Name
from engine.service import applicants, identity, overview, projects, standings
from engine.service.overview import ProcedureView

NEW = "/projects/new"
#: the button that only registers
LATER = "later"


def form(visit: Visit) -> Answer:
    """Ask for a new project."""
    offered = sorted(overview.find(visit.work), key=order)
    own = own_name(visit)
    return Shown(
        "project/new.html.jinja",
        {
            "section": "/projects",
            "procedures": offered,
            "called": called,
            "own": own,
            "applicants": [] if own else applicants.known(visit.work),
            "chosen": visit.text("procedure") or visit.argument("procedure"),
        },
    )


def order(each: ProcedureView) -> tuple[str, int, str]:
    """Return the place of a procedure: by kind of project, the shortest first."""
    return each.newest.project_type, each.totals.counted_days, each.id


def called(each: ProcedureView) -> str:
    """Return a procedure's name in the page's language."""
    return named(Name.of(each.newest.name, each.id))


def own_name(visit: Visit) -> str:
    """Return the name under which an applicant registers, '' for who registers for others."""
    actor = visit.work.actor
    if actor.id is None or not actor.has_plain("applicant"):
        return ""
    me = identity.get(visit.work, actor.id)
    return me.display_name or me.name


def create(visit: Visit) -> Answer:
    """Register a project, and start it unless that is for later."""
    work = visit.work
    applicant = own_name(visit) or visit.text("applicant")
    view = projects.create(work, visit.text("name"), visit.text("procedure"), applicant)
    later = visit.text("then") == LATER
    if not later:
        projects.start(work, view.id)
    standings.refresh(work, view.id)
    notice = _("已登记 %(code)s，还没有启动。") if later else _("已登记并启动 %(code)s。")
    return Redirect(f"/projects/{view.id}", notice % {"code": view.code})


PAGES = (
    show("new_project", NEW, form, "create_project"),
    act("create_project", NEW, create, "create_project", form=form),
)
