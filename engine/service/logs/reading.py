"""A file of events read: it may take seconds, and is done before a transaction is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.analysis.eventlog import csvlog, xes
from engine.analysis.eventlog.log import EventLog
from engine.analysis.eventlog.refusal import InvalidLog, Limits
from engine.analysis.eventlog.source import chunks
from engine.errors import TooLarge
from engine.service.logs.content import Form, form_of
from engine.service.logs.packing import packed
from engine.settings import Settings


@dataclass(frozen=True, slots=True)
class Brought:
    """A log that was read, with the bytes it will be kept as."""

    log: EventLog
    content: bytes
    #: which column of a CSV file is what
    mapping: Mapping[str, Any] = field(default_factory=dict)


def read(content: bytes, mapping: Mapping[str, Any] | None, settings: Settings) -> Brought:
    """Return the log of a file: XES or CSV, told by its content, packed by gzip or not.

    `mapping` is one of `csvlog`, with a `dialect` beside its fields where the file does not tell;
    without a mapping the columns of a CSV file are guessed. Raises InvalidLog naming the line or
    the field, TooLarge.
    """
    limits = limits_of(settings)
    plain = b"".join(chunks(content, limits))
    if form_of(plain) is Form.CSV:
        return table(plain, dict(mapping or {}), settings)
    if mapping:
        raise InvalidLog("XES has no columns: leave the mapping out", field="mapping")
    return of(xes.read(plain, timezone=settings.zone, limits=limits), settings)


def table(content: bytes, mapping: dict[str, Any], settings: Settings) -> Brought:
    """Return the log of a CSV file."""
    limits = limits_of(settings)
    given = mapping.pop("dialect", None)
    seen = csvlog.preview(content, dialect=dialect_of(given), limits=limits)
    chosen = csvlog.Mapping.of(mapping) if mapping else seen.guess
    found = csvlog.read(content, chosen, settings.zone, dialect=seen.dialect, limits=limits)
    return of(found, settings, content, {**chosen.data(), "dialect": seen.dialect.data()})


def dialect_of(given: Mapping[str, Any] | None) -> csvlog.Dialect | None:
    """Return how a file is said to be written. Raises InvalidLog."""
    return csvlog.Dialect.of(given) if given else None


def preview(
    content: bytes, settings: Settings, dialect: Mapping[str, Any] | None = None
) -> csvlog.Preview:
    """Return what a CSV file looks like. Raises InvalidLog, also for XES; TooLarge."""
    limits = limits_of(settings)
    plain = b"".join(chunks(content, limits))
    if form_of(plain) is Form.XES:
        text = "this is XML: a XES file has no columns to be mapped; send it as it is"
        raise InvalidLog(text, field="file")
    return csvlog.preview(plain, dialect=dialect_of(dialect), limits=limits)


def limits_of(settings: Settings) -> Limits:
    """Return how much of a log is read at most."""
    events = settings.event_log_max_events
    return Limits(settings.event_log_max_bytes, events, events)


def of(
    log: EventLog,
    settings: Settings,
    source: bytes = b"",
    mapping: Mapping[str, Any] | None = None,
) -> Brought:
    """Return a log as it is brought in. Raises InvalidLog for an empty one, TooLarge."""
    if not len(log):
        raise InvalidLog("there is no event in the log", field="file")
    limit = settings.event_log_max_events
    if len(log) > limit:
        text = f"an event log has at most {limit} events; this one has {len(log)}"
        raise TooLarge(text, field="file", events=len(log))
    return Brought(log, packed(log, source), mapping or {})
