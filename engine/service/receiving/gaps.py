"""Promised materials (容缺): listed, supplied, and what follows when they do not come.

The sweep looks at each twice: on the day after its promised date the clock of the item stands
still and the applicant is reminded; when the days of grace have passed the case ends as the city's
rules say. Both happen once, under the project's lock, however many sweep.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, update

from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.rules import gaps as rules
from engine.rules.case_clock import stopped_days
from engine.rules.credit import Cause
from engine.rules.lifecycle import CLOCK_RUNS
from engine.rules.suspension import StopReason
from engine.service import access, deployments
from engine.service.access import Row
from engine.service.clock import handled, stops, suspensions
from engine.service.ledger import event_row
from engine.service.receiving import credit, rows
from engine.service.running import Running
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

STATES = ("open", "supplied", "lapsed", "void", "all")
#: who of a department may say that a material was handed over on paper
WINDOW = ("clerk", "reviewer")
table = t.deficiency.c
COPIED = (
    *("id", "item", "attempt", "material", "promised_on", "state", "supplied_on", "supplied_by"),
    *("grace_until_on", "created_at"),
)


@dataclass(frozen=True, slots=True)
class DeficiencyView:
    """A material that was promised. `grace_until_on`: its date has passed, the clock stands."""

    id: int
    project: int
    item: str
    attempt: int
    material: str
    promised_on: date
    state: str
    supplied_on: date | None
    supplied_by: str | None
    grace_until_on: date | None
    created_at: datetime


def find(
    work: Work, project: int, *, item: str | None = None, state: str = "all"
) -> list[DeficiencyView]:
    """Return what was promised in a project, what is due first first. Raises NotFound, Invalid."""
    access.row_of(work, project)
    if state not in STATES:
        raise Invalid(f"state must be one of {', '.join(STATES)}", field="state")
    return of_project(work, project, item=item, state=state)


def of_project(
    work: Work, project: int, *, item: str | None = None, state: str = "all"
) -> list[DeficiencyView]:
    """Return the same of a project that is known to be the caller's to see."""
    query = select(t.deficiency).where(table.project_id == project)
    query = query.order_by(table.promised_on, table.id)
    if item is not None:
        query = query.where(table.item == item)
    if state != "all":
        query = query.where(table.state == state)
    return [view(dict(row)) for row in work.db.execute(query).mappings()]


def view(row: Mapping[str, Any]) -> DeficiencyView:
    """Return a row as a promised material."""
    return DeficiencyView(project=row["project_id"], **{name: row[name] for name in COPIED})


# -- supplied ----------------------------------------------------------------------------------


def supply(
    work: Work, identifier: int, *, on_paper: bool = False, note: str = ""
) -> DeficiencyView:
    """Note that a promised material has come: among the item's files, or on paper at the window.

    The applicant or a coordinator may, and the window of the item's department; only the
    department may say that it came on paper. Raises NotFound, Forbidden, Conflict where it is no
    longer open, Invalid where no file of it was handed in.
    """
    row, project = locked(work, identifier)
    case = case_of(work, row)
    check_supplier(work, project, case, on_paper=on_paper)
    if not on_paper and not has_file(work, row):
        text = f"no file of {row['material']} has been handed in since it was promised"
        raise Invalid(text, field="material", material=row["material"])
    told = {"on_paper": True} if on_paper else {}
    supplied(work, case, [row], {**told, **({"note": note.strip()} if note.strip() else {})})
    return get(work, identifier)


def check_supplier(work: Work, project: Row, case: Row, *, on_paper: bool) -> None:
    """Raise Forbidden where somebody may not say that a material has come."""
    window = work.actor.has(*WINDOW, department=case["department"])
    others = work.actor.owns(project) or work.actor.has("coordinator")
    if not (window or (others and not on_paper)):
        text = f"this needs the role {' or '.join(WINDOW)} of {case['department']}"
        raise Forbidden(text, roles=list(WINDOW), department=case["department"])


def has_file(work: Work, row: Row) -> bool:
    """Tell whether a file of a material was handed in since it was promised."""
    file = t.attachment.c
    query = select(file.id).where(
        file.project_id == row["project_id"],
        file.item == row["item"],
        file.material == row["material"],
        file.uploaded_at >= row["created_at"],
    )
    return work.db.execute(query.limit(1)).first() is not None


def uploaded(work: Work, project: int, item: str, material: str) -> None:
    """Note that a promised material came as a file; the project's lock is held."""
    query = open_ones().where(
        table.project_id == project, table.item == item, table.material == material
    )
    found = [dict(row) for row in work.db.execute(query).mappings()]
    if found:
        supplied(work, case_of(work, found[0]), found, {})


def supplied(work: Work, case: Row, found: list[Row], more: Row) -> None:
    """Write that materials have come; with the last one overdue the clock goes on."""
    given = {"state": "supplied", "supplied_on": work.today, "supplied_by": work.actor.name}
    mine = table.id.in_([row["id"] for row in found])
    work.db.execute(update(t.deficiency).where(mine).values(**given, look_on=None))
    left = rows.open_gaps(work, case)
    handled.change_item(work, case, gaps=len(left))
    for row in found:
        tell(work, row, "gap.supplied", late=row["grace_until_on"] is not None, **more)
    if not any(row["grace_until_on"] for row in left):
        let_go_on(work, case)


def let_go_on(work: Work, case: Row) -> None:
    """Let the clock go on where it stands still for promised materials."""
    stop = stops.standing(stops.of_project(work, case["project_id"]), case["item"])
    if stop is not None and stop["reason"] == StopReason.GAP:
        suspensions.go_on(work, case, stop, work.today, {})


# -- not supplied ------------------------------------------------------------------------------


def open_ones() -> Select[Any]:
    """Return the query of the materials that are promised and not there."""
    return select(t.deficiency).where(table.state == "open")


def due(work: Work, limit: int) -> list[tuple[int, int]]:
    """Return (project, id) of the materials to be looked at, of projects that run.

    While the clock of an item stands still for another cause, its promises wait.
    """
    item, project = t.project_item.c, t.project.c
    query = (
        select(table.project_id, table.id)
        .join(t.project, project.id == table.project_id)
        .join(t.project_item, (item.project_id == table.project_id) & (item.item == table.item))
        .where(table.state == "open", table.look_on < work.today, project.state == "running")
        .where(or_(item.stopped_on.is_(None), stands_for_gap()))
        .order_by(table.look_on, table.id)
        .limit(limit)
    )
    return [(row.project_id, row.id) for row in work.db.execute(query)]


def stands_for_gap() -> ColumnElement[bool]:
    """Return the condition of the items whose clock stands still for a promised material."""
    stop = t.suspension.c
    query = select(stop.id).where(
        stop.project_id == table.project_id,
        stop.item == table.item,
        stop.until_on.is_(None),
        stop.reason == StopReason.GAP,
    )
    return query.exists()


def look(work: Work, identifier: int) -> bool:
    """Act on one of them; False where somebody was faster, or it is not due."""
    row, project = locked(work, identifier, must_be_open=False)
    is_due = row["state"] == "open" and row["look_on"] is not None and row["look_on"] < work.today
    if not is_due or project["state"] != "running":
        return False
    case = case_of(work, row)
    if case["state"] not in CLOCK_RUNS or case["attempt"] != row["attempt"]:
        return False
    known = stops.of_project(work, row["project_id"])
    standing = stops.standing(known, row["item"])
    if standing is not None and standing["reason"] != StopReason.GAP:
        return False
    if row["grace_until_on"] is None:
        return remind(work, row, case, known)
    if grace_left(work, row, standing, known):
        return False
    return lapse(work, row, project)


def remind(work: Work, row: Row, case: Row, known: list[Row]) -> bool:
    """Stop the clock for a material that is overdue, and say until when it may still come."""
    city = work.rules.gaps
    until = rules.grace_until_on(work.calendar, work.today, city.grace_days)
    change = update(t.deficiency).where(table.id == row["id"])
    work.db.execute(change.values(grace_until_on=until, look_on=until))
    consequence = {"grace_days": city.grace_days, "outcome": city.outcome}
    tell(work, row, "gap.overdue", grace_until_on=str(until), consequence=consequence)
    if stops.standing(known, row["item"]) is None:
        suspensions.stand(work, case, stop_of(work, row, case, known, until))
    return True


def stop_of(work: Work, row: Row, case: Row, known: list[Row], until: date) -> Row:
    """Return the stop of an item's clock for a material."""
    ends = [each.until_on for each in stops.of_item(known, row["item"]) if each.until_on]
    free = [case["accepted_on"], *ends]
    dates = [on for on in (case["promised_due_on"], case["statutory_due_on"]) if on]
    last = min(dates, default=row["promised_on"])
    return {
        "reason": StopReason.GAP,
        "note": row["material"],
        "from_on": rules.stands_from(work.calendar, row["promised_on"], last, free),
        "expected_on": until,
    }


def grace_left(work: Work, row: Row, stop: Row | None, known: list[Row]) -> bool:
    """Tell whether grace is left because the project stood still meanwhile; it is written then."""
    if stop is None:
        return False
    began = stop["started_at"].astimezone(work.settings.zone).date()
    still = stopped_days(stops.of_item(known, stops.PROJECT))
    days = work.rules.gaps.grace_days
    until = rules.grace_until_on(work.calendar, began, days, still)
    until = max(until, row["grace_until_on"])
    if until < work.today:
        return False
    change = update(t.deficiency).where(table.id == row["id"])
    work.db.execute(change.values(grace_until_on=until, look_on=until))
    return True


def lapse(work: Work, row: Row, project: Row) -> bool:
    """End the case whose promised material never came, as the city's rules say."""
    outcome, item = work.rules.gaps.outcome, row["item"]
    running = Running(work, project, deployments.deployment(work.db, project["version_id"]))
    case = running.docket.case(item)
    overdue = [each for each in rows.open_gaps(work, case.row) if each["grace_until_on"]]
    materials = [each["material"] for each in overdue]
    for instance in running.instances.of_item(item):
        running.stop(instance, outcome)
    running.docket.ledger.more.append((rows.END_OVERDUE, [rows.bound(case.row, "lapsed")]))
    told = {"materials": materials, "promised_on": str(row["promised_on"])}
    running.docket.record("gap.lapsed", item, outcome=outcome, **told)
    running.docket.move(case, outcome, materials=materials)
    running.write()
    months = work.rules.gaps.credit_months
    credit.note(work, row["project_id"], item, Cause.GAP, "、".join(materials), months)
    return True


# -- rows --------------------------------------------------------------------------------------


def locked(work: Work, identifier: int, *, must_be_open: bool = True) -> tuple[Row, Row]:
    """Return a promised material and its project, whose lock is taken.

    Raises NotFound, Conflict where it is no longer open, or the project has ended.
    """
    query = select(t.deficiency).where(table.id == identifier)
    row = access.only(work, query)
    if row is None:
        raise missing(identifier)
    try:
        project = access.lock(work, row["project_id"])
    except NotFound:
        raise missing(identifier) from None
    # it may have changed while this waited for the lock
    row = access.only(work, query) or row
    ended = project["state"] not in {"running", "suspended"}
    if must_be_open and (ended or row["state"] != "open"):
        state = project["state"] if ended else row["state"]
        raise Conflict(f"the material is no longer waited for: {state}", state=state)
    return row, project


def missing(identifier: int) -> NotFound:
    """Return the error that says there is no such promised material."""
    return NotFound(f"there is no promised material {identifier}", deficiency=identifier)


def case_of(work: Work, row: Row) -> Row:
    """Return the item a material was promised for."""
    bound = {"b_project": row["project_id"], "b_item": row["item"]}
    return dict(work.db.execute(sql.ITEM, bound).mappings().one())


def get(work: Work, identifier: int) -> DeficiencyView:
    """Return a promised material. Raises NotFound."""
    row = access.only(work, select(t.deficiency).where(table.id == identifier))
    if row is None:
        raise missing(identifier)
    access.row_of(work, row["project_id"])
    return view(row)


def tell(work: Work, row: Row, event: str, **more: Any) -> None:
    """Add an event about a material to the history."""
    data = {"material": row["material"], "promised_on": str(row["promised_on"]), **more}
    told = event_row(work, row["project_id"], event, row["item"], data)
    work.db.execute(sql.INSERT_HISTORY, [told])


def overdue_of(found: Collection[DeficiencyView]) -> list[DeficiencyView]:
    """Return those whose date has passed and that have not come."""
    return [each for each in found if each.state == "open" and each.grace_until_on]
