"""Links to the printable notices that answers bring about."""

from __future__ import annotations

from dataclasses import dataclass

from api.web.language import named
from engine.rules import notice
from engine.service.views import EventView


@dataclass(frozen=True, slots=True)
class Document:
    """A printable notice: its address and what it is called."""

    url: str
    title: str


def document(event: EventView) -> Document | None:
    """Return the notice of an answer, None where it brings about none."""
    kind = notice.kind_of_event(event.event, event.data)
    if kind is None or event.project is None:
        return None
    url = f"/projects/{event.project}/notices/{event.id}"
    return Document(url, named(notice.FORMS[kind].title))
