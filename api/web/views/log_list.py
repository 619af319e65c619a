"""Event logs listed, renamed, removed."""

from __future__ import annotations

from flask_babel import gettext as _

from api.web import log_words
from api.web.log_words import LOG, SECTION
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.visit import Visit
from engine.service import identity
from engine.service.logs import logs

LIMIT = 30


def find(visit: Visit) -> Answer:
    """Show the logs, the newest first."""
    part = logs.find(visit.work, cursor=visit.argument("cursor") or None, limit=LIMIT)
    values = {
        "section": log_words.LAB,
        "found": part.items,
        "next": part.next,
        "people": identity.callings(visit.work, (each.created_by for each in part.items)),
        "may_write": visit.actor.has("analyst"),
    }
    return Shown("logs/list.html.jinja", values)


def ask_name(visit: Visit) -> Answer:
    """Ask for another name."""
    return Shown("logs/name.html.jinja", log_words.frame(visit))


def rename(visit: Visit) -> Answer:
    """Keep another name."""
    identifier = visit.path["log"]
    logs.rename(visit.work, identifier, visit.text("name"))
    return Redirect(f"{SECTION}/{identifier}", _("已保存。"))


def ask_removal(visit: Visit) -> Answer:
    """Ask before a log is removed."""
    return Shown("logs/remove.html.jinja", log_words.frame(visit))


def remove(visit: Visit) -> Answer:
    """Remove a log with all that was found in it."""
    logs.remove(visit.work, visit.path["log"])
    return Redirect(SECTION, _("已删除日志。"))


PAGES = (
    show("logs", SECTION, find, "list_event_logs"),
    show("log_name", f"{LOG}/name", ask_name, "change_event_log"),
    act("log_rename", f"{LOG}/name", rename, "change_event_log", form=ask_name),
    show("log_removal", f"{LOG}/remove", ask_removal, "remove_event_log"),
    act("log_remove", f"{LOG}/remove", remove, "remove_event_log", form=ask_removal),
)
