"""What the head of an XES file says: how its extensions are called, its classifiers, its defaults.

Keys of the concept, lifecycle, time and organizational extensions are known by the extensions'
addresses: a file may give them other prefixes.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from types import MappingProxyType

from engine.analysis.eventlog.notes import Note, Notes
from engine.analysis.eventlog.refusal import InvalidLog

#: prefix by the end of an extension's address
EXTENSIONS: Mapping[str, str] = MappingProxyType(
    {
        "concept.xesext": "concept",
        "lifecycle.xesext": "lifecycle",
        "time.xesext": "time",
        "org.xesext": "org",
    }
)
#: what generators write as the default of what they have no default for
PLACEHOLDERS = frozenset({"UNKNOWN", "__INVALID__", "UNDEFINED", "DEFAULT", "EMPTY", "name"})
NAME, INSTANCE = "concept:name", "concept:instance"
TRANSITION, TIME = "lifecycle:transition", "time:timestamp"
RESOURCE, ROLE, GROUP = "org:resource", "org:role", "org:group"


class Keys:
    """How a file calls what is read of it."""

    def __init__(self) -> None:
        self.prefixes: dict[str, str] = {}
        self.classifiers: dict[str, tuple[str, ...]] = {}
        #: values of keys that are missing, by scope
        self.defaults: dict[str, dict[str, str]] = {"event": {}, "trace": {}}

    def extension(self, attributes: Mapping[str, str]) -> None:
        """Take an extension's declaration."""
        standard = EXTENSIONS.get(attributes.get("uri", "").rpartition("/")[2])
        prefix = attributes.get("prefix")
        if standard and prefix:
            self.prefixes[standard] = prefix

    def classifier(self, attributes: Mapping[str, str]) -> None:
        """Take a classifier's declaration; keys with spaces stand in quotes."""
        text = attributes.get("keys", "")
        try:
            keys = shlex.split(text)
        except ValueError:
            keys = text.split()
        if keys:
            self.classifiers[attributes.get("name", "")] = tuple(keys)

    def globals(self, scope: str, values: Mapping[str, str]) -> None:
        """Take the values that an event or a trace has where it says nothing else."""
        told = {key: value for key, value in values.items() if value not in PLACEHOLDERS}
        self.defaults.setdefault(scope, {}).update(told)

    def of(self, key: str) -> str:
        """Return how the file writes a key of the standard."""
        prefix, _, name = key.partition(":")
        return f"{self.prefixes.get(prefix, prefix)}:{name}"

    def classes(self, classifier: str) -> tuple[str, ...]:
        """Return the keys that name an event's activity. Raises InvalidLog.

        Without a classifier that is its name. The transition is no part of an activity.
        """
        if not classifier:
            return (self.of(NAME),)
        keys = self.classifiers.get(classifier)
        if keys is None:
            there = ", ".join(self.classifiers) or "none"
            text = f"the log has no classifier {classifier!r}; there is: {there}"
            raise InvalidLog(text, field="classifier", classifiers=list(self.classifiers))
        return tuple(each for each in keys if each != self.of(TRANSITION)) or (self.of(NAME),)


class Words:
    """How events are read once the head of a file is known."""

    def __init__(self, keys: Keys, classifier: str, notes: Notes) -> None:
        """Raises InvalidLog for a classifier that there is not."""
        self.notes = notes
        self.time, self.instance = keys.of(TIME), keys.of(INSTANCE)
        self.keys = {key: keys.of(key) for key in (TRANSITION, RESOURCE, ROLE, GROUP)}
        self.defaults = keys.defaults["event"]
        self.classes = keys.classes(classifier)
        self.others = keys.classes(next(iter(keys.classifiers), ""))

    def get(self, attributes: Mapping[str, str], key: str) -> str:
        """Return what an event says of a key of the standard."""
        written = self.keys[key]
        return attributes.get(written) or self.defaults.get(written, "")

    def activity(self, attributes: Mapping[str, str]) -> str:
        """Return what an event is called; one without a name by the first classifier."""
        name = self.joined(attributes, self.classes)
        if not name and (name := self.joined(attributes, self.others)):
            self.notes.say(Note.NO_NAME_KEY)
        return name

    def joined(self, attributes: Mapping[str, str], keys: tuple[str, ...]) -> str:
        """Return the values of some keys, those that there are."""
        values = (attributes.get(key) or self.defaults.get(key, "") for key in keys)
        return "+".join(filter(None, values))
