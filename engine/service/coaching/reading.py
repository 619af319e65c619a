"""One coaching as it stands, and its sheet of advice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from engine.errors import NotFound
from engine.rules.catalogue import Name
from engine.rules.coaching import NO_EFFECT, TITLE, Kind, sheet_number
from engine.service import access, deployments
from engine.service.access import Row
from engine.service.coaching import cases, rights
from engine.service.coaching.views import AdviceLine, AdviceSheet, CoachingView, EntryView
from engine.service.work import Work
from engine.store import tables as t

OF_COACHING = (
    *("id", "name", "applicant", "procedure", "departments", "state", "version"),
    *("opened_at", "opened_by", "closed_at", "closed_by"),
)
OF_ENTRY = ("id", "kind", "department", "topic", "item", "text", "done", "at", "by")


def row_of(work: Work, identifier: int) -> Row:
    """Return a coaching's row. Raises NotFound, also where it is not the actor's to see."""
    row = access.only(work, select(t.coaching).where(t.coaching.c.id == identifier))
    if row is None or rights.hidden(work.actor, row):
        raise cases.missing(identifier)
    return row


def get(work: Work, identifier: int) -> CoachingView:
    """Return a coaching with all that was said and listed in it, in order. Raises NotFound."""
    row = row_of(work, identifier)
    own = {name: row[name] for name in OF_COACHING}
    return CoachingView(**own, project=row["project_id"], entries=entries(work, identifier))


def entries(work: Work, identifier: int) -> list[EntryView]:
    """Return the entries of a coaching, in order."""
    table = t.coaching_entry
    query = (
        select(table, t.user.c.display_name)
        .outerjoin(t.user, t.user.c.name == table.c.by)
        .where(table.c.coaching_id == identifier)
        .order_by(table.c.id)
    )
    rows = list(work.db.execute(query).mappings())
    names = item_names(work) if any(row["item"] for row in rows) else {}
    return [entry(row, names) for row in rows]


def entry(row: Any, names: dict[str, Name]) -> EntryView:
    """Return a row as an entry."""
    return EntryView(
        **{name: row[name] for name in OF_ENTRY},
        item_name=names.get(row["item"], Name(row["item"])),
        answers=row["answers_id"],
        by_name=row["display_name"] or row["by"],
    )


def item_names(work: Work) -> dict[str, Name]:
    """Return what items are called in the newest procedures."""
    newest = deployments.newest(work.db)
    return {item.id: item.name for each in newest for item in each.procedure.items.values()}


def sheet(work: Work, identifier: int, department: str | None = None) -> AdviceSheet:
    """Return the sheet of advice of a coaching, of all who gave some or of one ('' the centre).

    Raises NotFound where no advice has been given.
    """
    view = get(work, identifier)
    given = [each for each in view.of_kind(Kind.ADVICE) if department in {None, each.department}]
    if not given:
        raise NotFound(f"there is no advice in coaching {identifier} yet", coaching=identifier)
    asked = {each.id: each.text for each in view.of_kind(Kind.QUESTION)}
    wanted = [each for each in view.of_kind(Kind.MATERIAL) if not each.done]
    return AdviceSheet(
        coaching=identifier,
        number=sheet_number(local(work, view.opened_at).year, identifier),
        title=TITLE,
        name=view.name,
        applicant=view.applicant,
        department=department,
        issued_on=local(work, given[-1].at).date(),
        effect=NO_EFFECT,
        advice=[line(work, each, asked) for each in in_order(view, given)],
        materials=in_order(
            view, [each for each in wanted if department in {None, each.department}]
        ),
    )


def in_order(view: CoachingView, given: list[EntryView]) -> list[EntryView]:
    """Return entries by department, in the order in which they take part, the centre first."""
    places = {code: place for place, code in enumerate(["", *view.departments])}
    last = len(places)
    return sorted(given, key=lambda each: (places.get(each.department, last), each.department))


def line(work: Work, advice: EntryView, asked: dict[int, str]) -> AdviceLine:
    """Return advice as a line of the sheet."""
    return AdviceLine(
        department=advice.department,
        topic=advice.topic,
        question=asked.get(advice.answers or 0, ""),
        text=advice.text,
        given_on=local(work, advice.at).date(),
        given_by=advice.by_name,
    )


def local(work: Work, at: Any) -> Any:
    """Return an instant in the service's time zone."""
    return at.astimezone(work.settings.zone)
