"""Items taken back or applied for once more, and failed steps tried again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask_babel import gettext as _

from api.web.page import Answer, Redirect, act, show
from api.web.views import project as home
from api.web.views.project_actions import PROJECT, given_reason
from api.web.views.project_moves import Question
from api.web.views.project_names import item_name
from api.web.visit import Visit
from engine.errors import Invalid, ModelError, NotFound
from engine.service import access, deployments, incidents, items, retries, standings
from engine.service.views import IncidentView

ITEM = f"{PROJECT}/items/<name:item>"
INCIDENT = f"{PROJECT}/incidents/<key:incident>/retry"


def ask_withdraw(visit: Visit) -> Answer:
    """Ask whether an item's application is taken back."""
    question = Question(
        action=address(visit, "withdraw"),
        title=_("撤回“%(item)s”的申请？", item=called(visit)),
        effect=_("这一件停止办理，可以重新申请；等它办结的事项继续等候。"),
        button=_("撤回申请"),
        icon="x",
        danger=True,
    )
    return home.shown(visit, question)


def withdraw(visit: Visit) -> Answer:
    """Take an item's application back."""
    reason = given_reason(visit, needed=True)
    project, item = visit.path["project"], visit.path["item"]
    items.withdraw(visit.work, project, item, reason, visit.expected_version)
    return back(visit, _("已撤回“%(item)s”的申请。", item=called(visit)))


def ask_again(visit: Visit) -> Answer:
    """Ask whether an item is applied for once more."""
    question = Question(
        action=address(visit, "apply-again"),
        title=_("重新申请“%(item)s”？", item=called(visit)),
        effect=_("新的一件从收件开始，期限重新计算；以前的办理情况保留在经过里。"),
        button=_("再次申请"),
        icon="refresh",
        reasoned=False,
    )
    return home.shown(visit, question)


def apply_again(visit: Visit) -> Answer:
    """Apply for an item once more."""
    project, item = visit.path["project"], visit.path["item"]
    items.apply_again(visit.work, project, item, visit.expected_version)
    return back(visit, _("已重新申请“%(item)s”。", item=called(visit)))


def ask_retry(visit: Visit) -> Answer:
    """Ask whether a failed step is tried again, and with which values corrected."""
    incident = incident_of(visit)
    again = visit.error.message if isinstance(visit.error, ModelError) else ""
    question = Question(
        action=f"/projects/{visit.path['project']}/incidents/{incident.id}/retry",
        title=_("重试出错的这一步？"),
        effect=_("按原来的答复再办一次；需要时先更正其中的数据。"),
        button=_("重试"),
        icon="refresh",
        reasoned=False,
        versioned=False,
        cause=again or incident.cause,
        correctable=True,
    )
    return home.shown(visit, question)


def retry(visit: Visit) -> Answer:
    """Try a failed step again."""
    given = correction(visit.text("data"))
    retries.retry(visit.work, incident_of(visit).id, given)
    return back(visit, _("这一步已办成，出错已解决。"))


def incident_of(visit: Visit) -> IncidentView:
    """Return the incident of the address. Raises NotFound, also for another project's."""
    found = incidents.get(visit.work, visit.path["incident"])
    if found.project != visit.path["project"]:
        raise NotFound("the project has no such incident", incident=found.id)
    return found


def correction(text: str) -> Mapping[str, Any]:
    """Return corrected values by name, one `name = value` a line. Raises Invalid."""
    found: dict[str, Any] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not name.isidentifier() or not equals:
            raise Invalid(f"{line!r} is not `name = value`", field="data")
        found[name] = read(value)
    return found


def read(value: str) -> Any:
    """Return a value as JSON has it; anything else is a text."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def back(visit: Visit, notice: str) -> Redirect:
    """Return to the project, whose lists know of the change at once."""
    project = visit.path["project"]
    standings.refresh(visit.work, project)
    return Redirect(f"/projects/{project}", notice)


def address(visit: Visit, verb: str) -> str:
    """Return the address of a move of an item."""
    item = quote(visit.path["item"], safe="")
    return f"/projects/{visit.path['project']}/items/{item}/{verb}"


def called(visit: Visit) -> str:
    """Return the name of the item of the address. Raises NotFound for an unknown project."""
    version = access.row_of(visit.work, visit.path["project"])["version_id"]
    built = deployments.deployment(visit.work.db, version)
    drawn = {each.id: each.name for each in built.activities}
    item = visit.path["item"]
    return item_name(built, item, drawn.get(item, item))


PAGES = (
    show("ask_withdraw_item", f"{ITEM}/withdraw", ask_withdraw, "withdraw_item"),
    act("withdraw_item", f"{ITEM}/withdraw", withdraw, "withdraw_item", form=ask_withdraw),
    show("ask_apply_again", f"{ITEM}/apply-again", ask_again, "apply_again"),
    act("apply_again", f"{ITEM}/apply-again", apply_again, "apply_again", form=ask_again),
    show("ask_retry_incident", INCIDENT, ask_retry, "retry_incident"),
    act("retry_incident", INCIDENT, retry, "retry_incident", form=ask_retry),
)
