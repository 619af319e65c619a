"""Links to the printable documents that answers bring about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from engine.service.views import EventView

#: what the document of an outcome is called
TITLES: Mapping[str, Any] = {
    "accept": _l("受理通知书"),
    "supplement": _l("一次性补正告知书"),
    "not_accept": _l("不予受理通知书"),
    "out_of_scope": _l("不属本机关职权告知书"),
    "refuse": _l("不予许可决定书"),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A printable document: its address and what it is called."""

    url: str
    title: str


def document(event: EventView) -> Document | None:
    """Return the document of an answer, None where it brings about none."""
    title = TITLES.get(str(event.data.get("outcome", "")))
    if title is None or event.project is None:
        return None
    return Document(f"/projects/{event.project}/notices/{event.id}", str(title))
