"""The files of a project: by item and material, every version; sent here, and listed as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from api.web import export
from api.web.export import Column
from api.web.labels import drawn
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.rendering import department_names
from api.web.views import task_files, task_papers
from api.web.views.project_figures import is_open
from api.web.views.project_names import Names
from api.web.visit import Visit
from engine.errors import Invalid
from engine.rules.lifecycle import CLOSED_WITHOUT_RESULT
from engine.service import access, attachments, dossier, notices, standings
from engine.service.views import AttachmentView, ItemView, ProjectView
from engine.service.work import Work
from engine.workflow.deployment import Deployment

DOCUMENTS = "/projects/<key:project>/documents"
#: between an item and its material where a form names both at once
BESIDE = "|"
Files = Sequence[AttachmentView]


@dataclass(frozen=True, slots=True)
class Material:
    """A material of an item, '' for files that are none, with its files, the newest first."""

    name: str
    shown: str
    files: Files


@dataclass(frozen=True, slots=True)
class Group:
    """An item, '' for the whole project, with its materials; `state` is the item's."""

    item: str
    name: str
    department: str
    state: str
    materials: Sequence[Material]

    @property
    def missing(self) -> int:
        """How many materials have not come."""
        return sum(1 for each in self.materials if not each.files)


def documents(visit: Visit) -> Answer:
    """Show a project's files, and where to send more."""
    work, project = visit.work, visit.path["project"]
    built, view = dossier.outline(work, project)
    names, files = Names.of(built, view), attachments.of_project(work, project)
    if export.wanted(visit):
        return export.file(visit, f"{view.code}-files", columns(names), files)
    open_for = may_attach_to(work, view)
    every = list(groups(built, view, names, files, department_names(work)))
    values = {
        "section": "/projects",
        "project": view,
        "count": len(files),
        "now": [group for group in every if is_shown(group)],
        "later": [group for group in every if not is_shown(group)],
        "choices": choices([group for group in every if group.item in open_for]),
        "chosen": visit.text("to") or visit.argument("to"),
        "accept": task_papers.types(work.settings),
        "max_bytes": work.settings.attachment_max_bytes,
        "open_for": open_for,
        "people": notices.display_names(work, [each.uploaded_by for each in files]),
    }
    return Shown("project/documents.html.jinja", values)


def groups(
    built: Deployment,
    view: ProjectView,
    names: Names,
    files: Files,
    departments: Mapping[str, str],
) -> Iterator[Group]:
    """Yield the whole project, then its items in the procedure's order."""
    loose = [each for each in files if not each.item]
    yield Group("", str(_("整个项目")), "", "", [Material("", "", loose)] if loose else [])
    for item in view.items:
        if item.kind == "milestone":
            continue
        own = [each for each in files if each.item == item.id]
        department = departments.get(item.department, item.department)
        listed = list(materials(built, item, own))
        yield Group(item.id, names.item(item.id), department, state_of(item), listed)


def materials(built: Deployment, item: ItemView, files: Files) -> Iterator[Material]:
    """Yield the item's materials of the catalogue, then what else has come for it."""
    known = built.procedure.items.get(item.id)
    taken: set[int] = set()
    for name in known.materials if known else ():
        of_it = list(task_papers.of_material(files, name))
        taken.update(each.id for each in of_it)
        if of_it or item.decided_on is None:
            yield Material(name, drawn(name), of_it)
    rest = [each for each in files if each.id not in taken]
    if rest:
        yield Material("", str(_("其他文件")), rest)


def state_of(item: ItemView) -> str:
    """Return the state of an item that is in hand or over, '' where it has not begun."""
    begun = is_open(item) or item.decided_on is not None or item.state in CLOSED_WITHOUT_RESULT
    return item.state if begun else ""


def is_shown(group: Group) -> bool:
    """Tell whether a group comes first: it has files, or is in hand and asks for some."""
    has_files = any(each.files for each in group.materials)
    return has_files or bool(group.state and group.missing)


def choices(every: Sequence[Group]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what a file may be sent for, by item: (value, words)."""
    found = []
    for group in every:
        named = [(f"{group.item}{BESIDE}{each.name}", each.shown) for each in group.materials]
        own = [each for each in named if not each[0].endswith(BESIDE)]
        other = _("其他文件") if group.item else _("不属于某一事项")
        found.append((group.name, [*own, (f"{group.item}{BESIDE}", str(other))]))
    return found


def may_attach_to(work: Work, view: ProjectView) -> set[str]:
    """Return the items the visitor may send files for, '' for the whole project."""
    if view.state in attachments.ENDED:
        return set()
    project = access.row_of(work, view.id)
    places: dict[str, str | None] = {"": None, **{item.id: item.department for item in view.items}}
    return {
        item
        for item, department in places.items()
        if attachments.may_attach(work.actor, project, department)
    }


def columns(names: Names) -> list[Column[AttachmentView]]:
    """Return the columns of the list as a file."""
    return [
        Column(_("事项"), lambda file: names.item(file.item)),
        Column(_("材料"), lambda file: drawn(file.material)),
        Column(_("文件名"), lambda file: file.name),
        Column(_("版本"), lambda file: file.version),
        Column(_("类型"), lambda file: file.content_type),
        Column(_("字节"), lambda file: file.size),
        Column(_("上传人"), lambda file: file.uploaded_by),
        Column(_("上传时间"), lambda file: file.uploaded_at),
        Column("SHA-256", lambda file: file.sha256),
    ]


def upload(visit: Visit) -> Answer:
    """Keep a file that was sent."""
    sent, project = visit.prepared, visit.path["project"]
    item, beside, material = visit.form.get("to", "").partition(BESIDE)
    if not beside:
        raise Invalid("choose what the file is for", field="to")
    kept = (sent.name, sent.content_type, sent.content)
    view = attachments.add(visit.work, project, item, *kept, material=material)
    standings.refresh(visit.work, project)
    notice = _("已上传 %(name)s，第 %(n)s 版。", name=view.name, n=view.version)
    return Redirect(f"/projects/{project}/documents", notice)


SENDING: dict[str, Any] = {
    "form": documents,
    "limit": task_files.largest,
    "prepare": task_files.read,
}
PAGES = (
    show("project_documents", DOCUMENTS, documents, "list_attachments"),
    act("send_document", DOCUMENTS, upload, "add_attachment", **SENDING),
)
