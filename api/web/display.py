"""How values look on pages: dates, days, sizes, lights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

WEEKDAYS = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))
KILO = 1000

#: the class, the icon and the word of a light, by its colour
LIGHTS: Mapping[str, tuple[str, Any]] = {
    "green": ("circle-check", _l("正常")),
    "yellow": ("alert-triangle", _l("将到期")),
    "orange": ("clock-exclamation", _l("逾期")),
    "red": ("alert-octagon", _l("严重逾期")),
    "paused": ("player-pause", _l("中止")),
    "done": ("circle-check", _l("已办结")),
    "running": ("player-play", _l("办理中")),
    "waiting": ("hourglass-empty", _l("未开始")),
    "none": ("player-play", _l("办理中")),
    "gone": ("x", _l("已终止")),
}


def zone() -> ZoneInfo:
    """Return the service's time zone."""
    found: ZoneInfo = current_app.extensions["lianshen"].settings.zone
    return found


def local_date(on: date) -> date:
    """Return a date as it is; of an instant the date it has on the wall clock."""
    return on.astimezone(zone()).date() if isinstance(on, datetime) else on


def day(on: date | None, *, year: bool | None = None) -> str:
    """Return a date, or that of an instant, as 10-16; with its year where that is not this one."""
    if on is None:
        return ""
    on = local_date(on)
    here = current_app.extensions["lianshen"].clock.now().astimezone(zone()).year
    with_year = on.year != here if year is None else year
    return on.strftime("%Y-%m-%d" if with_year else "%m-%d")


def weekday(on: date | None) -> str:
    """Return the day of the week."""
    return str(WEEKDAYS[local_date(on).weekday()]) if on else ""


def moment(at: datetime | None, *, year: bool | None = None) -> str:
    """Return an instant on the wall clock: 10-15 16:05."""
    if at is None:
        return ""
    local = at.astimezone(zone())
    return f"{day(local.date(), year=year)} {local:%H:%M}"


def iso(at: datetime | date | None) -> str:
    """Return what the attribute `datetime` holds."""
    return at.isoformat() if at else ""


def size(number: int) -> str:
    """Return a file's size."""
    if number < KILO:
        return f"{number} B"
    if number < KILO * KILO:
        return f"{number / KILO:.0f} kB"
    return f"{number / KILO / KILO:.1f} MB"


def days_left(days: int | None) -> str:
    """Return how many working days are left, or over."""
    if days is None:
        return ""
    if days < 0:
        return str(_("逾期 %(days)s 天", days=-days))
    return str(_("今天到期") if days == 0 else _("剩 %(days)s 天", days=days))


def light_icon(light: str) -> str:
    """Return the icon of a light."""
    return LIGHTS.get(light, LIGHTS["none"])[0]


def light_word(light: str) -> str:
    """Return the word of a light."""
    return str(LIGHTS.get(light, LIGHTS["none"])[1])


FILTERS: Mapping[str, Callable[..., Any]] = {
    "day": day,
    "weekday": weekday,
    "moment": moment,
    "iso": iso,
    "size": size,
    "days_left": days_left,
}
GLOBALS: Mapping[str, Any] = {"light_icon": light_icon, "light_word": light_word, "LIGHTS": LIGHTS}
