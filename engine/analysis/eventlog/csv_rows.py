"""The rows of a CSV file made into a log."""

from __future__ import annotations

from array import array
from collections.abc import Mapping as Map
from datetime import tzinfo

import numpy as np

from engine.analysis.eventlog.assembly import Named, Rows, assembled
from engine.analysis.eventlog.csv_dialect import Table
from engine.analysis.eventlog.csv_mapping import TIMES, Mapping
from engine.analysis.eventlog.csv_times import is_blank, reader_of
from engine.analysis.eventlog.csv_write import FORMULA, TRAIT
from engine.analysis.eventlog.lifecycle import Lines, paired, step_of
from engine.analysis.eventlog.log import UNKNOWN, EventLog, Times
from engine.analysis.eventlog.names import clean
from engine.analysis.eventlog.notes import Note, Notes
from engine.analysis.eventlog.refusal import InvalidLog, Limits

NEVER = float("nan")
#: cells that are named one by one where no row can be used
PROBLEMS = 20


class Found:
    """The rows of a file as far as they were read: names by their places, times as written."""

    def __init__(self, mapping: Mapping, notes: Notes) -> None:
        self.mapping = mapping
        self.notes = notes
        self.named = Named(notes)
        self.names = {each: array("i") for each in ("case", "activity", "resource", "group")}
        self.steps = array("i")
        self.times: dict[str, list[str]] = {}
        self.rows = array("q")
        self.traits: dict[str, dict[int, str]] = {}
        self.problems: list[dict[str, str | int]] = []

    def take(self, table: Table, limits: Limits) -> None:
        """Take the rows of a table. Raises InvalidLog, TooLarge."""
        places = self.mapping.places(table.columns)
        self.times = {each: [] for each in TIMES if each in places}
        named = self.named
        tables = (named.cases, named.activities, named.resources, named.groups)
        columns = [
            (self.names[name], of, places.get(name), WRITTEN.get(name, someone))
            for name, of in zip(self.names, tables, strict=True)
        ]
        written = [(self.times[each], places[each]) for each in self.times]
        traits = [(n.removeprefix(TRAIT), at) for n, at in places.items() if n.startswith(TRAIT)]
        for number, (row, cells) in enumerate(table.rows(), 1):
            limits.check("events", number)
            if not cells[places["case"]].strip():
                self.notes.count(Note.NO_CASE, f"row {row}")
                continue
            self.rows.append(row)
            for column, of, at, written_as in columns:
                column.append(UNKNOWN if at is None else of.place(written_as(cells[at])))
            for texts, at in written:
                texts.append(cells[at])
            if "lifecycle" in places:
                self.steps.append(step_of(cells[places["lifecycle"]]))
            for name, at in traits:
                self.trait(name, cells[at])
        limits.check("cases", len(named.cases))

    def trait(self, name: str, text: str) -> None:
        """Keep what a row says of its case, if it is the first to say it."""
        of = self.traits.setdefault(name.removeprefix(TRAIT), {})
        case = self.names["case"][-1]
        if case not in of and not is_blank(text):
            of[case] = clean(name_of(text), self.notes)

    def log(self, timezone: tzinfo) -> EventLog:
        """Return what was taken. Raises InvalidLog where no row can be used."""
        times = self.read_times(timezone)
        rows = self.paired(times["end"]) if self.mapping.lifecycle else self.plain(times)
        if not len(rows.case):
            told = "; ".join(self.notes.told()) or "it has none"
            text = f"no row of the file can be used: {told}"
            raise InvalidLog(text, field="file", problems=self.problems)
        return assembled(rows, self.named, self.traits, self.notes)

    def read_times(self, timezone: tzinfo) -> dict[str, Times]:
        """Return the times of the rows by column, NaN where nothing can be read."""
        known = [each for texts in self.times.values() for each in texts if not is_blank(each)]
        reader = reader_of(self.mapping.date_format, known, self.notes)
        midnights = 0
        found = {name: np.full(len(self.rows), NEVER) for name in TIMES}
        for name, texts in self.times.items():
            for at, text in enumerate(texts):
                if is_blank(text):
                    continue
                try:
                    found[name][at], midnight = reader(text.strip(), timezone)
                except ValueError:
                    self.problem(at, name, text)
                else:
                    midnights += midnight
        self.notes.midnights(midnights, len(known))
        return found

    def problem(self, at: int, name: str, text: str) -> None:
        """Note a cell that is no time."""
        row, column = self.rows[at], getattr(self.mapping, name)
        example = f"row {row}, column {column}, {text[:40]!r}"
        self.notes.count(Note.BAD_TIME, example)
        if len(self.problems) < PROBLEMS:
            self.problems.append({"row": row, "column": column, "value": text[:40]})

    def paired(self, at: Times) -> Rows:
        """Return the rows that lines of a lifecycle make; those without a time are left out."""
        lines = Lines()
        self.notes.count(Note.NO_TIME, times=int(np.isnan(at).sum()))
        for place in np.flatnonzero(np.isfinite(at)).tolist():
            case, activity, resource, group = (each[place] for each in self.names.values())
            lines.add(
                case=case,
                activity=activity,
                step=self.steps[place],
                instance=UNKNOWN,
                resource=resource,
                group=group,
                at=float(at[place]),
            )
        return paired(lines, self.notes)

    def plain(self, times: Map[str, Times]) -> Rows:
        """Return the rows as they are; those that never ended stand where they began."""
        ready, start, end = (times[name] for name in TIMES)
        open_ = np.isnan(end) & np.isfinite(start)
        if self.mapping.end:
            self.notes.count(Note.NEVER_ENDED, times=int(open_.sum()))
        end = np.where(open_, start, end)
        ready, start = (np.where(open_, np.nan, each) for each in (ready, start))
        kept = np.isfinite(end)
        waiting = ~kept & np.isfinite(ready)
        self.notes.count(Note.NEVER_BEGUN, times=int(waiting.sum()))
        self.notes.count(Note.NO_TIME, times=int((~kept & ~waiting).sum()))
        names = (np.array(each, dtype=np.int32)[kept] for each in self.names.values())
        return Rows.of(names, (ready[kept], start[kept], end[kept]))


def name_of(text: str) -> str:
    """Return what a cell names, without the ' that was written before a formula."""
    return text[1:] if text[:1] == "'" and FORMULA.match(text) else text


def someone(text: str) -> str:
    """Return whom a cell names: '' for what says nobody in words."""
    return "" if is_blank(text) else name_of(text)


#: how the cells of columns are read that may hold any word; the others name somebody or nobody
WRITTEN = {"case": name_of, "activity": name_of}
