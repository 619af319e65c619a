"""Rounds of a joint review: launched, enlarged, given up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update

from engine.errors import Conflict, Forbidden, Invalid
from engine.rules.catalogue import Item
from engine.rules.joint_review import Mode, RoundClosed, check_due_on, opinion_due_on
from engine.rules.procedure import Kind
from engine.service import access, departments, deployments
from engine.service.access import Row
from engine.service.ledger import event_row
from engine.service.review import asking, bookings, guest_letters, letters
from engine.service.review import sheet as review_sheet
from engine.service.review.sheet import APPLICANT, SETTLE, ReviewSheet
from engine.service.running import Running
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t
from engine.workflow.deployment import OPINION, ROUND, Deployment

#: who of the lead department launches and closes rounds; a coordinator may too
LEADS = ("clerk", "reviewer", "head")
#: rounds in one of these states take opinions
OPEN = "open"


@dataclass(frozen=True, slots=True)
class NewRound:
    """What a round is about.

    Without `items` it covers those of the stage that are not decided; `departments` are asked
    besides those of the items. `opinion_due_on` is for a meeting the day it is held.
    """

    stage: str
    mode: Mode = Mode.CIRCULATE
    items: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    papers: str = ""
    complex_case: bool = False
    meeting: int | None = None
    place: int = 0
    opinion_due_on: date | None = None


def launch(work: Work, project: int, given: NewRound, version: int | None = None) -> int:
    """Launch a round; every participant has a task then. Returns the round's id.

    Raises NotFound, Invalid, Conflict where the stage has an open round, or the procedure holds
    no diagram of joint reviews; Forbidden, Stale.
    """
    running = locked(work, project, version)
    built = running.deployment
    stage = {each.id: each for each in built.procedure.stages}.get(given.stage)
    if stage is None:
        raise Invalid(f"the procedure has no stage {given.stage!r}", field="stage")
    check_lead(work, stage.lead)
    if not {ROUND, OPINION} <= set(built.reviews):
        text = "the project's procedure holds no diagram of joint reviews: deploy it with one"
        raise Conflict(text)
    check_none_open(work, project, stage.id)
    items = covered(work, project, built, given)
    row = written(work, project, stage.lead, items, given)
    asked = asked_in(work, items, given.departments, stage.lead)
    begin(running, ReviewSheet(row, tuple(each.id for each in items)), asked)
    return int(row["id"])


def begin(running: Running, sheet: ReviewSheet, asked: Iterable[str]) -> None:
    """Start the round's diagram, and an opinion's for everybody asked."""
    running.docket.reviews[sheet.id] = sheet
    where = {"stage": sheet.row["stage"], "round_id": sheet.id}
    main = running.instances.start(running.deployment.reviews[ROUND], {}, where)
    sheet.row["instance_id"] = main.id
    change_round(running.work, sheet, instance_id=main.id)
    running.move(main)
    for department in asked:
        asking.ask(running, sheet, department)
    told = {
        **{name: sheet.row[name] for name in ("number", "mode", "lead", "papers", "complex")},
        "stage": sheet.row["stage"],
        "meeting": sheet.row["meeting_id"],
        "opinion_due_on": str(sheet.row["opinion_due_on"]),
        "items": list(sheet.items),
        "departments": [each["department"] for each in sheet.asked],
    }
    record(running.work, sheet, "review.launched", **told)
    running.settle()
    if sheet.row["meeting_id"] is None:
        # a meeting invites everybody once its whole agenda is there
        letters.notice(running.work, sheet, told["departments"])


def add_participant(
    work: Work, identifier: int, department: str, version: int | None = None
) -> ReviewSheet:
    """Ask one more department, or again one that another was asked instead of.

    Raises Conflict where it is asked already, RoundClosed, Invalid.
    """
    running, sheet = open_round(work, identifier, version)
    check_new(work, sheet, department)
    asking.ask(running, sheet, department)
    change_round(work, sheet)
    record(work, sheet, "review.participant_added", department=department)
    running.settle()
    sheet = recalled(work, sheet, department)
    letters.notice(work, sheet, [department])
    return sheet


def replace_participant(
    work: Work, identifier: int, department: str, by: str, reason: str, version: int | None = None
) -> ReviewSheet:
    """Ask another department instead; what the first said stays on record, and counts no more."""
    running, sheet = open_round(work, identifier, version)
    row = asked_row(sheet, department)
    check_new(work, sheet, by)
    asking.stop(running, row)
    change_participant(work, sheet, department, state="replaced", note=reason)
    asking.drop_conditions(work, sheet, department)
    asking.ask(running, sheet, by)
    record(work, sheet, "review.participant_replaced", department=department, by=by, reason=reason)
    running.settle()
    sheet = recalled(work, sheet, by)
    letters.notice(work, sheet, [by])
    letters.uninvite(work, sheet, [department], reason)
    return sheet


def recalled(work: Work, sheet: ReviewSheet, department: str) -> ReviewSheet:
    """Let what a department said count again, once it is written that it is asked again."""
    if department not in sheet.opinions:
        return sheet
    running, found = locked_round(work, sheet.id, None)
    asking.recall(running, found, department)
    return found


def cancel(work: Work, identifier: int, reason: str, version: int | None = None) -> ReviewSheet:
    """Give a round up before its conclusion. Raises RoundClosed, Forbidden, Stale."""
    running, sheet = open_round(work, identifier, version)
    give_up(running, sheet, reason)
    letters.given_up(work, sheet, reason)
    if sheet.row["guest"]:
        guest_letters.uninvite(work, sheet)
    return sheet


def give_up(running: Running, sheet: ReviewSheet, reason: str) -> None:
    """End a round that takes opinions, with all tasks of it; whoever calls tells of it."""
    main = running.instances.load(sheet.row["instance_id"])
    running.stop(main, "cancelled")
    for each in sheet.asked:
        asking.stop(running, each)
    stop_settling(running, sheet)
    change_round(running.work, sheet, state="cancelled", reasons=reason)
    record(running.work, sheet, "review.cancelled", reason=reason)
    running.settle()


def stop_settling(running: Running, sheet: ReviewSheet) -> None:
    """Take back the task of the question that is open, if there is one."""
    task = t.task.c
    of_project = (task.project_id == sheet.row["project_id"], task.state == "open")
    mine = (*of_project, task.round_id == sheet.id, task.element == SETTLE)
    for instance in running.work.db.execute(select(task.instance_id).where(*mine)).scalars():
        running.stop(running.instances.load(instance), "cancelled")


def sign_receipt(
    work: Work, identifier: int, department: str, version: int | None = None
) -> ReviewSheet:
    """Sign for the notice and the papers of a round (签收), once."""
    _running, sheet = open_round(work, identifier, version, department=department)
    row = asked_row(sheet, department)
    if row["receipt_at"] is None:
        change_participant(work, sheet, department, receipt_at=work.now, receipt_by=work.actor.name)
        record(work, sheet, "review.received", department=department)
    return sheet


def represent(
    work: Work, identifier: int, department: str, user: str | None, version: int | None = None
) -> ReviewSheet:
    """Name the user who comes for a department, None for nobody.

    Raises Invalid for a stranger, Booked for who takes part in another meeting at that time.
    """
    bookings.lock(work)
    _running, sheet = open_round(work, identifier, version, department=department)
    asked_row(sheet, department)
    if user is not None:
        check_works_for(work, user, department)
        bookings.check_comes(work, sheet, user)
    change_participant(work, sheet, department, representative=user)
    record(work, sheet, "review.represented", department=department, user=user)
    return sheet


def asked_row(sheet: ReviewSheet, department: str) -> Row:
    """Return a participant. Raises Invalid for a department that is not asked."""
    row = sheet.participants.get(department)
    if row is None or row["state"] in review_sheet.GONE:
        raise Invalid(f"{department} does not take part", field="department")
    return row


def check_works_for(work: Work, user: str, department: str) -> None:
    """Raise Invalid unless an active user has a role in a department."""
    role = t.user_role.c
    query = (
        select(t.user.c.id)
        .join(t.user_role, role.user_id == t.user.c.id)
        .where(t.user.c.name == user, t.user.c.active, role.department == department)
    )
    if work.db.execute(query).first() is None:
        raise Invalid(f"{user} does not work for {department}", field="user")


def end_all(work: Work, project: int) -> None:
    """Give up the rounds of a project that has ended."""
    table = t.review_round
    mine = (table.c.project_id == project) & table.c.state.in_(("open", "concluded"))
    given_up = {"state": "cancelled", "version": table.c.version + 1}
    ended = update(table).where(mine).values(given_up).returning(table.c.id, table.c.item)
    told = [
        event_row(work, project, "review.cancelled", item, {"round": identifier})
        for identifier, item in work.db.execute(ended).all()
    ]
    if told:
        work.db.execute(sql.INSERT_HISTORY, told)


# -- what rounds are made of -------------------------------------------------------------------


def covered(work: Work, project: int, built: Deployment, given: NewRound) -> list[Item]:
    """Return the items of a round: those named, or what of the stage is not decided.

    Raises Invalid for an item of another stage, or where nothing is left.
    """
    table = t.project_item.c
    query = select(table.item, table.decided_on).where(
        table.project_id == project, table.stage == given.stage, table.kind == Kind.APPROVAL
    )
    open_items = {row.item for row in work.db.execute(query) if row.decided_on is None}
    wanted = given.items or tuple(each for each in built.procedure.items if each in open_items)
    strange = sorted(set(wanted) - open_items)
    if strange or not wanted:
        text = f"not to be reviewed in {given.stage}: {', '.join(strange) or 'nothing is open'}"
        raise Invalid(text, field="items")
    return [built.procedure.items[each] for each in wanted]


def asked_in(work: Work, items: Collection[Item], more: Iterable[str], lead: str) -> list[str]:
    """Return the departments that are asked: of the items, those that take part, those added."""
    found = [each.department for each in items]
    found += [name for each in items for name in each.participants]
    for name in more:
        check_department(work, name)
        found.append(name)
    others = dict.fromkeys(name for name in found if name not in {lead, APPLICANT, ""})
    if not others:
        raise Invalid("nobody but the lead takes part: name departments", field="departments")
    return list(others)


def check_new(work: Work, sheet: ReviewSheet, department: str) -> None:
    """Raise Conflict for a department that takes part already, Invalid for one there is not."""
    present = sheet.participants.get(department, {"state": "replaced"})
    if present["state"] not in review_sheet.GONE or department == sheet.row["lead"]:
        raise Conflict(f"{department} takes part already", department=department)
    check_department(work, department)


def check_department(work: Work, department: str) -> None:
    """Raise Invalid where the city has no such department."""
    known = [each.id for each in departments.find(work.settings)]
    if known and (department not in known or department == APPLICANT):
        text = f"there is no department {department!r} to take part"
        raise Invalid(text, field="departments")


def written(work: Work, project: int, lead: str, items: list[Item], given: NewRound) -> Row:
    """Write a round and its items; returns its row."""
    number = select(func.coalesce(func.max(t.review_round.c.number), 0) + 1).where(
        t.review_round.c.project_id == project, t.review_round.c.stage == given.stage
    )
    rules = work.rules.joint_review
    if given.opinion_due_on:
        day = (work.calendar, work.today, given.opinion_due_on, rules, given.mode)
        check_due_on(*day, complex_case=given.complex_case)
    due = given.opinion_due_on or opinion_due_on(
        work.calendar, work.today, rules, complex_case=given.complex_case
    )
    own = [each.id for each in items if each.department == lead]
    row = {
        "project_id": project,
        "stage": given.stage,
        "number": work.db.execute(number).scalar_one(),
        "mode": given.mode,
        "lead": lead,
        "meeting_id": given.meeting,
        "place": given.place,
        "item": (own or [items[0].id])[0],
        "state": OPEN,
        "papers": given.papers.strip(),
        "complex": given.complex_case,
        "noticed_on": work.today,
        "opinion_due_on": due,
        "opened_at": work.now,
        "opened_by": work.actor.name,
    }
    table = t.review_round
    found = work.db.execute(insert(table).values(row).returning(*table.c)).mappings().one()
    each = [{"round_id": found["id"], "item": item.id} for item in items]
    work.db.execute(insert(t.review_item), each)
    return dict(found)


# -- locks and rights --------------------------------------------------------------------------


def locked(work: Work, project: int, version: int | None) -> Running:
    """Take a project's lock. Raises NotFound, Stale, Conflict where it does not run."""
    row = access.lock(work, project, version)
    if row["state"] != "running":
        raise Conflict(f"the project is {row['state']}", state=row["state"])
    return Running(work, row, deployments.deployment(work.db, row["version_id"]))


def open_round(
    work: Work, identifier: int, version: int | None, *, department: str = ""
) -> tuple[Running, ReviewSheet]:
    """Take the lock of a round's project; return both, the round as it is then.

    Its lead or a coordinator may act, or whoever works for `department`. `version` is the
    round's. Raises NotFound, Stale, Forbidden, RoundClosed, Conflict.
    """
    running, sheet = locked_round(work, identifier, version)
    mine = bool(department) and work.actor.has(*LEADS, department=department)
    if not mine:
        check_lead(work, sheet.row["lead"])
    return running, sheet


def locked_round(work: Work, identifier: int, version: int | None) -> tuple[Running, ReviewSheet]:
    """Take the lock of the project of a round that takes opinions, whoever asks.

    Raises NotFound, Stale, RoundClosed, Conflict.
    """
    running = locked(work, review_sheet.project_of(work, identifier), None)
    sheet = review_sheet.read(work, identifier)
    access.check_version(sheet.row["version"], version)
    if sheet.row["state"] != OPEN:
        raise RoundClosed(f"the round is {sheet.row['state']}", state=sheet.row["state"])
    running.docket.reviews[sheet.id] = sheet
    return running, sheet


def check_lead(work: Work, lead: str) -> None:
    """Raise Forbidden unless the actor works for the lead department, or coordinates."""
    if not (work.actor.has("coordinator") or work.actor.has(*LEADS, department=lead)):
        text = f"this needs the role coordinator, or {' or '.join(LEADS)} of {lead}"
        raise Forbidden(text, roles=["coordinator", *LEADS], department=lead)


def check_none_open(work: Work, project: int, stage: str) -> None:
    """Raise Conflict where the stage has a round that takes opinions."""
    table = t.review_round.c
    query = select(table.id).where(
        table.project_id == project, table.stage == stage, table.state == OPEN
    )
    found = work.db.execute(query).scalar()
    if found is not None:
        raise Conflict("the stage has an open round already", round=found)


# -- writing -----------------------------------------------------------------------------------


def change_round(work: Work, sheet: ReviewSheet, **values: Any) -> None:
    """Write what changed of a round, its version with it."""
    table = t.review_round
    bumped = {"version": sheet.row["version"] + 1, **values}
    work.db.execute(update(table).where(table.c.id == sheet.id).values(bumped))
    sheet.row.update(bumped)


def change_participant(work: Work, sheet: ReviewSheet, department: str, **values: Any) -> None:
    """Write what changed of a participant."""
    table = t.review_participant
    mine = (table.c.round_id == sheet.id) & (table.c.department == department)
    work.db.execute(update(table).where(mine).values(values))
    sheet.participants[department].update(values)
    change_round(work, sheet)


def record(work: Work, sheet: ReviewSheet, event: str, **data: Any) -> None:
    """Add an event about a round to the history of its project."""
    told = {"round": sheet.id, **data}
    row = event_row(work, sheet.row["project_id"], event, sheet.row["item"], told)
    work.db.execute(sql.INSERT_HISTORY, [row])
