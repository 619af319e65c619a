"""What became of a clock, in words: stops, extensions, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web.labels import STOP_REASONS
from engine.rules.suspension import ART_45, LISTED, REASONS, StopReason
from engine.service import desk_moves
from engine.service.views import EventView


def reason(event: EventView) -> str:
    """Return the reason an event names, in words; '' where it names none."""
    given = event.data.get("reason")
    return str(STOP_REASONS.get(given, given)) if isinstance(given, str) else ""


def why(event: EventView) -> str:
    """Return the reason that is told beside an event, '' where its sentence says it."""
    if event.event in SAID:
        return str(event.data.get("note") or "")
    return "" if event.event == "deadline.moved" else reason(event)


#: what the clock's own events say, by their data
SAID: Mapping[str, Any] = {
    "item.suspended": _l("%(item)s：中止计时（%(reason)s），预计 %(expected_days)s 个工作日"),
    "item.resumed": _l("%(item)s：恢复计时（%(reason)s），%(from_on)s 至 %(until_on)s 不计"),
    "item.stop_entered": _l("%(item)s：补录中止（%(reason)s），%(from_on)s 至 %(until_on)s 不计"),
    "item.stop_overran": _l("%(item)s：中止（%(reason)s）已超过告知的 %(expected_days)s 个工作日"),
    "item.extension_requested": _l("%(item)s：申请延期 %(days)s 天（%(reason)s）"),
    "item.extension_approved": _l("%(item)s：批准延期 %(days)s 天（%(reason)s）"),
    "item.extension_declined": _l("%(item)s：不批准延期 %(days)s 天"),
}


def of_clock(event: EventView, item: str) -> str:
    """Return what became of an item's clock."""
    names = ("expected_days", "from_on", "until_on", "days")
    data = {name: event.data.get(name) or "–" for name in names}
    return str(_(str(SAID[event.event]), item=item, reason=reason(event), **data))


TELLERS: Mapping[str, Callable[[EventView, str], str]] = dict.fromkeys(SAID, of_clock)


# -- at a task ---------------------------------------------------------------------------------


def of_desk() -> dict[str, Any]:
    """Return what the clock's panel of a task needs to tell of stops."""
    return {
        "standstill": standstill,
        "stop_reasons": reasons(),
        "stop_source": desk_moves.source_of,
        "art_45": ART_45,
    }


def standstill(row: Mapping[str, Any]) -> str:
    """Return why a clock stood still, in a few words."""
    word, note = str(STOP_REASONS.get(row["reason"], row["reason"])), row.get("note") or ""
    if row["reason"] == StopReason.PROJECT:
        return str(_("项目中止：%(reason)s", reason=note)) if note else word
    return str(_("因%(reason)s中止计时", reason=word))


def reasons() -> list[tuple[str, str, str]]:
    """Return the reasons that may be given for a stop: code, word, and what lists it."""
    return [(code, str(STOP_REASONS[code]), REASONS[code].source) for code in LISTED]
