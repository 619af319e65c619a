"""What is done on the page of a coaching."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from api.web.page import Answer, Page, Redirect, act, show
from api.web.views.coaching import OF_CENTRE, office
from api.web.views.coaching_page import look
from api.web.visit import Visit
from engine.service import standings
from engine.service.coaching import cases, checklist, conversation

COACHING = "/coaching/<key:coaching>"


def back(visit: Visit, notice: str = "", mark: str = "") -> Redirect:
    """Return to the page of the coaching."""
    return Redirect(f"/coaching/{visit.path['coaching']}{mark}", notice)


def ask(visit: Visit) -> Answer:
    """Ask a question: of the department that is named, or of the topic's."""
    place = visit.text("department")
    conversation.ask(
        visit.work,
        visit.path["coaching"],
        visit.text("question"),
        topic=visit.text("topic"),
        department=office(place) if place else None,
    )
    return back(visit, _("问题已提交。"))


def advise(visit: Visit) -> Answer:
    """Give advice, or answer a question."""
    place = visit.text("department")
    conversation.advise(
        visit.work,
        visit.path["coaching"],
        visit.text("advice"),
        topic=visit.text("topic"),
        department=office(place) if place else None,
        answers=visit.whole("answers"),
    )
    return back(visit, _("意见已写入。"))


def generate(visit: Visit) -> Answer:
    """Fill the checklist from a procedure."""
    number = checklist.generate(visit.work, visit.path["coaching"], visit.text("procedure"))
    return back(visit, _("清单增加了 %(n)s 项材料。", n=number))


def add_line(visit: Visit) -> Answer:
    """Add a material to the checklist."""
    place = visit.text("department")
    checklist.add(
        visit.work,
        visit.path["coaching"],
        visit.text("material"),
        department=office(place) if place else None,
    )
    return back(visit, _("已加入清单。"), f"?open={place or OF_CENTRE}")


def tick(visit: Visit) -> Answer:
    """Note of one line whether the material is ready; its group stays open."""
    ready, missing = visit.whole("ready"), visit.whole("missing")
    line = ready or missing
    if line:
        checklist.tick(visit.work, visit.path["coaching"], {line: ready is not None})
    return back(visit, mark=f"?open={visit.text('open')}#line-{line}")


def add_department(visit: Visit) -> Answer:
    """Have a further department take part."""
    cases.add_department(visit.work, visit.path["coaching"], visit.text("department"))
    return back(visit, _("部门已加入。"))


def close(visit: Visit) -> Answer:
    """Close it with a summary, unless somebody said something meanwhile."""
    cases.close(
        visit.work,
        visit.path["coaching"],
        visit.text("summary"),
        expected_version=visit.expected_version,
    )
    return back(visit, _("前期辅导已结束。"))


def reopen(visit: Visit) -> Answer:
    """Open it again."""
    version = visit.expected_version
    cases.reopen(visit.work, visit.path["coaching"], expected_version=version)
    return back(visit, _("前期辅导已重新开始。"))


def become_project(visit: Visit) -> Answer:
    """Turn it into a project, which is not started yet."""
    key, procedure = visit.path["coaching"], visit.text("procedure")
    view = cases.become_project(visit.work, key, procedure)
    standings.refresh(visit.work, view.id)
    return Redirect(f"/projects/{view.id}", _("已登记 %(code)s，还没有启动。", code=view.code))


def acting(
    name: str, path: str, handler: Callable[[Visit], Answer], operation: str
) -> tuple[Page, Page]:
    """Return the addresses of an action: the one it is sent to, and what that is when reloaded.

    Where it is refused, the page tells why.
    """
    rule = f"{COACHING}/{path}"
    return (
        act(name, rule, handler, operation, form=look),
        show(f"{name}_again", rule, back, "get_coaching"),
    )


ACTIONS = (
    acting("ask_coaching", "ask", ask, "add_coaching_entry"),
    acting("advise_coaching", "advise", advise, "add_coaching_entry"),
    acting("generate_checklist", "checklist", generate, "generate_coaching_checklist"),
    acting("add_material", "materials", add_line, "add_coaching_entry"),
    acting("tick_material", "tick", tick, "tick_coaching_materials"),
    acting("add_department", "departments", add_department, "add_coaching_department"),
    acting("close_coaching", "close", close, "close_coaching"),
    acting("reopen_coaching", "reopen", reopen, "reopen_coaching"),
    acting("coaching_project", "project", become_project, "coaching_project"),
)
PAGES = tuple(page for pair in ACTIONS for page in pair)
