"""An event log: what is in it, what was mended, how cases went, and what it is to be laid over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from api.v1.event_logs import WRITERS, sent
from api.web import log_charts, log_notes, log_words
from api.web.log_words import LOG
from api.web.page import Answer, Page, Shown, show
from api.web.views.dashboard import month
from api.web.views.lab_list import procedures
from api.web.visit import Visit
from engine.analysis.discovery.survey import survey
from engine.analysis.eventlog.summary import summary
from engine.service.logs import calibrating, logs

#: so many ways of cases are told
MOST_WAYS = 12
#: offered where a time zone is asked for; any other may be typed
ZONES = (
    *("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Tokyo", "Asia/Singapore"),
    *("Asia/Kolkata", "Australia/Sydney", "Europe/Moscow", "Europe/Amsterdam", "Europe/Berlin"),
    *("Europe/London", "America/Sao_Paulo", "America/New_York", "America/Los_Angeles", "UTC"),
)


def find(visit: Visit) -> Answer:
    """Show a log."""
    frame = log_words.frame(visit)
    zone = zone_of(visit, calibrated=frame["log"].calibrated)
    log = logs.log(visit.work, visit.path["log"])
    found = survey(log, ZoneInfo(zone))
    values = {
        **frame,
        **log_words.words(),
        "told": summary(log, timezone=ZoneInfo(zone), top=MOST_WAYS),
        "survey": found,
        "notes": [log_notes.note(each) for each in frame["log"].notes],
        "has_starts": not frame["log"].one_timestamp,
        "zone": zone,
        "zones": ZONES,
        "procedures": procedures(visit),
        "arrivals": arrivals(found.months),
        "week": log_charts.week(found.week),
    }
    return Shown("logs/log.html.jinja", values)


def zone_of(visit: Visit, *, calibrated: bool) -> str:
    """Return the time zone by which hours are read: the one a log was calibrated with."""
    if calibrated:
        kept = calibrating.calibration(visit.work, visit.path["log"])
        return str(kept.get("timezone") or visit.service.settings.timezone)
    return visit.service.settings.timezone


def arrivals(months: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """Return cases by the month in which they began as a chart."""
    labels = (month(date.fromisoformat(f"{name}-01")) for name, _count in months)
    return log_charts.columns(labels, (count for _name, count in months), _("到件"), _("件"))


def events(form: str) -> Page:
    """Return the address of a log's events in a form."""

    def give(visit: Visit) -> Answer:
        found = logs.get(visit.work, visit.path["log"])
        log = logs.log(visit.work, found.id)
        return sent(log, form, found.name, visit.work.settings)

    return show(f"log_{form}", f"{LOG}/events.{form}", give, f"event_log_{form}")


PAGES = (
    show("log", LOG, find, "get_event_log"),
    *(events(form) for form in WRITERS),
)
