"""Event logs from their bringing in to their removal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import null
from typing_extensions import Unpack

from engine.analysis.eventlog.log import EventLog
from engine.errors import Conflict
from engine.service.logs import packing, reading, rows
from engine.service.logs.history import Asked, own
from engine.service.logs.reading import Brought
from engine.service.logs.rights import READERS, WRITER
from engine.service.logs.views import LogView, summary_of, view_of
from engine.service.pages import decode_cursor, number, page
from engine.service.views import Page
from engine.service.work import Work
from engine.store import tables as t


def add(
    work: Work,
    name: str,
    content: bytes,
    mapping: Mapping[str, Any] | None = None,
    *,
    source_name: str = "",
) -> int:
    """Read a file and keep its log; return the log's id. Raises what `reading.read` raises."""
    work.actor.require(WRITER)
    return keep(work, name, reading.read(content, mapping, work.settings), source_name)


def keep(
    work: Work, name: str, brought: Brought, source_name: str = "", *, own: bool = False
) -> int:
    """Keep a log that was read already. Raises Invalid for its name, Forbidden."""
    plain = rows.checked_name(name or source_name)
    named = {"name": plain, "source_name": source_name.strip()[: rows.MAX_NAME]}
    found = values(brought)
    found["summary"] |= {"own": own}
    return rows.add(work, {**named, **found})


def values(brought: Brought) -> dict[str, Any]:
    """Return the columns that a log's file decides."""
    return {
        "content": brought.content,
        "summary": summary_of(brought.log),
        "mapping": dict(brought.mapping),
        "notes": list(brought.log.notes),
    }


def add_own(work: Work, name: str, **asked: Unpack[Asked]) -> int:
    """Keep the city's own history as a log and return its id. Raises what `own` raises."""
    work.actor.require(WRITER)
    return keep(work, name, reading.of(own(work, **asked), work.settings), own=True)


def get(work: Work, identifier: int) -> LogView:
    """Return what is known of a log. Raises NotFound."""
    return view_of(rows.row_of(work, identifier))


def log(work: Work, identifier: int) -> EventLog:
    """Return a log. Raises NotFound."""
    return packing.unpacked(rows.value(work, identifier, "content"))


def find(
    work: Work,
    *,
    procedure: str | None = None,
    text: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[LogView]:
    """Return the logs, the newest first; of a procedure they were calibrated on, or by name."""
    work.actor.require(*READERS)
    table = t.event_log.c
    query = rows.selected().order_by(table.id.desc()).limit(limit + 1)
    if procedure:
        query = query.where(table.procedure == procedure)
    if text:
        query = query.where(table.name.icontains(text, autoescape=True))
    if cursor:
        query = query.where(table.id < decode_cursor(cursor, number)[0])
    found = page(list(work.db.execute(query).mappings()), limit, lambda last: (last["id"],))
    return Page([view_of(dict(row)) for row in found.items], found.next)


def rename(work: Work, identifier: int, name: str) -> None:
    """Give a log another name. Raises NotFound, Invalid."""
    rows.change(work, identifier, "renamed", {}, name=rows.checked_name(name))


def source(work: Work, identifier: int) -> bytes:
    """Return the CSV file a log was read from. Raises NotFound, Conflict where there is none."""
    found = packing.source(rows.value(work, identifier, "content"))
    if not found:
        text = "only a log that was brought in as CSV has columns to be read in another way"
        raise Conflict(text, log=identifier)
    return found


def remap(work: Work, identifier: int, mapping: Mapping[str, Any]) -> None:
    """Read a log's CSV file again with other columns; what was found in it is dropped.

    Raises what `source` and `reading.read` raise.
    """
    work.actor.require(WRITER)
    replace(work, identifier, reading.read(source(work, identifier), mapping, work.settings))


def replace(work: Work, identifier: int, brought: Brought) -> None:
    """Keep a log that was read again in the place of what it was."""
    found = {**values(brought), "calibration": null(), "procedure": ""}
    rows.change(work, identifier, "remapped", rows.counts(found), **found)


def remove(work: Work, identifier: int) -> None:
    """Remove a log with all that was found in it. Raises NotFound."""
    rows.remove(work, identifier)
