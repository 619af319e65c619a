"""A promised material of a project noted as supplied."""

from __future__ import annotations

from flask_babel import gettext as _

from api.web import trust_words
from api.web.page import Answer, Redirect, act, show
from api.web.views.project import page
from api.web.visit import Visit
from engine.service import standings
from engine.service.receiving import gaps

GAP = "/projects/<key:project>/gaps/<key:gap>"


def back(visit: Visit) -> str:
    """Return where a form came from: a task's page, or the project's."""
    task = visit.text("task")
    if task.isalnum():
        return f"/tasks/{task}#materials"
    return f"/projects/{visit.path['project']}"


def supply(visit: Visit) -> Answer:
    """Note that a promised material has come."""
    on_paper = visit.text("on_paper") == "yes"
    found = gaps.supply(visit.work, visit.path["gap"], on_paper=on_paper)
    standings.refresh(visit.work, found.project)
    return Redirect(
        back(visit), _("已登记收到：%(name)s。", name=trust_words.listed([found.material]))
    )


def again(visit: Visit) -> Answer:
    """Lead from the address of a form to the project."""
    return Redirect(f"/projects/{visit.path['project']}")


PAGES = (
    act("supply_gap", GAP, supply, "supply_deficiency", form=page),
    show("supply_gap_again", GAP, again, "get_project"),
)
