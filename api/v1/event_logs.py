"""Event logs: brought in, taken from the city's own history, looked at, sent out again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, cast

from api.call import Call, Content, Reply, Upload
from api.reading import MULTIPART
from api.route import Route
from api.v1.event_log_answers import (
    EventLogChanges,
    EventLogQuery,
    MappingGiven,
    NewEventLogQuery,
    OwnGiven,
    OwnQuery,
    PreviewAnswer,
    PreviewQuery,
)
from engine.analysis.eventlog import csvlog, xes
from engine.analysis.eventlog.log import EventLog
from engine.errors import Invalid
from engine.service.logs import history, logs, reading
from engine.service.logs.reading import Brought
from engine.service.logs.views import LogView
from engine.service.views import Page
from engine.service.work import Work
from engine.settings import Settings
from engine.store.database import transaction

Sent = tuple[Brought, str, str]
XML, TABLE = "application/xml", "text/csv"
#: what a file of events may be sent as; what it is, its content tells
FILES = (
    *(MULTIPART, XML, "text/xml", "application/gzip", "application/x-gzip", TABLE),
    "application/octet-stream",
)
WRITERS = {"xes": (xes.parts, XML), "csv": (csvlog.parts, f"{TABLE}; charset=utf-8")}


def reader(call: Call) -> Sent:
    """Return what was sent as a log, what it is called, and the file's name: before any lock."""
    upload, fields = the_file(call.body, {"name", "mapping"})
    mapping = parsed(fields.get("mapping", "") or call.query.mapping)
    file_name = PurePosixPath((upload.name or call.query.file_name).replace("\\", "/")).name
    name = fields.get("name", "") or call.query.name or stem(file_name)
    return reading.read(upload.content, mapping, call.service.settings), name, file_name


def the_file(parts: list[Upload], known: set[str]) -> tuple[Upload, dict[str, str]]:
    """Return the one file of a request and the fields beside it. Raises Invalid."""
    fields = {
        each.field: each.content.decode(errors="replace")
        for each in parts
        if each.field and not each.content_type
    }
    files = [each for each in parts if not each.field or each.content_type]
    if len(files) != 1 or set(fields) - known:
        text = f"send one file, and no field but {', '.join(sorted(known))}"
        raise Invalid(text, field="file")
    return files[0], fields


def stem(file_name: str) -> str:
    """Return a file's name without what tells its kind."""
    return PurePosixPath(file_name.removesuffix(".gz")).stem


def parsed(text: str) -> dict[str, Any] | None:
    """Return a mapping that was sent as JSON, None for none. Raises Invalid."""
    if not text:
        return None
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Invalid(f"the mapping is no JSON: {error}", field="mapping") from error
    if not isinstance(found, dict):
        raise Invalid("the mapping is a JSON object", field="mapping")
    return found


def add(call: Call) -> Reply:
    brought, name, file_name = call.prepared
    return made(call, logs.keep(call.work, name, brought, file_name))


def made(call: Call, key: int) -> Reply:
    """Return the answer to the keeping of a log."""
    location = {"Location": f"/api/v1/event-logs/{key}"}
    return Reply(logs.get(call.work, key), headers=location)


def preview(call: Call) -> PreviewAnswer:
    upload, fields = the_file(call.body, {"dialect"})
    dialect = parsed(fields.get("dialect", "") or call.query.dialect)
    found = reading.preview(upload.content, call.service.settings, dialect)
    told = {
        "columns": list(found.columns),
        "rows": [list(row) for row in found.rows],
        "dialect": found.dialect.data(),
        "guess": found.guess.data(),
    }
    return cast("PreviewAnswer", told)


def add_own(call: Call) -> Reply:
    asked = dict(call.body)
    return made(call, logs.add_own(call.work, asked.pop("name"), **asked))


def find(call: Call) -> Page[LogView]:
    return logs.find(call.work, **dict(call.query))


def get(call: Call) -> LogView:
    return logs.get(call.work, call.path["log"])


def change(call: Call) -> LogView:
    logs.rename(call.work, call.path["log"], call.body.name)
    return get(call)


def remap(call: Call) -> LogView:
    """Read the file again outside any transaction."""
    service, key = call.service, call.path["log"]
    with transaction(service.engine, read_only=True) as db:
        content = logs.source(work_of(call, db), key)
    mapping = call.body.model_dump(exclude_none=True)
    brought = reading.read(content, mapping, service.settings)
    with transaction(service.engine) as db:
        logs.replace(work_of(call, db), key, brought)
        return logs.get(work_of(call, db), key)


def work_of(call: Call, db: Any) -> Work:
    """Return a unit of work of a route that opens transactions itself."""
    service = call.service
    return Work(db, service.clock.now(), call.actor, service.settings)


def remove(call: Call) -> None:
    logs.remove(call.work, call.path["log"])


def own(form: str) -> Callable[[Call], Content]:
    """Return what sends the city's history out in a form."""

    def answer(call: Call) -> Content:
        found = history.own(call.work, **dict(call.query))
        return sent(found, form, "history", call.work.settings)

    return answer


def kept(form: str) -> Callable[[Call], Content]:
    """Return what sends a kept log out in a form."""

    def answer(call: Call) -> Content:
        name = logs.get(call.work, call.path["log"]).name
        return sent(logs.log(call.work, call.path["log"]), form, name, call.work.settings)

    return answer


def sent(log: EventLog, form: str, name: str, settings: Settings) -> Content:
    """Return a log as a file, piece by piece."""
    parts, content_type = WRITERS[form]
    pieces: Iterator[bytes] = parts(log, timezone=settings.zone)
    return Content(pieces, content_type, f"{name}.{form}")


def largest(settings: Settings) -> int:
    """Return how many bytes a file of events may have."""
    return settings.event_log_max_bytes


LOGS = "/event-logs"
LOG = f"{LOGS}/<key:log>"
OWN = f"{LOGS}/own"
TAG: dict[str, Any] = {"tag": "Event logs"}
UPLOAD: dict[str, Any] = {"files": FILES, "limit": largest, "problems": ("invalid_log",), **TAG}

ROUTES = (
    Route(
        "add_event_log",
        "POST",
        LOGS,
        add,
        "Bring in an event log: XES or CSV, packed by gzip or not",
        answer=LogView,
        status=201,
        query=NewEventLogQuery,
        prepare=reader,
        description=(
            "The body is the file itself, or a form with the file and the fields `name` and "
            "`mapping`. What it is, its content tells. What was mended or left out on the way in "
            "stands in `notes`; what cannot be read is refused with its line."
        ),
        **UPLOAD,
    ),
    Route(
        "preview_event_log",
        "POST",
        f"{LOGS}/preview",
        preview,
        "See what a CSV file looks like, and which column seems to be what; nothing is kept",
        answer=PreviewAnswer,
        query=PreviewQuery,
        transaction=False,
        **UPLOAD,
    ),
    Route(
        "add_own_event_log",
        "POST",
        OWN,
        add_own,
        "Keep the city's own history as an event log",
        answer=LogView,
        status=201,
        body=OwnGiven,
        problems=("invalid_log",),
        **TAG,
    ),
    *(
        Route(
            f"own_events_{form}",
            "GET",
            f"{OWN}/events.{form}",
            own(form),
            f"Get the city's own history as {form.upper()}",
            answer=Content,
            media=(content_type.partition(";")[0],),
            query=OwnQuery,
            description=(
                "Activities are nodes of the procedure, as `IND-02/review`. Times when a clock "
                "stood still are taken out of waiting and work; ends are as they were."
            ),
            **TAG,
        )
        for form, (_, content_type) in WRITERS.items()
    ),
    Route(
        "list_event_logs",
        "GET",
        LOGS,
        find,
        "List event logs, the newest first",
        answer=Page[LogView],
        query=EventLogQuery,
        **TAG,
    ),
    Route(
        "get_event_log",
        "GET",
        LOG,
        get,
        "Get what is known of an event log: how much it holds, what was mended",
        answer=LogView,
        **TAG,
    ),
    Route(
        "change_event_log",
        "PATCH",
        LOG,
        change,
        "Give an event log another name",
        answer=LogView,
        body=EventLogChanges,
        **TAG,
    ),
    Route(
        "map_event_log",
        "PUT",
        f"{LOG}/mapping",
        remap,
        "Read a log's CSV file again with other columns; what was found in it is dropped",
        answer=LogView,
        body=MappingGiven,
        transaction=False,
        conflicts=True,
        problems=("invalid_log",),
        **TAG,
    ),
    Route(
        "remove_event_log",
        "DELETE",
        LOG,
        remove,
        "Remove an event log with all that was found in it",
        status=204,
        **TAG,
    ),
    *(
        Route(
            f"event_log_{form}",
            "GET",
            f"{LOG}/events.{form}",
            kept(form),
            f"Get an event log as {form.upper()}",
            answer=Content,
            media=(content_type.partition(";")[0],),
            **TAG,
        )
        for form, (_, content_type) in WRITERS.items()
    ),
)
