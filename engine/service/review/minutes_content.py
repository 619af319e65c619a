"""What minutes say, made from a round: plain JSON, with names as they are called at the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.rules.joint_review import Conclusion, Mode, OpinionKind
from engine.rules.minutes import TEXTS, signers
from engine.service import codes, deployments, names, notices
from engine.service.access import Row
from engine.service.review import conditions, escalations, opinions, parts, people, round_rows
from engine.service.review.sheet import ReviewSheet
from engine.service.work import Work
from engine.store import tables as t

OF_ROUND = ("id", "number", "mode", "stage", "papers", "complex")
OF_OPINION = ("version", "kind", "text", "legal_basis", "required", "source", "cause", "given_by")


def made(
    work: Work, sheet: ReviewSheet, texts: Mapping[str, str], said_before: list[Row] | None = None
) -> dict[str, Any]:
    """Return the minutes of a round as it is now, with what the lead writes to it.

    `said_before` is every version of every opinion, where they are read already.
    """
    versions = opinions.versions(work, sheet.id) if said_before is None else said_before
    asked = [{**each, "kind": sheet.kind_of(each["department"])} for each in sheet.asked]
    called = people.department_names(work)
    found: dict[str, Any] = {
        **about(work, sheet),
        "participants": [participant(each, versions) for each in asked],
        "opinions": said(work, sheet),
        "conditions": bound(work, sheet),
        "materials": materials(sheet),
        "questions": questions(work, sheet),
        "conclusion": conclusion(work, sheet),
        "texts": {name: texts.get(name, "").strip() for name in TEXTS},
        "signers": [{"department": each} for each in signers(sheet.row["lead"], asked)],
    }
    return with_people(work, with_names(found, called))


def preview(work: Work, row: Row) -> dict[str, Any]:
    """Return what minutes of a round that was read for a list would say now."""
    versions = opinions.versions(work, row["id"])
    asked = round_rows.participants(work, [row["id"]]).get(row["id"], [])
    sheet = ReviewSheet(
        row,
        tuple(parts.items_of(row)),
        {each["department"]: each for each in asked},
        {each["department"]: each for each in versions},
    )
    return made(work, sheet, {}, versions)


def about(work: Work, sheet: ReviewSheet) -> dict[str, Any]:
    """Return which round of which project it is, and where it met."""
    row, project, meeting = sheet.row, t.project, t.meeting
    query = (
        select(
            project.c.id,
            *(project.c[name] for name in ("name", "applicant", "created_at", "version_id")),
            *(meeting.c[name] for name in ("title", "place", "starts_at", "ends_at", "convenor")),
            t.room.c.name.label("room"),
        )
        .select_from(project)
        .outerjoin(meeting, meeting.c.id == row["meeting_id"])
        .outerjoin(t.room, t.room.c.id == meeting.c.room_id)
        .where(project.c.id == row["project_id"])
    )
    found = dict(work.db.execute(query).mappings().one())
    built = deployments.deployment(work.db, found["version_id"])
    items = ((each, built.procedure.items.get(each)) for each in sheet.items)
    return {
        "project": {
            **{name: found[name] for name in ("id", "name", "applicant")},
            "code": codes.code_of(work, found),
        },
        "round": {
            **{name: row[name] for name in OF_ROUND},
            "stage_name": names.stage_name(built, row["stage"]).zh,
            "noticed_on": str(row["noticed_on"]),
            "opinion_due_on": str(row["opinion_due_on"]),
        },
        "lead": {"department": row["lead"]},
        "items": [
            {
                "id": each,
                "item": names.item_name(built, each).zh,
                "item_en": names.item_name(built, each).en,
                "department": item.department if item else "",
            }
            for each, item in items
        ],
        "meeting": met(work, found) if found["title"] is not None else None,
        "convenor": found["convenor"] or row["opened_by"],
        "guests": [{"name": found["applicant"], "state": row["guest"]}] if attended(row) else [],
    }


def attended(row: Row) -> bool:
    """Tell whether the applicant of a round was asked to its meeting."""
    return bool(row["guest"]) and row["mode"] == Mode.MEETING


def met(work: Work, found: Row) -> dict[str, Any]:
    """Return when and where a meeting was."""
    return {
        "title": found["title"],
        "place": found["room"] or found["place"],
        "starts_at": instant(work, found["starts_at"]),
        "ends_at": instant(work, found["ends_at"]),
    }


def participant(row: Row, versions: Iterable[Row]) -> dict[str, Any]:
    """Return a department that was asked; its silence that counted once stands for ever."""
    own = (each for each in versions if each["department"] == row["department"])
    return {
        **{name: row[name] for name in ("department", "state", "note")},
        "guarded": bool(row["guarded"]),
        "representative": row["representative"] or "",
        "deemed": next((each["cause"] for each in own if each["cause"]), ""),
    }


def said(work: Work, sheet: ReviewSheet) -> list[dict[str, Any]]:
    """Return the newest opinion of everybody who counts."""
    found = (sheet.opinions.get(each["department"]) for each in sheet.asked)
    return [
        {
            "department": each["department"],
            **{name: each[name] for name in OF_OPINION},
            "materials": list(each["materials"]),
            "given_at": instant(work, each["given_at"]),
            "recorded_by": each["recorded_by"] or "",
        }
        for each in found
        if each
    ]


def bound(work: Work, sheet: ReviewSheet) -> list[dict[str, Any]]:
    """Return the conditions of the newest opinions: who is to meet them, and who looks at it.

    Those of a round that was not approved bind nobody: they are dropped, and stand as they were
    said.
    """
    texts = ("department", "text", "owner", "state")
    said_by = {each["department"] for each in sheet.asked}
    newest = {each["id"] for name, each in sheet.opinions.items() if name in said_by}
    return [
        {**{name: each[name] for name in texts}, "due_on": str(each["due_on"])}
        for each in conditions.of_round(work, sheet.id)
        if each["opinion_id"] in newest
    ]


def materials(sheet: ReviewSheet) -> list[str]:
    """Return what is to be supplied, each once."""
    asked = (
        str(name)
        for each in sheet.asked
        if sheet.kind_of(each["department"]) is OpinionKind.NEED_SUPPLEMENT
        for name in sheet.opinions[each["department"]]["materials"]
    )
    return list(dict.fromkeys(asked))


def questions(work: Work, sheet: ReviewSheet) -> list[dict[str, Any]]:
    """Return what was raised to a level, and how it was settled there."""
    return [
        {
            **{name: each[name] for name in ("level", "question", "settlement", "raised_by")},
            "raised_on": str(each["raised_on"]),
            "settled_on": str(each["settled_on"] or ""),
            "settled_by": each["settled_by"] or "",
        }
        for each in escalations.of_round(work, sheet.id)
    ]


def conclusion(work: Work, sheet: ReviewSheet) -> dict[str, Any] | None:
    """Return what the lead concluded; None while the round is open.

    Who asks for material has told the applicant so, and owes no reply.
    """
    row = sheet.row
    if row["concluded_at"] is None:
        return None
    calendar, days = work.calendar, work.rules.joint_review.reply_days
    noticed = row["conclusion"] == Conclusion.SUPPLEMENT
    on = row["concluded_at"].astimezone(work.settings.zone).date()
    return {
        "kind": row["conclusion"],
        "reasons": row["reasons"],
        "concluded_at": instant(work, row["concluded_at"]),
        "concluded_by": row["concluded_by"],
        "reply_due_on": "" if noticed else str(calendar.add(on, days)),
    }


def instant(work: Work, at: datetime) -> str:
    """Return an instant as minutes say it: in the city's time, to the second."""
    return at.astimezone(work.settings.zone).isoformat(timespec="seconds")


# -- names ----------------------------------------------------------------------------------------

#: which values are users, who are called by their display names
PEOPLE = frozenset(
    {"convenor", "representative", "given_by", "recorded_by", "concluded_by", "raised_by"}
) | {
    "settled_by",
    "signed_by",
    "sealed_by",
}


def with_names(value: Any, called: Mapping[str, str]) -> Any:
    """Return a value in which every department has its name beside its code."""
    if isinstance(value, list):
        return [with_names(each, called) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: with_names(each, called) for name, each in value.items()}
    if "department" in found:
        found["name"] = called.get(found["department"], found["department"])
    return found


def with_people(work: Work, value: dict[str, Any]) -> dict[str, Any]:
    """Return content in which every user is called by name, as `…_name`."""
    users = sorted(set(mentioned(value)))
    called = notices.display_names(work, users)
    named: dict[str, Any] = call(value, called)
    return named


def mentioned(value: Any) -> Iterable[str]:
    """Return every user that content names."""
    if isinstance(value, list):
        for each in value:
            yield from mentioned(each)
    if isinstance(value, dict):
        for name, each in value.items():
            if name in PEOPLE and each:
                yield each
            yield from mentioned(each)


def call(value: Any, called: Mapping[str, str]) -> Any:
    """Return content with the names of its users."""
    if isinstance(value, list):
        return [call(each, called) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: call(each, called) for name, each in value.items()}
    own = {f"{name}_name": called.get(found[name]) or found[name] for name in PEOPLE & set(found)}
    return {**found, **own}
