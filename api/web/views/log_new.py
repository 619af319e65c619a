"""A log is brought in: from a file, its columns mapped where need be, or of the city's history."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any
from urllib.parse import quote, urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.reading import MARGIN_BYTES
from api.web import log_columns
from api.web.log_columns import DATE_FORMATS, FORMAT, ROLES
from api.web.log_words import LAB, LOG, SECTION
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.views.lab_list import procedures
from api.web.visit import Visit
from engine.analysis.eventlog.source import chunks
from engine.errors import Invalid
from engine.service import drafts
from engine.service.drafts import Checked
from engine.service.logs import logs, reading
from engine.service.logs.content import Form, form_of
from engine.service.logs.reading import Brought
from engine.service.work import Work
from engine.settings import Settings
from engine.store.database import transaction

FORM, OWN = f"{SECTION}/new", f"{SECTION}/own"
DRAFT, COLUMNS = f"{FORM}/<name:draft>", f"{LOG}/columns"
#: what files of logs are called
ACCEPTED = ".xes,.gz,.csv,.txt,.tsv"
LEVELS: Mapping[str, Any] = {"step": _l("每个环节（收件、审查、决定等）"), "item": _l("每个事项")}
CHECK = "check"


def form(visit: Visit) -> Answer:
    """Ask for a file, or for what is taken of the city's history."""
    settings = visit.service.settings
    values = {
        "section": LAB,
        "accepted": ACCEPTED,
        "largest": settings.event_log_max_bytes,
        "most_events": settings.event_log_max_events,
        "procedures": procedures(visit),
        "levels": [(code, str(word)) for code, word in LEVELS.items()],
    }
    return Shown("logs/new.html.jinja", values)


def limit(settings: Settings) -> int:
    """Return how long the form with the file may be."""
    return settings.event_log_max_bytes + MARGIN_BYTES


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent; `brought` is its log where no column need be mapped."""

    name: str
    content: bytes
    brought: Brought | None


def read(visit: Visit) -> Sent:
    """Read the file that was sent, before the transaction. Raises Invalid, TooLarge."""
    file = visit.files.get("file")
    if file is None or not file.filename:
        raise Invalid("there is no file", field="file")
    settings = visit.service.settings
    content = b"".join(chunks(file.read(), reading.limits_of(settings)))
    if form_of(content) is Form.XES:
        return Sent(file.filename, content, reading.read(content, None, settings))
    reading.preview(content, settings)
    return Sent(file.filename, content, None)


def bring(visit: Visit) -> Answer:
    """Keep a log of a file that says itself what is what; ask of another one's columns."""
    sent: Sent = visit.prepared
    name = visit.text("name")
    if sent.brought is not None:
        return brought(visit, sent.brought, name or stem(sent.name), sent.name)
    packed = gzip.compress(sent.content, 5, mtime=0)
    draft = drafts.keep(visit.work, Checked({sent.name: packed}, []))
    query = f"?{urlencode({'name': name})}" if name else ""
    return Redirect(f"{FORM}/{quote(draft.id, safe='')}{query}")


def brought(visit: Visit, found: Brought, name: str, source_name: str) -> Answer:
    """Keep a log that was read, and show it."""
    identifier = logs.keep(visit.work, name, found, source_name)
    told = _("已导入 %(n)s 个事件。", n=f"{len(found.log):,}")
    return Redirect(f"{SECTION}/{identifier}", told)


def stem(name: str) -> str:
    """Return a file's name without its endings."""
    return PurePath(name).name.removesuffix(".gz").rpartition(".")[0] or name


# -- columns -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class File:
    """A CSV file whose columns are asked for: from a draft, or that of a log that is there."""

    name: str
    content: bytes
    url: str
    back: tuple[str, str]
    usual: Mapping[str, Any]
    is_new: bool


def waiting(visit: Visit, work: Work) -> File:
    """Return the file that waits for its columns. Raises DraftGone."""
    draft = drafts.get(work, visit.path["draft"])
    [(name, packed)] = drafts.files(work, draft).items()
    back = (FORM, _("导入日志"))
    return File(name, gzip.decompress(packed), f"{FORM}/{quote(draft.id)}", back, {}, is_new=True)


def standing(visit: Visit, work: Work) -> File:
    """Return the file of a log that is there. Raises NotFound, Conflict without one."""
    found = logs.get(work, visit.path["log"])
    content = logs.source(work, found.id)
    home = f"{SECTION}/{found.id}"
    back = (home, found.name)
    return File(found.source_name, content, f"{home}/columns", back, found.mapping, is_new=False)


def file_of(visit: Visit, work: Work) -> File:
    """Return the file that an address is about."""
    return waiting(visit, work) if "draft" in visit.path else standing(visit, work)


def columns(visit: Visit) -> Answer:
    """Show a file's first rows and what its columns would give."""
    file = file_of(visit, visit.work)
    settings = visit.service.settings
    seen = reading.preview(file.content, settings, file.usual.get("dialect"))
    usual = file.usual or seen.guess.data()
    chosen = log_columns.chosen(visit.form or visit.args, usual)
    mapping = log_columns.mapping_of(chosen, usual)
    values = {
        "section": LAB,
        "url": file.url,
        "back": file.back[0],
        "back_word": file.back[1],
        "source_name": file.name,
        "named": file.is_new,
        "name": visit.argument("name") or stem(file.name),
        "columns": seen.columns,
        "rows": seen.rows,
        "roles": ROLES,
        "options": [{"name": FORMAT, "word": _("日期的写法"), "choices": formats(chosen)}],
        "chosen": chosen,
        "used": log_columns.used(seen.columns, chosen),
        "unread": log_columns.wrong_cells(seen, chosen, settings.zone),
        "check": log_columns.check(file.content, mapping, settings),
    }
    return Shown("logs/columns.html.jinja", values)


def formats(chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return how dates may be written; a pattern that was given stays to be chosen."""
    given = chosen[FORMAT]
    own = [(given, given)] if given and given not in DATE_FORMATS else []
    return [*((code, str(word)) for code, word in DATE_FORMATS.items()), *own]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file read by the columns that were chosen."""

    file: File
    brought: Brought


def read_columns(visit: Visit) -> Chosen | None:
    """Read a file by its columns, in a transaction that keeps nobody waiting; None for a check."""
    if visit.text("do") == CHECK:
        return None
    service = visit.service
    with transaction(service.engine, read_only=True) as db:
        file = file_of(visit, Work(db, service.clock.now(), visit.actor, service.settings))
    usual = file.usual or reading.preview(file.content, service.settings).guess.data()
    mapping = log_columns.mapping_of(log_columns.chosen(visit.form, usual), usual)
    return Chosen(file, reading.read(file.content, mapping, service.settings))


def keep(visit: Visit) -> Answer:
    """Keep the log that the chosen columns make, or only show what they would give."""
    found: Chosen | None = visit.prepared
    if found is None:
        return columns(visit)
    if not found.file.is_new:
        logs.replace(visit.work, visit.path["log"], found.brought)
        return Redirect(found.file.back[0], _("已按新的列读入；原来的校准已清除。"))
    drafts.remove(visit.work, visit.path["draft"])
    name = visit.text("name") or stem(found.file.name)
    return brought(visit, found.brought, name, found.file.name)


# -- the city's own history ----------------------------------------------------------------------


def take(visit: Visit) -> Answer:
    """Keep the city's own history as a log."""
    procedure, level = visit.text("procedure"), visit.text("level")
    if level not in LEVELS:
        raise Invalid(f"level must be one of {', '.join(LEVELS)}", field="level")
    since, until = (day(visit, each) for each in ("since", "until"))
    name = visit.text("own_name") or own_name(visit, procedure)
    identifier = logs.add_own(
        visit.work,
        name,
        procedure=procedure or None,
        since=since,
        until=until,
        level="item" if level == "item" else "step",
    )
    return Redirect(f"{SECTION}/{identifier}", _("已取来本市记录。"))


def day(visit: Visit, name: str) -> date | None:
    """Return a day that was typed. Raises Invalid."""
    text = visit.text(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(f"{name} is no date: {text!r}", field=name) from error


def own_name(visit: Visit, procedure: str) -> str:
    """Return what a log of the city's history is called."""
    called = dict(procedures(visit)).get(procedure, _("全部流程"))
    return str(_("本市记录 %(name)s %(on)s", name=called, on=visit.work.today))


PAGES = (
    show("log_new", FORM, form, "add_event_log"),
    act("log_bring", FORM, bring, "add_event_log", form=form, limit=limit, prepare=read),
    show("log_own_back", OWN, form, "add_own_event_log"),
    act("log_own", OWN, take, "add_own_event_log", form=form),
    show("log_waiting", DRAFT, columns, "add_event_log"),
    act("log_keep", DRAFT, keep, "add_event_log", form=columns, prepare=read_columns),
    show("log_columns", COLUMNS, columns, "map_event_log"),
    act("log_remap", COLUMNS, keep, "map_event_log", form=columns, prepare=read_columns),
)
