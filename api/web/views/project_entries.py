"""Events of a project in words: one sentence each, with the item's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from api.web.labels import STEPS, event_word, outcome_name
from api.web.views.project_names import Names
from engine.service.chronicle import Entry
from engine.service.views import EventView
from engine.service.work import SYSTEM

Teller = Callable[[EventView, str], str]


def teller(entry: Entry) -> str:
    """Return who acted, as others call them."""
    return str(_("系统")) if entry.event.actor == SYSTEM.name else entry.who


def told(event: EventView, names: Names) -> str:
    """Return what happened, in one sentence."""
    item = names.item(event.item) if event.item else ""
    return OWN.get(event.event, of_item)(event, item)


def of_item(event: EventView, item: str) -> str:
    """Return an event that its word and its item tell of."""
    word = event_word(event.event)
    return str(_("%(item)s：%(event)s", item=item, event=word)) if item else word


def answered(event: EventView, item: str) -> str:
    """Return which step was answered, and how."""
    element, outcome = event.data.get("element", ""), event.data.get("outcome", "")
    if element not in STEPS:
        return str(_("%(item)s：%(event)s", item=item, event=outcome_name(outcome)))
    step, word = str(STEPS[element]), outcome_name(outcome, element)
    return str(_("%(item)s：%(step)s，%(outcome)s", item=item, step=step, outcome=word))


def uploaded(event: EventView, _item: str) -> str:
    """Return which file came, in which version."""
    name, version = event.data.get("name", ""), event.data.get("version", 1)
    return str(_("上传文件：%(name)s，第 %(n)s 版", name=name, n=version))


def reached(_event: EventView, item: str) -> str:
    """Return which milestone was reached."""
    return str(_("到达：%(name)s", name=item))


def handed(event: EventView, item: str) -> str:
    """Return to whom a task was given."""
    return str(_("%(item)s：改派给 %(who)s", item=item, who=event.data.get("to", "")))


def late(_event: EventView, item: str) -> str:
    """Return what is late."""
    return str(_("%(item)s：逾期", item=item))


#: events that say more than their word
OWN: Mapping[str, Teller] = {
    "task.completed": answered,
    "task.assigned": handed,
    "task.overdue": late,
    "attachment.added": uploaded,
    "milestone.reached": reached,
}


def words(names: Names) -> dict[str, Any]:
    """Return what templates with a history need."""
    return {"told": told, "teller": teller, "names": names}
