"""Credit records of applicants: listed, added by hand, lifted."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from api.web import export, trust_words
from api.web.export import Column
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.views.commitments import day
from api.web.visit import Visit
from engine.rules.credit import expires_on
from engine.service.receiving import credit
from engine.service.receiving.credit import CreditRecordView
from engine.service.views import Page

ROWS = 50
RECORDS = "/credit-records"
#: characters of a search
MAX_TEXT = 100


def find(visit: Visit) -> Answer:
    """Show records in a state, and the form of a new one for those who keep them."""
    work, state = visit.work, visit.argument("state", dict.fromkeys(credit.STATES)) or "valid"
    text = visit.argument("text")[:MAX_TEXT]

    def part(cursor: str | None, limit: int) -> Page[CreditRecordView]:
        return credit.find(work, state=state, text=text or None, cursor=cursor, limit=limit)

    if export.wanted(visit):
        return export.file(visit, "credit-records", columns(), export.every(part))
    values: dict[str, Any] = {
        "section": "/projects",
        "found": part(visit.argument("cursor") or None, ROWS),
        "state": state,
        "views": [
            *((each, trust_words.credit_state(each), None) for each in credit.STATES[:-1]),
            ("all", _("全部"), None),
        ],
        "text": text,
        "keeps": work.actor.has(*credit.KEEPERS),
        "until": expires_on(work.today, work.rules.credit.months),
        "credit_cause": trust_words.credit_cause,
        "credit_state": trust_words.credit_state,
        "trust_tone": trust_words.tone,
    }
    return Shown("credit_records.html.jinja", values)


def columns() -> list[Column[CreditRecordView]]:
    """Return the columns of the list as a file."""
    return [
        Column(_("建设单位"), lambda each: each.applicant),
        Column(_("原因"), lambda each: trust_words.credit_cause(each.cause)),
        Column(_("情况"), lambda each: each.note),
        Column(_("项目"), lambda each: each.project_name),
        Column(_("事项"), lambda each: each.item),
        Column(_("记入日期"), lambda each: each.since_on),
        Column(_("截止日期"), lambda each: each.until_on),
        Column(_("状态"), lambda each: trust_words.credit_state(each.state)),
        Column(_("记入人"), lambda each: each.noted_by),
        Column(_("移出时间"), lambda each: each.lifted_at),
        Column(_("移出人"), lambda each: each.lifted_by),
    ]


def add(visit: Visit) -> Answer:
    """Put an applicant on record by hand."""
    until = day(visit.text("until_on"), "until_on")
    found = credit.add(visit.work, visit.text("applicant"), visit.text("note"), until)
    return Redirect(RECORDS, _("%(applicant)s已记入。", applicant=found.applicant))


def lift(visit: Visit) -> Answer:
    """Lift a record."""
    found = credit.lift(visit.work, visit.path["record"], visit.text("note"))
    return Redirect(RECORDS, _("%(applicant)s已移出。", applicant=found.applicant))


def again(_visit: Visit) -> Answer:
    """Lead from the address of a form to the list."""
    return Redirect(RECORDS)


LIFT = f"{RECORDS}/<key:record>/lift"
PAGES = (
    show("credit_records", RECORDS, find, "list_credit_records"),
    act("add_credit_record", RECORDS, add, "add_credit_record", form=find),
    act("lift_credit_record", LIFT, lift, "lift_credit_record", form=find),
    show("lift_credit_record_again", LIFT, again, "list_credit_records"),
)
