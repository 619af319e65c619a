"""The one reply to the applicant (统一答复): what came of a round, on one sheet.

It says what its lead concluded and why, the conditions and who is to meet them: what the sealed
minutes say, not what departments said on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from engine.errors import NotFound
from engine.rules import notice
from engine.rules.joint_review import Conclusion
from engine.service import notices
from engine.service.access import Row
from engine.service.review import minutes_document, minutes_rows, minutes_shown, round_rows, views
from engine.service.review.rounds import LEADS
from engine.service.work import Work
from engine.store import tables as t

REPLIED = "review.replied"
CONTENT = ("project", "round", "lead", "items", "conditions", "materials", "conclusion")


@dataclass(frozen=True, slots=True)
class ReplyView:
    """The reply; a draft of it from the minutes, without number and day, until it has gone out.

    `content` is what it takes from the minutes: project, round, lead, items, conditions,
    materials, conclusion. `text` is what the lead wrote to it. `may_send`: whoever asks may send
    it now, the minutes being sealed.
    """

    round: int
    version: int
    number: str
    text: str
    replied_at: datetime | None
    replied_on: date | None
    replied_by: str
    content: dict[str, Any]
    may_send: bool = False


def get(work: Work, identifier: int) -> ReplyView:
    """Return the reply of a round; to applicants once it has gone out. Raises NotFound."""
    view, _content = found(work, identifier)
    return view


def file(work: Work, identifier: int) -> tuple[str, bytes]:
    """Return the name and the document of the reply. Raises NotFound, BadTemplate."""
    view, content = found(work, identifier)
    given = {
        "number": view.number,
        "text": view.text,
        "replied_on": minutes_document.day(str(view.replied_on or "")),
        "replied_by": view.replied_by,
        "state": "" if view.number else "草稿",
    }
    name = minutes_shown.name_of(content, "统一答复")
    return name, minutes_document.reply(work.settings, content, given)


def found(work: Work, identifier: int) -> tuple[ReplyView, dict[str, Any]]:
    """Return the reply with the whole content it was made from."""
    row = views.row_of(work, identifier)
    event = told(work, row)
    kept = minutes_rows.read(work, identifier)
    outside = event is None and round_rows.is_outside(work.actor)
    concluded = kept["content"]["conclusion"] if kept else None
    noticed = row["conclusion"] == Conclusion.SUPPLEMENT
    if outside or noticed or kept is None or concluded is None:
        raise NotFound(f"joint review {identifier} has no reply yet", round=identifier)
    content = {**kept["content"], "conditions": binding(kept["content"])}
    return view_of(work, row, event, content), content


def binding(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the conditions that the applicant is told of: those of an approval."""
    return [each for each in content["conditions"] if each["state"] != "dropped"]


def told(work: Work, row: Row) -> Row | None:
    """Return the event that says the reply went out."""
    history = t.history.c
    query = select(t.history).where(
        history.project_id == row["project_id"],
        history.event == REPLIED,
        history.data["round"].as_integer() == row["id"],
    )
    event = work.db.execute(query).mappings().first()
    return dict(event) if event else None


def view_of(work: Work, row: Row, event: Row | None, content: Mapping[str, Any]) -> ReplyView:
    """Return the reply as it is shown."""
    shared, actor = {name: content[name] for name in CONTENT}, work.actor
    if event is None:
        stands = row["task_element"] == "reply"
        may = stands and (actor.has("coordinator") or actor.has(*LEADS, department=row["lead"]))
        return ReplyView(row["id"], row["version"], "", "", None, None, "", shared, may)
    on = event["at"].astimezone(work.settings.zone).date()
    people = notices.display_names(work, [event["actor"]])
    return ReplyView(
        round=row["id"],
        version=row["version"],
        number=notice.number(on.year, event["id"]),
        text=notice.text(event["data"], "text"),
        replied_at=event["at"],
        replied_on=on,
        replied_by=people.get(event["actor"]) or event["actor"],
        content=shared,
    )
