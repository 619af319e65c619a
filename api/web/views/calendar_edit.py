"""Publishing a revision of the calendar: written, looked at with all that moves, then in force."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web import export
from api.web.export import Column
from api.web.language import named
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.rendering import department_names
from api.web.views import calendar_words
from api.web.views.calendar import shown_year
from api.web.views.calendar_words import reason_word
from api.web.visit import Visit
from engine.errors import Invalid
from engine.rules import china
from engine.rules.revision import Decision
from engine.rules.revision_text import parse
from engine.service import calendars, publication
from engine.service.publication import Draft, MoveView, Preview
from engine.service.work import Work
from engine.store.database import transaction

FORM, PREVIEW = "/calendar/edit", "/calendar/preview"
#: what is typed, from page to page
FIELDS = ("days", "source", "note", "notice", "year")
ROWS = 100
LARGEST_TEXT = 100_000
#: steps of a case with a time of their own, and promises
STEPS = {
    "receive": _l("收件"),
    "deliver": _l("送达"),
    "issue": _l("补发"),
    "": _l("审批"),
    "commitment": _l("承诺核查"),
    "grace": _l("容缺宽限"),
    "stop": _l("计时中止告知期限"),
    "card": _l("督查卡答复"),
    "opinions": _l("联审意见"),
    "question": _l("争议裁决"),
}


def edit(visit: Visit) -> Answer:
    """Ask for the days of a revision; what was typed before stays."""
    work = visit.work
    publication.check_publisher(work)
    number = year_of(visit)
    values = {
        "year": number,
        "months": calendar_words.months(work.calendar, number),
        "years": range(work.calendar.first_on.year, work.calendar.last_on.year + 1),
        "notices": notices(work),
        "holidays": [each.zh for each in china.holidays().values()],
        "decisions": [(each.value, reason_word(each)) for each in Decision],
        "provisional_tasks": calendars.provisional_tasks(work),
        "largest": LARGEST_TEXT,
        **calendar_words.words(),
    }
    return Shown("calendar_edit.html.jinja", {"section": "/calendar", **values})


def year_of(visit: Visit) -> int:
    """Return the year to click days of: as asked, or the next where its notice is expected."""
    following = visit.work.today.year + 1
    if visit.argument("year") or visit.text("year") or first_provisional(visit.work) > following:
        return shown_year(visit)
    return following


def first_provisional(work: Work) -> int:
    """Return the first year without notice."""
    return work.calendar.provisional_from.year


def notices(work: Work) -> list[int]:
    """Return the years whose whole notice a revision may be."""
    first = min(first_provisional(work), work.calendar.last_on.year)
    return list(range(first, min(first + 3, work.calendar.last_on.year + 1)))


def draft_of(visit: Visit) -> Draft:
    """Return what was typed. Raises InvalidRevision, Invalid."""
    text = visit.form.get("days", "")
    if len(text) > LARGEST_TEXT:
        raise Invalid("the text is too long", field="days")
    notice = visit.whole("notice")
    provisional_from = date(notice + 1, 1, 1) if notice and notice < date.max.year else None
    source = publication.checked_source(visit.text("source"))
    return Draft(parse(text), source, visit.text("note"), provisional_from)


def look(visit: Visit) -> tuple[Draft, Preview]:
    """Find out what a revision would do, in a transaction that keeps nobody waiting."""
    service = visit.service
    with transaction(service.engine, read_only=True) as db:
        work = Work(db, service.clock.now(), visit.actor, service.settings)
        draft = draft_of(visit)
        return draft, publication.preview(work, draft)


def preview(visit: Visit) -> Answer:
    """Show what a revision would change and move, before it does."""
    draft, found = visit.prepared
    if export.wanted(visit):
        return export.file(visit, "calendar-moves", columns(visit), found.moves)
    return shown(visit, draft, found)


def preview_again(visit: Visit) -> Answer:
    """Show anew what a revision would do that could not be published."""
    draft = draft_of(visit)
    return shown(visit, draft, publication.preview(visit.work, draft))


def shown(visit: Visit, draft: Draft, found: Preview) -> Answer:
    """Return the page of a preview, with a part of what moves."""
    part = publication.part(found.moves, visit.text("cursor") or None, ROWS)
    values = {
        "draft": draft,
        "found": found,
        "part": part,
        "gained": sum(each.counted for each in found.changes if each.counted > 0),
        "lost": -sum(each.counted for each in found.changes if each.counted < 0),
        "typed_fields": {name: visit.form.get(name, "") for name in FIELDS},
        "meanwhile": meanwhile(visit, found),
        "steps": STEPS,
        **calendar_words.words(),
    }
    return Shown("calendar_preview.html.jinja", {"section": "/calendar", **values})


def meanwhile(visit: Visit, found: Preview) -> list[calendars.RevisionView]:
    """Return what was published since the form was made."""
    seen = visit.expected_version
    if not visit.error or seen is None or seen == found.newest:
        return []
    return [each for each in calendars.revisions(visit.work).items if each.id > seen]


def columns(visit: Visit) -> list[Column[MoveView]]:
    """Return the columns of what moves as a file."""
    places = department_names(visit.work)
    return [
        Column(_("编号"), lambda move: move.code),
        Column(_("项目"), lambda move: move.project_name),
        Column(_("事项编号"), lambda move: move.item),
        Column(_("事项"), lambda move: named(move.item_name)),
        Column(_("环节"), lambda move: STEPS.get(move.element, move.element)),
        Column(_("部门"), lambda move: places.get(move.department, move.department)),
        Column(_("原承诺到期"), lambda move: move.was_promised_due_on),
        Column(_("新承诺到期"), lambda move: move.promised_due_on),
        Column(_("原法定到期"), lambda move: move.was_statutory_due_on),
        Column(_("新法定到期"), lambda move: move.statutory_due_on),
    ]


def publish(visit: Visit) -> Answer:
    """Publish a revision, unless another was published since it was looked at."""
    draft = draft_of(visit)
    view = publication.publish(visit.work, draft, visit.expected_version)
    first = min((day.on.year for day in draft.days), default=visit.work.today.year)
    told = _("已发布第 %(n)s 号修订，%(moved)s 个到期日改变。", n=view.id, moved=view.moved)
    return Redirect(f"/calendar?year={first}", told)


def back(_visit: Visit) -> Answer:
    """Lead to where a revision is written."""
    return Redirect(FORM)


def limit(settings: Any) -> int:
    """Return how long the form may be."""
    return int(max(settings.request_max_bytes, 4 * LARGEST_TEXT))


PAGES = (
    show("calendar_edit", FORM, edit, "publish_calendar"),
    act("calendar_edit_on", FORM, edit, "publish_calendar", form=edit, limit=limit),
    show("calendar_preview_again", PREVIEW, back, "publish_calendar"),
    act(
        "calendar_preview",
        PREVIEW,
        preview,
        "preview_calendar",
        form=edit,
        prepare=look,
        limit=limit,
    ),
    act(
        "publish_calendar",
        "/calendar",
        publish,
        "publish_calendar",
        form=preview_again,
        limit=limit,
    ),
)
