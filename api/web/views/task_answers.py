"""What has been answered of a case, and the documents that came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from api.web.labels import STEPS, event_sign, outcome_name
from api.web.views import notice_link
from api.web.visit import Visit
from engine.service import desk_rows
from engine.service.desk import Desk
from engine.service.views import EventView, TaskView

#: steps at which a request to supplement is still what the case is about
OPEN_REQUEST = ("supplement", "receive")
#: outcomes that do not lead on, with the icon of the event they bring about
SIGNS: Mapping[str, str] = {
    "supplement": "item.supplement_requested",
    "not_accept": "item.not_accepted",
    "out_of_scope": "item.out_of_scope",
    "return": "item.returned",
    "refuse": "item.refused",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, in the words of the page."""

    task: str
    step: str
    outcome: str
    at: datetime
    actor: str
    on_behalf_of: str | None
    data: Mapping[str, Any]
    sign: tuple[str, str]
    document: notice_link.Document | None


@dataclass(frozen=True, slots=True)
class Request:
    """What the window asked to be supplemented."""

    at: datetime
    materials: Sequence[str]
    reason: str
    document: notice_link.Document | None


def answers(desk: Desk) -> list[Said]:
    """Return the answers of a case, the last first."""
    return [said(each) for each in reversed(desk.answers)]


def said(event: EventView) -> Said:
    """Return an answer in the words of the page."""
    element, outcome = str(event.data.get("element", "")), str(event.data.get("outcome", ""))
    return Said(
        task=event.task or "",
        step=str(STEPS.get(element, "")),
        outcome=outcome_name(outcome, element),
        at=event.at,
        actor=event.actor,
        on_behalf_of=event.on_behalf_of,
        data=event.data.get("data", {}),
        sign=event_sign(SIGNS.get(outcome, "item.done")),
        document=notice_link.document(event),
    )


def request(desk: Desk) -> Request | None:
    """Return what the window asked for last, while the case is about that; else None."""
    event = desk.answer("receive")
    if desk.step not in OPEN_REQUEST or event is None or event.task == desk.task.id:
        return None
    if event.data.get("outcome") != "supplement":
        return None
    given: Mapping[str, Any] = event.data.get("data", {})
    return Request(
        at=event.at,
        materials=tuple(listed(given.get("materials", ()))),
        reason=str(given.get("reason", "")),
        document=notice_link.document(event),
    )


def listed(value: Any) -> Iterator[str]:
    """Yield what a list names; an answer over REST may hold anything."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Sequence):
        yield from (str(each) for each in value)


def told(visit: Visit, task: TaskView) -> str:
    """Return the notice that an answer was taken, with a link to the document that came of it."""
    word = outcome_name(task.outcome, task.element)
    text: str = _("%(project)s：%(outcome)s，已办理。", project=task.project_name, outcome=word)
    document = notice_link.document(desk_rows.answered(visit.work, task))
    if document is None:
        return text
    link = Markup('<a href="{}">{}</a>').format(document.url, document.title)
    return Markup("{} {}").format(escape(text), link)
