"""Attachments: versioned files of a project or one of its items, named by their content's hash."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from contextlib import suppress
from pathlib import Path

from sqlalchemy import RowMapping, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from engine.service import access, deployments
from engine.service.ledger import event_row
from engine.service.receiving import gaps
from engine.service.views import AttachmentView
from engine.service.work import Actor, Work
from engine.store import statements as sql
from engine.store import tables as t

MAX_NAME = 255
#: projects to which nothing is added any more
ENDED = frozenset({"completed", "closed", "cancelled"})
#: keeps content unless it is there already, or somebody else is just storing it
KEEP = {
    "sqlite": sqlite.insert(t.attachment_content).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(t.attachment_content).on_conflict_do_nothing(),
}
FORBIDDEN_IN_NAMES = re.compile(r'[/\\:*?"<>|]')

#: what a file of a type begins with, where it says so
SIGNATURES = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "application/zip": b"PK",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": b"PK",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": b"PK",
}


class ProjectEnded(Conflict):
    """The project has ended: its files stay as they are."""


class BadFileName(Invalid):
    """A file's name has 1 to 255 characters, no path and no character that file systems refuse."""

    remedy = "Rename the file and send it again."


def add(  # noqa: PLR0917 - the file, and where it belongs
    work: Work,
    project_id: int,
    item: str,
    name: str,
    content_type: str,
    content: bytes,
    material: str = "",
) -> AttachmentView:
    """Attach a file; the same name again for the same material is its next version.

    `item` is '' for the project, `material` '' for a file that is none of the item's materials.
    Raises NotFound for the project or item, Invalid for a material, name, type or size not
    accepted.
    """
    project = access.lock(work, project_id)
    check_attach(work, project, department_of(work, project_id, item))
    check_material(work, project, item, material)
    name = checked_name(name)
    content_type = content_type.partition(";")[0].strip().lower()
    check_content(work, content_type, content)
    digest = hashlib.sha256(content).hexdigest()
    keep(work, digest, content)
    row = {
        "project_id": project_id,
        "item": item,
        "material": material,
        "name": name,
        "version": next_version(work, project_id, item, material, name),
        "content_type": content_type,
        "size": len(content),
        "sha256": digest,
        "place": work.settings.attachment_store,
        "uploaded_by": work.actor.name,
        "uploaded_at": work.now,
    }
    statement = insert(t.attachment).values(row).returning(t.attachment.c.id)
    identifier = work.db.execute(statement).scalar_one()
    data = {"attachment": identifier, "name": name, "version": row["version"], "sha256": digest}
    data |= {"material": material} if material else {}
    event = event_row(work, project_id, "attachment.added", item or None, data)
    work.db.execute(sql.INSERT_HISTORY, [event])
    if material:
        gaps.uploaded(work, project_id, item, material)
    return get(work, identifier)


def check_attach(work: Work, project: access.Row, department: str | None) -> None:
    """Raise ProjectEnded where nothing is added any more, Forbidden for who may not add."""
    if not may_attach(work.actor, project, department):
        who = f" of {department}" if department else ""
        raise Forbidden(f"this needs the role clerk, reviewer{who} or coordinator")
    if project["state"] in ENDED:
        raise ProjectEnded(f"the project is {project['state']}", state=project["state"])


def may_attach(actor: Actor, project: access.Row, department: str | None) -> bool:
    """Tell whether somebody may add files: the applicant, a coordinator, the item's department.

    `department` is None for files of the whole project, which any department may add.
    """
    if actor.owns(project) or actor.has("coordinator"):
        return True
    return actor.has("clerk", "reviewer", department=department)


def department_of(work: Work, project_id: int, item: str) -> str | None:
    """Return the department an item belongs to, None for no item. Raises NotFound."""
    if not item:
        return None
    bound = {"b_project": project_id, "b_item": item}
    row = work.db.execute(sql.ITEM, bound).mappings().one_or_none()
    if row is None:
        raise NotFound(f"the project has no item {item}", item=item)
    return str(row["department"])


def check_material(work: Work, project: access.Row, item: str, material: str) -> None:
    """Raise Invalid where the catalogue asks for no such material with the item."""
    if not material:
        return
    built = deployments.deployment(work.db, project["version_id"])
    known = built.procedure.items.get(item)
    materials = known.materials if known else ()
    if material not in materials:
        text = f"{item or 'the project'} has no material {material!r}"
        raise Invalid(text, field="material", materials=list(materials))


def checked_name(name: str) -> str:
    """Return a file's plain name. Raises Invalid where it is none."""
    plain = unicodedata.normalize("NFC", name.strip())
    harmless = plain.isprintable() and not FORBIDDEN_IN_NAMES.search(plain)
    if not plain or len(plain) > MAX_NAME or not harmless or plain.startswith("."):
        text = f"a file name has 1 to {MAX_NAME} characters, no path and no control characters"
        raise BadFileName(text, field="name")
    return plain


def check_content(work: Work, content_type: str, content: bytes) -> None:
    """Raise Invalid for a type that is not accepted or content of another, TooLarge."""
    accepted = [each.strip() for each in work.settings.attachment_types.split(",")]
    if content_type not in accepted:
        text = f"{content_type or 'no type'} is not accepted; accepted: {', '.join(accepted)}"
        raise Invalid(text, field="content_type")
    limit = work.settings.attachment_max_bytes
    if len(content) > limit:
        text = f"a file has at most {limit} bytes; this one has {len(content)}"
        raise TooLarge(text, field="content")
    if not content:
        raise Invalid("the file is empty", field="content")
    if not content.startswith(SIGNATURES.get(content_type, b"")):
        raise Invalid(f"the content is not {content_type}", field="content")


def next_version(work: Work, project_id: int, item: str, material: str, name: str) -> int:
    """Return the version a file of this name gets."""
    table = t.attachment.c
    query = select(func.coalesce(func.max(table.version), 0) + 1).where(
        table.project_id == project_id,
        table.item == item,
        table.material == material,
        table.name == name,
    )
    return int(work.db.execute(query).scalar_one())


def keep(work: Work, digest: str, content: bytes) -> None:
    """Store content under its hash, once, on disk or in the database by setting."""
    if work.settings.attachment_store == "disk":
        write_file(path_of(work, digest), content)
        return
    store = KEEP[work.db.dialect.name]
    work.db.execute(store, {"sha256": digest, "content": content})


def path_of(work: Work, digest: str) -> Path:
    """Return where content lies on disk."""
    return work.settings.data_dir / "attachments" / digest[:2] / digest


def write_file(path: Path, content: bytes) -> None:
    """Write a file so that it is whole or absent, also after a power cut."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent) as draft:
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
        # a link, not a move: the draft's own name goes whatever happens
        with suppress(FileExistsError):
            path.hardlink_to(draft.name)
    for folder in (path.parent, path.parent.parent):
        make_lasting(folder)


def make_lasting(folder: Path) -> None:
    """Have the names in a folder survive a power cut, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def find(work: Work, project_id: int, item: str | None = None) -> list[AttachmentView]:
    """Return a project's attachments, every version, the newest first. Raises NotFound."""
    access.row_of(work, project_id)
    return of_project(work, project_id, item)


def of_project(work: Work, project_id: int, item: str | None = None) -> list[AttachmentView]:
    """Return the same of a project that is known to be the caller's to see."""
    table = t.attachment
    query = select(table).where(table.c.project_id == project_id).order_by(table.c.id.desc())
    if item is not None:
        query = query.where(table.c.item == item)
    return [view(row) for row in work.db.execute(query).mappings()]


def latest(work: Work, project_id: int, item: str | None = None) -> list[AttachmentView]:
    """Return the newest version of each file, by material, the newest file of each first."""
    newest: dict[tuple[str, str, str], AttachmentView] = {}
    for each in find(work, project_id, item):
        newest.setdefault((each.item, each.material, each.name), each)
    return sorted(newest.values(), key=lambda each: (each.item, each.material, -each.id))


def row_of(work: Work, identifier: int) -> RowMapping:
    """Return an attachment's row. Raises NotFound, also where the project may not be seen."""
    query = select(t.attachment).where(t.attachment.c.id == identifier)
    row = work.db.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no attachment {identifier}", attachment=identifier)
    access.row_of(work, row["project_id"])
    return row


def get(work: Work, identifier: int) -> AttachmentView:
    """Return what is known of an attachment. Raises NotFound."""
    return view(row_of(work, identifier))


def content(work: Work, identifier: int) -> bytes:
    """Return an attachment's content. Raises NotFound where it, or its file, is gone."""
    row = row_of(work, identifier)
    if row["place"] == "disk":
        path = path_of(work, row["sha256"])
        if not path.is_file():
            raise NotFound(f"the file of attachment {identifier} is missing", sha256=row["sha256"])
        return path.read_bytes()
    table = t.attachment_content
    query = select(table.c.content).where(table.c.sha256 == row["sha256"])
    return bytes(work.db.execute(query).scalar_one())


def view(row: RowMapping) -> AttachmentView:
    """Return a row as an attachment."""
    names = ("id", "item", "material", "name", "version", "content_type", "size", "sha256")
    more = ("uploaded_by", "uploaded_at")
    return AttachmentView(
        project=row["project_id"], **{name: row[name] for name in (*names, *more)}
    )
