"""Extensions: what waits for a head, and what was decided; approved and declined from the list."""

from __future__ import annotations

from flask_babel import gettext as _

from api.web import export, law
from api.web.export import Column
from api.web.labels import EXTENSION_STATES, UNITS
from api.web.language import named
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.visit import Visit
from engine.errors import Invalid
from engine.rules.extension import ExtensionState
from engine.service import standings
from engine.service.clock import extensions, records
from engine.service.clock.records import Extension
from engine.service.views import Page

ROWS = 50
ALL = "all"
#: how the services call all states
OF = {ALL: ""}
WHERE = "/extensions"


def look(visit: Visit) -> Answer:
    """Show extensions: those that can be decided first."""
    states = {**EXTENSION_STATES, ALL: _("全部")}
    state = visit.argument("state", states) or ExtensionState.REQUESTED
    wanted = OF.get(state, state)

    def part(cursor: str | None, limit: int) -> Page[Extension]:
        return records.find(visit.work, wanted, cursor, limit)

    if export.wanted(visit):
        return export.file(visit, "extensions", columns(), export.every(part))
    counts = records.counts(visit.work)
    values = {
        "section": WHERE,
        "found": part(visit.argument("cursor") or None, ROWS),
        "state": state,
        "states": [(key, str(word), counts[OF.get(key, key)]) for key, word in states.items()],
        "law": law.law,
        "shown_again": visit.path.get("extension"),
    }
    return Shown("extensions.html.jinja", values)


def columns() -> list[Column[Extension]]:
    """Return the columns of the list as a file."""
    return [
        Column(_("项目编号"), lambda each: each.code),
        Column(_("项目"), lambda each: each.project_name),
        Column(_("事项"), lambda each: named(each.item_name)),
        Column(_("部门"), lambda each: each.department),
        Column(_("延长天数"), lambda each: each.days),
        Column(_("单位"), lambda each: str(UNITS[each.unit])),
        Column(_("状态"), lambda each: str(EXTENSION_STATES[each.state])),
        Column(_("理由"), lambda each: each.reason),
        Column(_("告知文号"), lambda each: each.notice),
        Column(_("依据"), lambda each: law.law(each.source)),
        Column(_("申请人员"), lambda each: each.requested_by_name),
        Column(_("申请时间"), lambda each: each.requested_at),
        Column(_("批准人"), lambda each: each.decided_by_name),
        Column(_("批准时间"), lambda each: each.decided_at),
        Column(_("批注"), lambda each: each.decided_note),
    ]


def approve(visit: Visit) -> Answer:
    """Approve an extension."""
    extensions.approve(visit.work, visit.path["extension"], visit.text("decision_note"))
    return back(visit, _("已批准延期，到期日已顺延。"))


def decline(visit: Visit) -> Answer:
    """Decline an extension."""
    note = visit.text("decision_note")
    if not note:
        raise Invalid("why is it declined?", field="decision_note")
    extensions.decline(visit.work, visit.path["extension"], note)
    return back(visit, _("没有批准延期。"))


def back(visit: Visit, notice: str) -> Redirect:
    """Return to the list."""
    standings.refresh(visit.work, records.extension(visit.work, visit.path["extension"]).project)
    return Redirect(WHERE, notice)


def return_to_list(_visit: Visit) -> Answer:
    """Lead from the address of a form, which shows nothing by itself, to the list."""
    return Redirect(WHERE)


EXTENSION = f"{WHERE}/<key:extension>"
VERBS = (("approve", approve), ("decline", decline))
PAGES = (
    show("extensions", WHERE, look, "list_extensions"),
    *(
        act(f"extension_{name}", f"{EXTENSION}/{name}", verb, f"{name}_extension", form=look)
        for name, verb in VERBS
    ),
    *(
        show(f"extension_{name}_again", f"{EXTENSION}/{name}", return_to_list, "list_extensions")
        for name, _verb in VERBS
    ),
)
