"""Event logs in XES (IEEE 1849-2016), the exchange format of process mining."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from engine.analysis.eventlog.assembly import Named, assembled
from engine.analysis.eventlog.instant import instant
from engine.analysis.eventlog.lifecycle import Lines, paired, step_of
from engine.analysis.eventlog.log import UNKNOWN, EventLog
from engine.analysis.eventlog.names import clean
from engine.analysis.eventlog.notes import Note, Notes
from engine.analysis.eventlog.refusal import LIMITS, InvalidLog, Limits
from engine.analysis.eventlog.source import Source, chunks
from engine.analysis.eventlog.xes_keys import (
    GROUP,
    NAME,
    RESOURCE,
    ROLE,
    TRANSITION,
    Keys,
    Words,
)
from engine.analysis.eventlog.xes_parser import parse
from engine.analysis.eventlog.xes_write import parts, write
from engine.analysis.eventlog.zone import CITY

__all__ = ["parts", "read", "write"]

#: attributes of cases that are kept, by name; a file may not multiply them by its cases
TRAITS = 50


def read(
    content: Source, *, timezone: tzinfo = CITY, classifier: str = "", limits: Limits = LIMITS
) -> EventLog:
    """Return the log of an XES file, plain or packed by gzip.

    Activities are named by `concept:name`, or by the keys of the classifier named, joined by "+".
    Transitions are paired (`lifecycle.paired`): an activity begun and never ended stands at its
    beginning with its time of work unknown. Times without an offset are of `timezone`. Simple
    attributes of cases become `traits`; what is nested is passed over. Events that cannot be used
    are left out, with a note.

    Raises InvalidLog for what is no XES, with the line, and where no event can be used; TooLarge
    beyond the limits.
    """
    reader = Reader(timezone, classifier, limits)
    parse(chunks(content, limits), reader)
    return reader.log()


class Reader:
    """What has been read of a file so far."""

    def __init__(self, timezone: tzinfo, classifier: str, limits: Limits) -> None:
        self.timezone = timezone
        self.classifier = classifier
        self.limits = limits
        self.notes = Notes()
        self.named = Named(self.notes)
        self.keys = Keys()
        self.lines = Lines()
        self.instances: dict[str, int] = {"": UNKNOWN}
        self.traits: dict[str, dict[int, str]] = {}
        self.words: Words | None = None
        self.cases = self.events = self.midnights = 0
        #: lines before the present case
        self.before = 0

    def declared(self, kind: str, attributes: Mapping[str, str]) -> None:
        """Take an extension or a classifier."""
        take = {"extension": self.keys.extension, "classifier": self.keys.classifier}.get(kind)
        if take is not None:
            take(attributes)

    def opened(self, kind: str) -> None:
        """Begin a case: the first one ends the head of the file."""
        if kind == "trace":
            self.before = len(self.lines)

    def closed(self, kind: str, inside: str, attributes: Mapping[str, str], scope: str) -> None:
        """Take an event, a case, or the defaults of either."""
        if kind == "event":
            self.event(attributes, inside)
        elif kind == "trace":
            self.case(attributes)
        elif kind == "global":
            self.keys.globals(scope, attributes)

    def event(self, attributes: Mapping[str, str], inside: str) -> None:
        """Take an event, or count why it cannot be used."""
        self.events += 1
        self.limits.check("events", self.events)
        if inside != "trace":
            self.notes.count(Note.NO_CASE)
            return
        words = self.words = self.words or Words(self.keys, self.classifier, self.notes)
        written = attributes.get(words.time, "")
        try:
            at, midnight = instant(written.strip(), self.timezone)
        except ValueError:
            example = f"{words.activity(attributes)}, {written!r}"
            self.notes.count(Note.NO_TIME, example)
            return
        self.midnights += midnight
        named = self.named
        self.lines.add(
            case=self.cases,
            activity=named.activities.place(words.activity(attributes)),
            step=step_of(words.get(attributes, TRANSITION)),
            instance=self.instance(attributes.get(words.instance, "")),
            resource=named.resources.place(words.get(attributes, RESOURCE)),
            group=named.groups.place(words.get(attributes, GROUP) or words.get(attributes, ROLE)),
            at=at,
        )

    def instance(self, text: str) -> int:
        """Return the number of an instance; UNKNOWN of none."""
        return self.instances.setdefault(text, len(self.instances))

    def case(self, attributes: Mapping[str, str]) -> None:
        """Take the name and the attributes of a case that ends."""
        self.notes.count(Note.EMPTY_CASE, times=int(len(self.lines) == self.before))
        key = self.keys.of(NAME)
        self.name(clean(attributes.get(key, self.keys.defaults["trace"].get(key, "")), self.notes))
        for name, value in attributes.items():
            if name != key:
                self.trait(clean(name, self.notes), value)
        self.cases += 1
        self.limits.check("cases", self.cases)

    def name(self, name: str) -> None:
        """Name a case; one whose name is missing or taken gets its number."""
        cases = self.named.cases.places
        if not name or name in cases:
            self.notes.count(Note.SAME_CASE if name else Note.UNNAMED_CASE, name)
            name = f"{name}#{self.cases + 1}"
        while name in cases:
            name += "#"
        cases[name] = self.cases

    def trait(self, name: str, value: str) -> None:
        """Keep an attribute of a case."""
        if name in self.traits or len(self.traits) < TRAITS:
            self.traits.setdefault(name, {})[self.cases] = clean(value, self.notes)
        else:
            self.notes.count(Note.TRAITS, name)

    def log(self) -> EventLog:
        """Return what was read. Raises InvalidLog where nothing can be used."""
        if not len(self.lines):
            told = "; ".join(self.notes.told()) or "it has none"
            text = f"no event of the log can be used: {told}"
            raise InvalidLog(text, field="file")
        self.notes.midnights(self.midnights, len(self.lines))
        rows = paired(self.lines, self.notes)
        return assembled(rows, self.named, self.traits, self.notes)
