"""Extensions of an item's time: asked for by who handles it, approved by whom the law names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.rules.catalogue import Item, Name
from engine.rules.extension import (
    GOVERNMENT,
    HEAD,
    Approver,
    ExtensionState,
    approver,
    check_extendable,
    check_in_time,
    check_request,
)
from engine.service import access, deployments
from engine.service.access import Row
from engine.service.clock import handled
from engine.service.work import Actor, Work
from engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody says who asks for an extension; `days` are of the item's unit."""

    days: int
    reason: str
    notice: str


def request(work: Work, project: int, item: str, given: Asking, version: int | None = None) -> int:
    """Ask for an extension; returns its id. A head who asks approves at once.

    Raises AlreadyExtended, NotExtendable, TooLate, Invalid, Conflict where the clock does not
    run, Forbidden, Stale.
    """
    case, _known, row = handled.locked(work, project, item, version)
    known = item_of(work, row["version_id"], item)
    handled.check_runs(case)
    check_extendable(known, asked_before=asked_before(work, case))
    check_request(known, given.days, given.reason, given.notice)
    check_in_time(due_on(case), as_of_on(work, case), item)
    asked = {
        "project_id": project,
        "item": item,
        "attempt": case["attempt"],
        "days": given.days,
        "reason": given.reason.strip(),
        "notice": given.notice.strip(),
        "approver": approver(known).department,
        "state": ExtensionState.REQUESTED,
        "requested_at": work.now,
        "requested_by": work.actor.name,
    }
    table = t.extension
    key = int(work.db.execute(insert(table).values(asked).returning(table.c.id)).scalar_one())
    handled.record(work, project, "item.extension_requested", item, told(key, asked))
    if may_approve(work.actor, known):
        grant(work, case, {**asked, "id": key}, known, "")
    return key


def approve(work: Work, identifier: int, note: str = "", version: int | None = None) -> None:
    """Approve an extension: both due dates move, and the applicant is told.

    Raises NotFound, Forbidden, TooLate where the time that the law gives has run out meanwhile,
    Conflict where it is decided already or the clock does not run, Stale.
    """
    asked, case, known = locked(work, identifier, version)
    handled.check_runs(case)
    check_in_time(case["statutory_due_on"] or due_on(case), as_of_on(work, case), known.id)
    grant(work, case, asked, known, note)


def decline(work: Work, identifier: int, note: str, version: int | None = None) -> None:
    """Decline an extension, with the reason. Raises NotFound, Forbidden, Conflict, Stale."""
    asked, case, _known = locked(work, identifier, version)
    if not note.strip():
        raise Invalid("why is it declined?", field="note")
    decided = decide(work, asked, ExtensionState.DECLINED, note)
    data = {**told(asked["id"], asked), "note": decided["decided_note"]}
    handled.record(work, asked["project_id"], "item.extension_declined", case["item"], data)


def grant(work: Work, case: Row, asked: Row, known: Item, note: str) -> None:
    """Approve an extension whose project is locked."""
    decided = decide(work, asked, ExtensionState.APPROVED, note)
    handled.change_item(work, case, extension_days=asked["days"])
    data = told(asked["id"], asked) | {
        "unit": str(known.unit),
        "requested_by": asked["requested_by"],
        "source": approver(known).source,
        "approver": approver(known).department,
        "note": decided["decided_note"],
    }
    handled.record_moving(
        work, case, "item.extension_approved", data, "extended", reason=asked["reason"]
    )


def decide(work: Work, asked: Row, state: ExtensionState, note: str) -> Row:
    """Write what has become of a request."""
    table = t.extension
    values = {
        "state": state,
        "decided_at": work.now,
        "decided_by": work.actor.name,
        "decided_note": note.strip(),
    }
    work.db.execute(update(table).where(table.c.id == asked["id"]).values(values))
    return {**asked, **values}


def told(identifier: int, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the history says of a request."""
    return {"extension": identifier, **{name: asked[name] for name in ("days", "reason", "notice")}}


# -- who may, and when -------------------------------------------------------------------------


def may_approve(actor: Actor, item: Item) -> bool:
    """Tell whether an actor is who approves an item's extension."""
    return approves(actor, approver(item))


def approves(actor: Actor, wanted: Approver) -> bool:
    """Tell whether an actor is the head that is meant; an admin may act for anyone."""
    return actor.is_admin or actor.bound(HEAD, department=wanted.department)


def check_approver(actor: Actor, item: Item) -> None:
    """Raise Forbidden unless the actor is who approves an item's extension."""
    wanted = approver(item)
    if not approves(actor, wanted):
        government = wanted.department == GOVERNMENT
        place = "the government" if government else wanted.department
        text = f"this needs the role {HEAD} of {place} ({wanted.source})"
        raise Forbidden(text, roles=[HEAD], department=wanted.department)


def due_on(case: Row) -> date | None:
    """Return the due date in force: the earlier one."""
    dates = [case[name] for name in ("promised_due_on", "statutory_due_on") if case[name]]
    return min(dates, default=None)


def as_of_on(work: Work, case: Row) -> date:
    """Return the day until which the clock has run."""
    return case["stopped_on"] or work.today


def asked_before(work: Work, case: Row) -> bool:
    """Tell whether this application has been extended, or that is asked for."""
    table = t.extension.c
    query = select(table.id).where(
        table.project_id == case["project_id"],
        table.item == case["item"],
        table.attempt == case["attempt"],
        table.state != ExtensionState.DECLINED,
    )
    return work.db.execute(query).first() is not None


def item_of(work: Work, version_id: int, item: str) -> Item:
    """Return what a project's procedure says of an item."""
    items = deployments.deployment(work.db, version_id).procedure.items
    return items.get(item) or Item(item, Name(item))


def locked(work: Work, identifier: int, version: int | None) -> tuple[Row, Row, Item]:
    """Take the project's lock; return an open request, its case, and its item.

    Raises NotFound, Stale, Forbidden, Conflict where it is decided, or of an earlier application.
    """
    table = t.extension
    query = select(table).where(table.c.id == identifier)
    asked = access.only(work, query)
    if asked is None:
        raise NotFound(f"there is no extension {identifier}", extension=identifier)
    case, row = handled.locked_case(work, asked["project_id"], asked["item"], version)
    # once more under the lock
    asked = access.only(work, query) or asked
    known = item_of(work, row["version_id"], asked["item"])
    check_approver(work.actor, known)
    if asked["state"] != ExtensionState.REQUESTED:
        text = f"the extension was {asked['state']} by {asked['decided_by']}"
        raise Conflict(text, state=asked["state"])
    if asked["attempt"] != case["attempt"]:
        raise Conflict("the application it was asked for is over", state=case["state"])
    return asked, case, known
