"""Files for a task: handed in material by material, beside the form that is being filled in."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from api.web.page import Answer, Redirect, act, show
from api.web.views import task, task_papers
from api.web.visit import Visit
from engine.errors import Invalid
from engine.rules.catalogue import Item
from engine.service import attachments, desk, standings
from engine.settings import Settings

#: bytes of a form around its file
AROUND = 20_000
FILES = f"{task.TASK}/files"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent."""

    name: str
    content_type: str
    content: bytes


def largest(settings: Settings) -> int:
    """Return how long the form with a file may be."""
    return settings.attachment_max_bytes + AROUND


def read(visit: Visit) -> Sent:
    """Read the file before the transaction. Raises Invalid where there is none."""
    file = visit.files.get("file")
    if file is None or not file.filename:
        raise Invalid("choose a file", field="file")
    kind = task_papers.type_of(file.filename, file.content_type or "")
    # what is large lies in a temporary file
    with file.stream:
        return Sent(file.filename, kind, file.read())


def add(visit: Visit) -> Answer:
    """Attach a file to the task's item; a part of the page is answered with the page itself."""
    sent: Sent = visit.prepared
    found = desk.lay(visit.work, visit.path["task"])
    project, item = found.task.project, found.item
    name, material = place(item, sent.name, visit.form.get("material", ""))
    attachments.add(
        visit.work, project, item.id, name, sent.content_type, sent.content, material=material
    )
    standings.refresh(visit.work, project)
    if visit.form.get("part"):
        return task.look(visit)
    return Redirect(f"{task.address(visit)}#materials", _("已上传 %(name)s。", name=sent.name))


def place(item: Item, name: str, material: str) -> tuple[str, str]:
    """Return a file's name and its material: what the catalogue does not list names the file."""
    if not material or material in item.materials:
        return name, material
    return task_papers.filed_as(material, name), ""


PAGES = (
    act("task_file", FILES, add, "add_attachment", form=task.look, limit=largest, prepare=read),
    show("task_file_again", FILES, task.return_to_task, "get_task"),
)
