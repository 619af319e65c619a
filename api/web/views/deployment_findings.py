"""What a check found, made ready to be shown: by number, by diagram, with lines of the source."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from api.web import problems
from engine.service import diagrams
from engine.service.procedures import DIAGRAMS
from engine.workflow.problem import ERROR

#: further ones are only counted
MOST = 200
#: problems because of which a file cannot be drawn
UNREADABLE = {"malformed_xml", "doctype", "not_bpmn", "too_large", "malformed_yaml"}
#: what another problem brings about: told last
CONSEQUENCES = {"no_way_out", "unreachable"}
LINE = re.compile(r"\bline (\d+)")
#: lines shown around the one at fault, and how much of a line
AROUND, WIDEST = 3, 160


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem. `number` is the same in the list and on the diagram."""

    number: int
    code: str
    severity: str
    sentence: str
    original: str
    element: str
    line: int | None
    file: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The lines of a file around the place at which it cannot be read."""

    file: str
    is_diagram: bool
    line: int | None
    finding: Finding
    lines: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A diagram with what was found in it, as the script that draws it reads that."""

    file: str
    url: str
    labels_url: str
    problems: str
    errors: int
    warnings: int


class Findings:
    """The problems of a draft."""

    def __init__(
        self, found: Sequence[Mapping[str, Any]], files: Mapping[str, bytes], url: str
    ) -> None:
        self.files = files
        self.url = url
        self.count = len(found)
        self.errors = sum(1 for each in found if each["severity"] == ERROR)
        self.warnings = self.count - self.errors
        ranked = sorted(found, key=rank)[:MOST]
        self.listed = [finding(place + 1, each) for place, each in enumerate(ranked)]

    @cached_property
    def excerpts(self) -> list[Excerpt]:
        """Why files cannot be read, and where."""
        return [
            excerpt(each, self.files[each.file])
            for each in self.listed
            if each.code in UNREADABLE and each.file in self.files
        ]

    @cached_property
    def diagrams(self) -> list[Drawn]:
        """The diagrams that can be drawn."""
        return [self.drawn(name) for name in self.readable if name not in self.listed_only]

    @property
    def readable(self) -> list[str]:
        """The names of the diagrams that can be read."""
        unreadable = {each.file for each in self.excerpts}
        names = [name for name in sorted(self.files) if name.endswith(tuple(DIAGRAMS))]
        return [name for name in names if name not in unreadable]

    @cached_property
    def listed_only(self) -> list[str]:
        """The diagrams without a drawing that are too large to be laid out."""
        return [
            name for name in self.readable if diagrams.looks(self.files[name]) == diagrams.LISTED
        ]

    @property
    def shown(self) -> str:
        """The file of the diagram to be shown first: the first with a problem."""
        drawn = [each.file for each in self.diagrams]
        at_fault = [each.file for each in self.listed if each.file in drawn]
        return next(iter(at_fault or drawn), "")

    def url_of(self, found: Finding) -> str:
        """Return the address of the diagram a problem is about, '' where it cannot be drawn."""
        return next((each.url for each in self.diagrams if each.file == found.file), "")

    def drawn(self, name: str) -> Drawn:
        """Return one diagram; the problems of others only take their numbers."""
        own = [each for each in self.listed if each.file == name]
        errors = sum(1 for each in own if each.severity == ERROR)
        told = [
            {"element": each.element, "severity": each.severity, "message": each.sentence}
            if each.file == name
            else {}
            for each in self.listed
        ]
        file = quote(name, safe="")
        return Drawn(
            file=name,
            url=f"{self.url}/diagrams/{file}",
            labels_url=f"{self.url}/labels/{file}",
            problems=json.dumps(told if own else []),
            errors=errors,
            warnings=len(own) - errors,
        )


def rank(problem: Mapping[str, Any]) -> tuple[bool, bool]:
    """Sort errors first, as they stop the deployment, and causes before what they bring about."""
    return problem["severity"] != ERROR, problem["code"] in CONSEQUENCES


def finding(number: int, problem: Mapping[str, Any]) -> Finding:
    """Return a problem in the page's words."""
    return Finding(
        number=number,
        code=problem["code"],
        severity=problem["severity"],
        sentence=problems.sentence(problem),
        original=problems.original(problem),
        element=problem["element"] or "",
        line=line_of(problem),
        file=problem["file"] or "",
    )


def excerpt(found: Finding, content: bytes) -> Excerpt:
    """Return where a file cannot be read."""
    is_diagram = found.file.endswith(tuple(DIAGRAMS))
    return Excerpt(found.file, is_diagram, found.line, found, lines(content, found.line))


def line_of(problem: Mapping[str, Any]) -> int | None:
    """Return the line of a problem: a YAML file's stands in the message alone."""
    told = LINE.findall(problem["message"]) if problem["code"] == "malformed_yaml" else []
    return problem["line"] or (int(told[-1]) if told else None)


def lines(content: bytes, at: int | None) -> list[tuple[int, str]]:
    """Return the lines around one with their numbers; the first ones where it is not known."""
    every = content[: 4 * 1024 * 1024].decode(errors="replace").splitlines()
    first = max(0, (at or 1) - 1 - AROUND)
    last = (at or 1) + AROUND
    return [(number + 1, every[number][:WIDEST]) for number in range(first, min(last, len(every)))]
