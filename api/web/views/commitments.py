"""Commitments (告知承诺): the list of what is to be checked; one, with the form of its check."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web import export, trust_words
from api.web.export import Column
from api.web.language import named
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.rendering import department_names
from api.web.visit import Visit
from engine.errors import Invalid
from engine.rules.commitment import COMMITMENT, RESULTS
from engine.service.receiving import commitments
from engine.service.receiving.commitments import Checking, CommitmentView
from engine.service.views import Page

ROWS = 50
#: states that the list offers, what is to be done first
VIEWS = {
    "to_check": _l("待核查"),
    "overdue": _l("已逾期"),
    "kept": _l("核查属实"),
    "rectified": _l("整改合格"),
    "revoked": _l("已撤销"),
    "all": _l("全部"),
}


def find(visit: Visit) -> Answer:
    """Show commitments in a state, of a department or of all."""
    work, state = visit.work, visit.argument("state", VIEWS) or "to_check"
    places = department_names(work)
    department = visit.argument("department", places) or None

    def part(cursor: str | None, limit: int) -> Page[CommitmentView]:
        return commitments.find(
            work, state=state, department=department, cursor=cursor, limit=limit
        )

    if export.wanted(visit):
        return export.file(visit, "commitments", columns(visit), export.every(part))
    counts = commitments.counts(work, *([department] if department else []))
    values = {
        "section": "/projects",
        "found": part(visit.argument("cursor") or None, ROWS),
        "views": [(each, str(word), counts.get(each)) for each, word in VIEWS.items()],
        "state": state,
        "department": department,
        "counts": counts,
        **words(),
    }
    return Shown("commitments.html.jinja", values)


def words() -> dict[str, Any]:
    """Return the words of commitments that templates need."""
    return {"commitment_state": trust_words.commitment_state, "trust_tone": trust_words.tone}


def columns(visit: Visit) -> list[Column[CommitmentView]]:
    """Return the columns of the list as a file."""
    places = department_names(visit.work)
    return [
        Column(_("项目编号"), lambda each: each.code),
        Column(_("项目"), lambda each: each.project_name),
        Column(_("建设单位"), lambda each: each.applicant),
        Column(_("事项"), lambda each: named(each.item_name)),
        Column(_("部门"), lambda each: places.get(each.department, each.department)),
        Column(_("条件和要求"), lambda each: each.conditions),
        Column(_("承诺日期"), lambda each: each.committed_on),
        Column(_("状态"), lambda each: trust_words.commitment_state(each.state)),
        Column(_("核查期限"), lambda each: each.check_due_on),
        Column(_("核查日期"), lambda each: each.checked_on),
        Column(_("核查人"), lambda each: each.checked_by),
        Column(_("核查情况"), lambda each: each.findings),
        Column(_("整改期限"), lambda each: each.rectify_by_on),
        Column(_("结束日期"), lambda each: each.ended_on),
    ]


# -- one -------------------------------------------------------------------------------------------


def look(visit: Visit) -> Answer:
    """Show a commitment, and the form of its check where the visitor makes it."""
    found = commitments.get(visit.work, visit.path["commitment"])
    may = commitments.may_check(visit.work.actor, found.department)
    offered = [each for each, state in RESULTS.items() if state in COMMITMENT[found.state]]
    results = offered if may and found.due_on else []
    values = {
        "section": "/projects",
        "promise": found,
        "results": [(each, trust_words.check_result(each)) for each in results],
        **words(),
    }
    return Shown("commitment.html.jinja", values)


def check(visit: Visit) -> Answer:
    """Write down what the check came to."""
    result = visit.text("result")
    if result not in RESULTS:
        raise Invalid("a result must be chosen", field="outcome")
    given = Checking(
        result, visit.text("findings"), day(visit.text("rectify_by_on"), "rectify_by_on")
    )
    identifier = visit.path["commitment"]
    found = commitments.check_kept(visit.work, identifier, given, visit.expected_version)
    state = trust_words.commitment_state(found.state)
    return Redirect(
        "/commitments", _("%(project)s：%(state)s。", project=found.project_name, state=state)
    )


def day(text: str, field: str) -> date | None:
    """Return a date that was typed, None for none. Raises Invalid."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid("a date is written 2014-11-14", field=field) from error


def again(visit: Visit) -> Answer:
    """Lead from the address of the form to the commitment."""
    return Redirect(f"/commitments/{visit.path['commitment']}")


ONE = "/commitments/<key:commitment>"
PAGES = (
    show("commitments", "/commitments", find, "list_commitments"),
    show("commitment", ONE, look, "get_commitment"),
    act("check_commitment", f"{ONE}/check", check, "check_commitment", form=look),
    show("check_commitment_again", f"{ONE}/check", again, "get_commitment"),
)
