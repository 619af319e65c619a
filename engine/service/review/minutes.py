"""Minutes of a round (会议纪要): drafted by its lead, signed, sealed; immutable from then on.

Every department that was present or gave an opinion signs, and the lead. Nobody can keep a round
from its end by not signing: after `minutes_days` working days more the lead seals without, and the
minutes name who did not sign (proposed).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, update

from engine.errors import Conflict, Forbidden
from engine.rules.joint_review import RoundClosed
from engine.rules.minutes import (
    TEXTS,
    MinutesFixed,
    MinutesState,
    NotDrafted,
    SignaturesAwaited,
    sealed_hash,
    signed_hash,
)
from engine.service.access import Row, check_version
from engine.service.review import (
    letters,
    minutes_content,
    minutes_document,
    minutes_rows,
    rounds,
)
from engine.service.review import sheet as review_sheet
from engine.service.review.minutes_rows import read, signatures_of
from engine.service.review.rounds import LEADS, change_round, check_lead, record
from engine.service.review.sheet import ReviewSheet
from engine.service.running import Running
from engine.service.work import Work
from engine.store import tables as t

#: what the gate of a round waits for
ALL_SIGNED = "round.signed"


# -- the draft ------------------------------------------------------------------------------------


def draft(
    work: Work, identifier: int, texts: Mapping[str, str], version: int | None = None
) -> ReviewSheet:
    """Write the lead's texts of a round's minutes; all else is made from the round anew.

    `version` is that of the minutes, 0 before the first draft. Raises Forbidden, Stale,
    RoundClosed, MinutesFixed once they are out for signing.
    """
    _running, sheet, row = locked(work, identifier, version)
    check_lead(work, sheet.row["lead"])
    check_written(sheet, row)
    present = row["content"]["texts"] if row else {}
    wanted = {name: texts.get(name, present.get(name, "")) for name in TEXTS}
    content = minutes_content.made(work, sheet, wanted)
    if row is None:
        values = {"round_id": sheet.id, "state": MinutesState.DRAFT, "content": content}
        own = {"drafted_at": work.now, "drafted_by": work.actor.name}
        work.db.execute(insert(t.minutes).values({**values, **own}))
    else:
        change(work, row, content=content, drafted_at=work.now, drafted_by=work.actor.name)
    change_round(work, sheet)
    record(work, sheet, "review.minutes_drafted", texts=content["texts"])
    return sheet


def check_written(sheet: ReviewSheet, row: Row | None) -> None:
    """Raise RoundClosed, MinutesFixed, where the lead's texts can be written no more."""
    if not minutes_rows.in_hand(sheet.row):
        text = f"the round is {sheet.row['state']}: it has no minutes to write"
        raise RoundClosed(text, state=sheet.row["state"])
    if row is not None and row["state"] != MinutesState.DRAFT:
        raise MinutesFixed(f"the minutes are {row['state']}", state=row["state"])


def send(running: Running, sheet: ReviewSheet, _task: Row, _outcome: str, data: Row) -> None:
    """Send the draft out for signing, made from the round once more: answers the task `minutes`.

    The data may hold the lead's texts. Raises NotDrafted, BadTemplate.
    """
    work, row = running.work, read(running.work, sheet.id)
    if row is None:
        raise NotDrafted("write a draft of the minutes first", round=sheet.id)
    check_written(sheet, row)
    given = {name: text for name, text in data.items() if isinstance(text, str)}
    texts = {name: given.get(name, row["content"]["texts"].get(name, "")) for name in TEXTS}
    content = minutes_content.made(work, sheet, texts)
    days = work.rules.joint_review.minutes_days
    content["sent_on"] = str(work.today)
    content["sign_by_on"] = str(work.calendar.add(work.today, days))
    minutes_document.check(work.settings)
    change(work, row, state=MinutesState.SIGNING, content=content)
    change_round(work, sheet)
    told = {name: content[name] for name in ("texts", "signers", "sign_by_on")}
    record(work, sheet, "review.minutes_sent", hash=signed_hash(content), **told)
    signers = [each["department"] for each in content["signers"]]
    letters.minutes_ready(work, sheet, signers, content["sign_by_on"])


# -- signing --------------------------------------------------------------------------------------


def sign(
    work: Work, identifier: int, department: str, remark: str = "", version: int | None = None
) -> ReviewSheet:
    """Sign minutes for a department, perhaps with a remark; the last to sign seals them.

    Raises Forbidden for another department or one that does not sign, NotDrafted before they are
    out, MinutesFixed once sealed, Conflict where it has signed, Stale.
    """
    running, sheet, row = signing(work, identifier, version)
    content = row["content"]
    if department not in [each["department"] for each in content["signers"]]:
        raise Forbidden(f"{department} does not sign these minutes", department=department)
    if not work.actor.has(*LEADS, department=department):
        raise Forbidden(f"this is for {department} to sign", department=department)
    given = signatures_of(work, row["id"])
    if department in given:
        raise Conflict(f"{department} has signed already", department=department)
    values = {
        "minutes_id": row["id"],
        "department": department,
        "signed_by": work.actor.name,
        "signed_at": work.now,
        "hash": signed_hash(content),
        "remark": remark.strip(),
    }
    work.db.execute(insert(t.minutes_signature).values(values))
    given[department] = values
    change(work, row)
    change_round(work, sheet)
    told = {name: values[name] for name in ("department", "hash", "remark")}
    record(work, sheet, "review.minutes_signed", **told)
    if not unsigned(content, given):
        finish(running, sheet, row, given)
    return sheet


def seal(work: Work, identifier: int, version: int | None = None) -> ReviewSheet:
    """Seal minutes without the signatures that did not come in time: for the lead, who has signed.

    Raises SignaturesAwaited while there is time to sign, NotDrafted, MinutesFixed, Forbidden,
    Stale.
    """
    running, sheet, row = signing(work, identifier, version)
    check_lead(work, sheet.row["lead"])
    given, until = signatures_of(work, row["id"]), row["content"]["sign_by_on"]
    missing = [each["department"] for each in unsigned(row["content"], given)]
    names = ", ".join(missing)
    if str(work.today) <= until:
        text = f"there is time to sign until {until}: {names}"
        raise SignaturesAwaited(text, until=until, departments=names)
    if sheet.row["lead"] in missing:
        text = f"the lead signs before it seals: {sheet.row['lead']}"
        raise SignaturesAwaited(text, until=until, departments=sheet.row["lead"])
    finish(running, sheet, row, given)
    return sheet


def finish(running: Running, sheet: ReviewSheet, row: Row, given: Mapping[str, Row]) -> None:
    """Seal minutes: the document is made, both are hashed, and the round goes on to its reply."""
    work = running.work
    content = with_signatures(work, row["content"], given)
    document = minutes_document.minutes(work.settings, content, MinutesState.SEALED)
    told = sealed_hash(content, document)
    sealed = {"content": content, "document": document, "hash": told, "sealed_at": work.now}
    change(work, row, state=MinutesState.SEALED, **sealed)
    change_round(work, sheet)
    missing = [each["department"] for each in content["unsigned"]]
    record(work, sheet, "review.minutes_sealed", hash=told, unsigned=missing)
    letters.minutes_sealed(work, sheet)
    main = running.instances.load(sheet.row["instance_id"])
    if main.execution.open_gates((ALL_SIGNED,)):
        running.move(main)
    running.settle()


def with_signatures(
    work: Work, content: Mapping[str, Any], given: Mapping[str, Row]
) -> dict[str, Any]:
    """Return content with who signed it, who did not, and who sealed it."""
    texts = ("department", "signed_by", "hash", "remark")
    signed = [
        given[each["department"]] for each in content["signers"] if each["department"] in given
    ]
    ending = {
        "signatures": [
            {
                **{name: each[name] for name in texts},
                "signed_at": minutes_content.instant(work, each["signed_at"]),
            }
            for each in signed
        ],
        "unsigned": unsigned(content, given),
        "sealed_at": minutes_content.instant(work, work.now),
        "sealed_by": work.actor.name,
    }
    called = {each["department"]: each["name"] for each in content["signers"]}
    named = minutes_content.with_people(work, minutes_content.with_names(ending, called))
    return {**content, **named}


def unsigned(content: Mapping[str, Any], given: Mapping[str, Row]) -> list[dict[str, Any]]:
    """Return who has not signed yet."""
    return [each for each in content["signers"] if each["department"] not in given]


# -- locks and writing ----------------------------------------------------------------------------


def locked(
    work: Work, identifier: int, version: int | None
) -> tuple[Running, ReviewSheet, Row | None]:
    """Take the lock of a round's project; return the round and its minutes as they are then.

    Raises NotFound, Stale, Conflict where the project does not run.
    """
    running = rounds.locked(work, review_sheet.project_of(work, identifier), None)
    sheet = review_sheet.read(work, identifier)
    running.docket.reviews[sheet.id] = sheet
    row = read(work, identifier)
    check_version(row["version"] if row else 0, version)
    return running, sheet, row


def signing(work: Work, identifier: int, version: int | None) -> tuple[Running, ReviewSheet, Row]:
    """Do the same for minutes that are out for signing. Raises NotDrafted, MinutesFixed besides."""
    running, sheet, row = locked(work, identifier, version)
    if row is None or row["state"] == MinutesState.DRAFT:
        raise NotDrafted("the minutes are not out for signing yet", round=identifier)
    if row["state"] == MinutesState.SEALED:
        raise MinutesFixed("the minutes are sealed", state=row["state"])
    if not minutes_rows.in_hand(sheet.row):
        raise RoundClosed(f"the round is {sheet.row['state']}", state=sheet.row["state"])
    return running, sheet, row


def change(work: Work, row: Row, **values: Any) -> None:
    """Write what changed of minutes, their version with it."""
    bumped = {"version": row["version"] + 1, **values}
    work.db.execute(update(t.minutes).where(t.minutes.c.id == row["id"]).values(bumped))
    row.update(bumped)
