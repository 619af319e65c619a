"""The materials of an item as the task's page lists them, with the files that have come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from api.web.views import task_answers
from engine.service.desk import Desk
from engine.service.views import AttachmentView
from engine.settings import Settings

#: what files of a type are called; browsers do not know every type by its name
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "text/plain": (".txt",),
    "text/csv": (".csv",),
    "application/zip": (".zip",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
}

#: what no file is called
NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|\s]+')
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Paper:
    """A material with its files, the newest first.

    `asked`: the notice to supplement names it; `listed`: the catalogue does.
    """

    name: str
    files: tuple[AttachmentView, ...]
    listed: bool
    asked: bool
    #: it was asked for, and nothing has come since
    outstanding: bool

    @property
    def missing(self) -> bool:
        return not self.files


@dataclass(frozen=True, slots=True)
class Papers:
    """All materials of an item, and the files that are none of them."""

    materials: tuple[Paper, ...]
    others: tuple[AttachmentView, ...]

    @property
    def missing(self) -> int:
        return sum(paper.missing for paper in self.materials)

    @property
    def outstanding(self) -> tuple[Paper, ...]:
        return tuple(paper for paper in self.materials if paper.outstanding)


def papers(desk: Desk) -> Papers:
    """Return the materials of a task's item."""
    asked = task_answers.request(desk)
    wanted = asked.materials if asked else ()
    names = dict.fromkeys((*desk.item.materials, *wanted))
    materials = tuple(paper(desk, name, asked) for name in names)
    taken = {file.id for paper in materials for file in paper.files}
    return Papers(materials, tuple(file for file in desk.files if file.id not in taken))


def paper(desk: Desk, name: str, asked: task_answers.Request | None) -> Paper:
    """Return a material with its files."""
    files = tuple(of_material(desk.files, name))
    is_asked = asked is not None and name in asked.materials
    since = asked is not None and any(file.uploaded_at > asked.at for file in files)
    return Paper(name, files, name in desk.item.materials, is_asked, is_asked and not since)


def filed_as(name: str, sent: str = "") -> str:
    """Return what a file is called that is handed in for what the catalogue does not know."""
    return f"{NOT_IN_NAMES.sub('_', name)[:LONGEST].lstrip('.')}{PurePath(sent).suffix.lower()}"


def of_material(files: Sequence[AttachmentView], name: str) -> Iterator[AttachmentView]:
    """Yield the files of a material: sent as such, or called so."""
    for file in files:
        if file.material == name or (
            not file.material and PurePath(file.name).stem == filed_as(name)
        ):
            yield file


def types(settings: Settings) -> str:
    """Return what an upload accepts, as the attribute `accept` has it."""
    accepted = [each.strip() for each in settings.attachment_types.split(",") if each.strip()]
    return ",".join(part for each in accepted for part in (each, *ENDINGS.get(each, ())))


def type_of(name: str, told: str) -> str:
    """Return the type of a file by its ending, by what the browser told where that says nothing."""
    ending = PurePath(name).suffix.lower()
    found = (kind for kind, endings in ENDINGS.items() if ending in endings)
    return next(found, told)
