"""What was mended or left out while a log was read, in words with counts.

A note is one of the sentences below, where it counts something followed by ": ", the count and, in
brackets, the first example. Pages that speak another language translate what stands before the
first ": ".
"""

from __future__ import annotations

from enum import StrEnum

EXAMPLE = 120


class Note(StrEnum):
    """What may have happened to a log on the way in."""

    NO_TIME = "events without a timestamp that can be read, left out"
    BAD_TIME = "cells that cannot be read as a time, taken as unknown"
    NO_CASE = "events outside any case, left out"
    EMPTY_CASE = "cases without an event, left out"
    UNNAMED_CASE = "cases without a name, numbered"
    SAME_CASE = "cases with a name that another has, numbered"
    UNNAMED = "activities without a name, called (unnamed)"
    LONG = "names longer than 500 characters, cut"
    CONTROL = "names with control characters, replaced by spaces"
    NEVER_ENDED = "activities begun and never ended: their time of work is unknown"
    NEVER_BEGUN = "activities made ready and never done, left out"
    NOT_DONE = "activities aborted, withdrawn or skipped, kept as ended"
    PAUSES = "suspensions and resumptions, not taken out of the time of work"
    OTHER_STEP = "events of an unknown lifecycle transition, kept as completions"
    INSTANCES = "instance numbers differ between start and end: paired in order of time"
    LATE_START = "activities that start after their end: their start is left out"
    LATE_READY = "activities ready after they start: their readiness is left out"
    DATES_ONLY = "all times are midnight: dates only, the order within a day is unknown"
    MIDNIGHT = "times at midnight: perhaps dates only"
    NO_NAME_KEY = "no event has a concept:name: named by the first classifier"
    TRAITS = "more attributes of cases than are kept, left out"
    SHORT_ROW = "rows with fewer cells than the heading: the rest is empty"
    LONG_ROW = "rows with more cells than the heading: the rest is left out"
    UNREADABLE = "characters that cannot be read in the file's encoding, replaced"
    LATIN = "the encoding is not told and was taken for Western European"
    DAY_OR_MONTH = "days and months cannot be told apart: read as day first"
    BOTH_ORDERS = "dates with the day first and with the month first: read as most are"


class Notes:
    """What has happened so far."""

    def __init__(self) -> None:
        self.counts: dict[Note, int] = {}
        self.examples: dict[Note, str] = {}
        self.said: dict[Note, None] = {}

    def count(self, note: Note, example: str = "", times: int = 1) -> None:
        """Count something that happened; the first example is kept."""
        if times:
            self.counts[note] = self.counts.get(note, 0) + times
            if example:
                self.examples.setdefault(note, example[:EXAMPLE])

    def say(self, note: Note) -> None:
        """Say something that is not counted."""
        self.said[note] = None

    def midnights(self, midnights: int, times: int) -> None:
        """Say so where times, or most of them, are midnight."""
        if times and midnights == times:
            self.say(Note.DATES_ONLY)
        elif midnights * 2 > times:
            self.count(Note.MIDNIGHT, times=midnights)

    def told(self) -> tuple[str, ...]:
        """Return the notes in words."""
        return (*self.said, *(self.counted(note) for note in self.counts))

    def counted(self, note: Note) -> str:
        """Return a note with its count and example."""
        example = self.examples.get(note)
        return f"{note}: {self.counts[note]}" + (f" ({example})" if example else "")
