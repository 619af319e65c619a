"""Events of a project in words: one sentence each, with the item's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web import trust_words
from api.web.card_words import COLOURS, breach_name
from api.web.labels import STEPS, event_word, outcome_name
from api.web.views import clock_words
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


def moved(event: EventView, item: str) -> str:
    """Return which due date is another now: the promised one, or else the statutory."""
    was, now = event.data.get("was") or {}, event.data.get("now") or {}
    for name, sentence in MOVED.items():
        if was.get(name) != now.get(name):
            dates = {"was": was.get(name) or "–", "now": now.get(name) or "–"}
            return str(_(str(sentence), item=item, **dates))
    return of_item(event, item)


MOVED = {
    "promised_due_on": _l("%(item)s：承诺到期由 %(was)s 改为 %(now)s"),
    "statutory_due_on": _l("%(item)s：法定到期由 %(was)s 改为 %(now)s"),
}
#: why a due date moved, by the cause its event names
CAUSES: Mapping[str, Any] = {
    "resumed": _l("恢复计时：%(reason)s"),
    "entered": _l("补录中止：%(reason)s"),
    "extended": _l("延长审批期限：%(reason)s"),
    "calendar": _l("工作日历修订：%(source)s"),
    "suspended": _l("计时中止"),
}


def cause(event: EventView) -> str:
    """Return why something happened, '' where the event does not say."""
    code = str(event.data.get("cause") or "")
    if event.event != "deadline.moved" or code not in CAUSES:
        return code
    given = {"source": event.data.get("source", ""), "reason": clock_words.reason(event)}
    return str(_(str(CAUSES[code]), **given))


def carded(event: EventView, item: str) -> str:
    """Return which card was given, and what for."""
    colour = str(COLOURS.get(event.data.get("colour", ""), ""))
    reason = breach_name(event.data.get("rule", ""))
    if not item:
        return str(_("%(colour)s：%(reason)s", colour=colour, reason=reason))
    return str(_("%(item)s：%(colour)s，%(reason)s", item=item, colour=colour, reason=reason))


#: events that say more than their word
OWN: Mapping[str, Teller] = {
    "task.completed": answered,
    "task.assigned": handed,
    "task.overdue": late,
    "card.issued": carded,
    "attachment.added": uploaded,
    "milestone.reached": reached,
    "deadline.moved": moved,
    **clock_words.TELLERS,
    **trust_words.TELLERS,
}


def words(names: Names) -> dict[str, Any]:
    """Return what templates with a history need."""
    return {"told": told, "teller": teller, "cause": cause, "why": clock_words.why, "names": names}
