"""Lines of a lifecycle (schedule, start, complete) paired to rows with ready, start and end.

The transitions are those of the lifecycle extension of IEEE 1849-2016. A start and an end belong
together by case, activity and instance; without instances an end closes the first open start of
its activity in its case, that of the same resource before others.
"""

from __future__ import annotations

from array import array
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.analysis.eventlog.assembly import Rows
from engine.analysis.eventlog.log import UNKNOWN
from engine.analysis.eventlog.notes import Note, Notes

NEVER = float("nan")
#: case, activity, instance, and a resource where one is meant
Key: TypeAlias = tuple[int, ...]


class Step(IntEnum):
    """What a line does to an activity. Lines of one instant come in this order."""

    SCHEDULE = 0  #: makes work ready
    ASSIGN = 1  #: gives it to somebody, and makes it ready where nothing did
    START = 2
    PASS = 3  #: changes nothing that is kept
    END = 4
    BREAK = 5  #: ends without being done
    ALONE = 6  #: ends what had no beginning


#: by transition in lower case; what is not named is ALONE
STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "": Step.END,
        "complete": Step.END,
        "unknown": Step.END,
        "schedule": Step.SCHEDULE,
        "assign": Step.ASSIGN,
        "reassign": Step.ASSIGN,
        "start": Step.START,
        "suspend": Step.PASS,
        "resume": Step.PASS,
        "withdraw": Step.BREAK,
        "ate_abort": Step.BREAK,
        "pi_abort": Step.BREAK,
        "abort": Step.BREAK,
        "autoskip": Step.BREAK,
        "manualskip": Step.BREAK,
    }
)
NOTED = {Step.PASS: Note.PAUSES, Step.BREAK: Note.NOT_DONE, Step.ALONE: Note.OTHER_STEP}


@dataclass(slots=True)
class Lines:
    """One entry for each line of a log with a lifecycle; names are places, UNKNOWN without one."""

    case: array[int] = field(default_factory=lambda: array("i"))
    activity: array[int] = field(default_factory=lambda: array("i"))
    step: array[int] = field(default_factory=lambda: array("i"))
    instance: array[int] = field(default_factory=lambda: array("i"))
    resource: array[int] = field(default_factory=lambda: array("i"))
    group: array[int] = field(default_factory=lambda: array("i"))
    at: array[float] = field(default_factory=lambda: array("d"))

    def __len__(self) -> int:
        return len(self.at)

    def add(
        self,
        *,
        case: int,
        activity: int,
        step: int,
        instance: int,
        resource: int,
        group: int,
        at: float,
    ) -> None:
        """Add a line."""
        self.case.append(case)
        self.activity.append(activity)
        self.step.append(step)
        self.instance.append(instance)
        self.resource.append(resource)
        self.group.append(group)
        self.at.append(at)


def step_of(transition: str) -> Step:
    """Return what a transition does."""
    return STEPS.get(transition.strip().lower(), Step.ALONE)


def paired(lines: Lines, notes: Notes) -> Rows:
    """Return the rows that the lines of a log make."""
    steps = np.asarray(lines.step, dtype=np.int32)
    for step, note in NOTED.items():
        notes.count(note, times=int((steps == step).sum()))
    if not np.isin(steps, (Step.SCHEDULE, Step.ASSIGN, Step.START, Step.PASS)).any():
        return plain(lines)
    pairing = Pairing(lines)
    if pairing.started and not pairing.matched and any(each >= 0 for each in lines.instance):
        in_order_of_time = Pairing(lines, by_instance=False)
        if in_order_of_time.matched:
            notes.say(Note.INSTANCES)
            pairing = in_order_of_time
    return pairing.rows(notes)


def plain(lines: Lines) -> Rows:
    """Return the rows of lines that all end something: nothing is known but when."""
    names = (lines.case, lines.activity, lines.resource, lines.group)
    unknown = np.full(len(lines), NEVER)
    return Rows.of(names, (unknown, unknown, np.array(lines.at, dtype=np.float64)))


class Pairing:
    """The lines of a log taken in order of time, each case's apart."""

    def __init__(self, lines: Lines, *, by_instance: bool = True) -> None:
        self.lines = lines
        self.by_instance = by_instance
        self.started = self.matched = 0
        #: since when work is ready, by case, activity and instance
        self.ready: dict[Key, deque[float]] = defaultdict(deque)
        #: lines that began work, by key, and by key and resource; those still open are in `since`
        self.begun: dict[Key, deque[int]] = defaultdict(deque)
        self.since: dict[int, float] = {}
        self.found: list[tuple[int, int, float, float, float]] = []
        take = {
            Step.SCHEDULE: self.schedule,
            Step.ASSIGN: self.assign,
            Step.START: self.start,
            Step.END: self.end,
            Step.BREAK: self.end,
            Step.ALONE: self.alone,
        }
        for line in self.order():
            if lines.step[line] != Step.PASS:
                take[Step(lines.step[line])](line, self.key(line))

    def order(self) -> list[int]:
        """Return the lines by case, then by time, those of one instant by what they do."""
        lines = self.lines
        columns = (np.asarray(each) for each in (lines.step, lines.at, lines.case))
        return list(np.lexsort((np.arange(len(lines)), *columns)).tolist())

    def key(self, line: int) -> Key:
        """Return what a line belongs to."""
        lines = self.lines
        instance = lines.instance[line] if self.by_instance else UNKNOWN
        return lines.case[line], lines.activity[line], instance

    def schedule(self, line: int, key: Key) -> None:
        """Work is ready; where instances are known, the first line of an instance says when."""
        if not (self.ready[key] and key[2] != UNKNOWN):
            self.ready[key].append(self.lines.at[line])

    def assign(self, line: int, key: Key) -> None:
        """Work is given to somebody; that makes it ready only where nothing else did."""
        if not self.ready[key]:
            self.schedule(line, key)

    def was_ready(self, key: Key) -> float:
        """Return since when the next work of a key is ready."""
        ready = self.ready.get(key)
        return ready.popleft() if ready else NEVER

    def start(self, line: int, key: Key) -> None:
        """Work begins."""
        self.started += 1
        self.since[line] = self.was_ready(key)
        for each in (key, (*key, self.lines.resource[line])):
            self.begun[each].append(line)

    def end(self, line: int, key: Key) -> None:
        """Work ends: the one begun first, by the same resource if there is one."""
        begin = self.open((*key, self.lines.resource[line]))
        begin = self.open(key) if begin is None else begin
        if begin is None:
            self.found.append((line, line, self.was_ready(key), NEVER, self.lines.at[line]))
            return
        self.matched += 1
        times = (self.since.pop(begin), self.lines.at[begin], self.lines.at[line])
        self.found.append((line, begin, *times))

    def open(self, key: Key) -> int | None:
        """Return the line that first began what is still open."""
        begun = self.begun.get(key)
        while begun:
            line = begun.popleft()
            if line in self.since:
                return line
        return None

    def alone(self, line: int, key: Key) -> None:
        """Something happened that neither begins nor ends anything else."""
        del key
        self.found.append((line, line, NEVER, NEVER, self.lines.at[line]))

    def rows(self, notes: Notes) -> Rows:
        """Return what was found, with what was begun and never ended at the time it began."""
        notes.count(Note.NEVER_ENDED, times=len(self.since))
        notes.count(Note.NEVER_BEGUN, times=sum(map(len, self.ready.values())))
        for open_ in self.since:
            self.alone(open_, self.key(open_))
        table = np.array(self.found, dtype=np.float64).reshape(-1, 5)
        line, begin = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
        lines = self.lines
        return Rows(
            case=as_indices(lines.case)[line],
            activity=as_indices(lines.activity)[line],
            resource=either(as_indices(lines.resource), line, begin),
            group=either(as_indices(lines.group), line, begin),
            ready=table[:, 2],
            start=table[:, 3],
            end=table[:, 4],
            position=line,
        )


def as_indices(column: array[int]) -> npt.NDArray[np.int32]:
    """Return a column as an array."""
    return np.asarray(column, dtype=np.int32)


def either(
    column: npt.NDArray[np.int32], line: npt.NDArray[np.int64], begin: npt.NDArray[np.int64]
) -> npt.NDArray[np.int32]:
    """Return what the ends of works name, or where they name nobody, their beginnings."""
    return np.where(column[line] >= 0, column[line], column[begin])
