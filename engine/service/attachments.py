"""Attachments: versioned files of a project or one of its items, named by their content's hash."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from sqlalchemy import RowMapping, func, insert, select

from engine.errors import Forbidden, Invalid, NotFound
from engine.service import projects
from engine.service.running import event_row
from engine.service.views import AttachmentView
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

MAX_NAME = 255
FORBIDDEN_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')

#: what a file of a type begins with, where it says so
SIGNATURES = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "application/zip": b"PK",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": b"PK",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": b"PK",
}


def add(
    work: Work, project_id: int, item: str, name: str, content_type: str, content: bytes
) -> AttachmentView:
    """Attach a file; the same name again is its next version. `item` is '' for the project.

    Raises NotFound for the project or item, Invalid for a name, type or size not accepted.
    """
    project = projects.lock(work, project_id)
    may_attach(work, project)
    check_item(work, project_id, item)
    name = checked_name(name)
    content_type = content_type.split(";")[0].strip().lower()
    check_content(work, content_type, content)
    digest = hashlib.sha256(content).hexdigest()
    keep(work, digest, content)
    row = {
        "project_id": project_id,
        "item": item,
        "name": name,
        "version": next_version(work, project_id, item, name),
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
    event = event_row(work, project_id, "attachment.added", item or None, data)
    work.db.execute(sql.INSERT_HISTORY, [event])
    return get(work, identifier)


def may_attach(work: Work, project: RowMapping) -> None:
    """Let the project's applicant and the departments attach; raises Forbidden."""
    projects.may_see(work, project)
    own = project["applicant_user_id"] is not None
    own = own and project["applicant_user_id"] == work.actor.id
    if not own and not work.actor.has("clerk", "reviewer", "coordinator"):
        raise Forbidden("this needs the role clerk, reviewer or coordinator")


def check_item(work: Work, project_id: int, item: str) -> None:
    """Raise NotFound where the project has no such item."""
    if not item:
        return
    bound = {"b_project": project_id, "b_item": item}
    if work.db.execute(sql.ITEM, bound).one_or_none() is None:
        raise NotFound(f"the project has no item {item}", item=item)


def checked_name(name: str) -> str:
    """Return a file's plain name. Raises Invalid where it is none."""
    plain = name.strip()
    if not plain or len(plain) > MAX_NAME or FORBIDDEN_IN_NAMES.search(plain) or plain[0] == ".":
        text = f"a file name has 1 to {MAX_NAME} characters, no path and no control characters"
        raise Invalid(text, field="name")
    return plain


def check_content(work: Work, content_type: str, content: bytes) -> None:
    """Raise Invalid for a type or size that is not accepted, or content of another type."""
    accepted = [each.strip() for each in work.settings.attachment_types.split(",")]
    if content_type not in accepted:
        text = f"{content_type or 'no type'} is not accepted; accepted: {', '.join(accepted)}"
        raise Invalid(text, field="content_type")
    if not content or len(content) > work.settings.attachment_max_bytes:
        limit = work.settings.attachment_max_bytes
        text = f"a file has 1 to {limit} bytes; this one has {len(content)}"
        raise Invalid(text, field="content")
    if not content.startswith(SIGNATURES.get(content_type, b"")):
        raise Invalid(f"the content is not {content_type}", field="content")


def next_version(work: Work, project_id: int, item: str, name: str) -> int:
    """Return the version a file of this name gets."""
    table = t.attachment.c
    query = select(func.coalesce(func.max(table.version), 0) + 1).where(
        table.project_id == project_id, table.item == item, table.name == name
    )
    return int(work.db.execute(query).scalar_one())


def keep(work: Work, digest: str, content: bytes) -> None:
    """Store content under its hash, once, on disk or in the database by setting."""
    if work.settings.attachment_store == "disk":
        write_file(path_of(work, digest), content)
        return
    table = t.attachment_content
    found = work.db.execute(select(table.c.sha256).where(table.c.sha256 == digest))
    if found.one_or_none() is None:
        work.db.execute(insert(table).values(sha256=digest, content=content))


def path_of(work: Work, digest: str) -> Path:
    """Return where content lies on disk."""
    return work.settings.data_dir / "attachments" / digest[:2] / digest


def write_file(path: Path, content: bytes) -> None:
    """Write a file so that it is whole or absent, also after a power cut."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
    os.replace(draft.name, path)


def find(work: Work, project_id: int, item: str | None = None) -> list[AttachmentView]:
    """Return a project's attachments, every version, the newest first."""
    projects.row_of(work, project_id)
    table = t.attachment
    query = select(table).where(table.c.project_id == project_id).order_by(table.c.id.desc())
    if item is not None:
        query = query.where(table.c.item == item)
    return [view(row) for row in work.db.execute(query).mappings()]


def row_of(work: Work, identifier: int) -> RowMapping:
    """Return an attachment's row. Raises NotFound, also where the project may not be seen."""
    query = select(t.attachment).where(t.attachment.c.id == identifier)
    row = work.db.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no attachment {identifier}", attachment=identifier)
    projects.row_of(work, row["project_id"])
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
    names = ("id", "item", "name", "version", "content_type", "size", "sha256")
    more = ("uploaded_by", "uploaded_at")
    return AttachmentView(
        project=row["project_id"], **{name: row[name] for name in (*names, *more)}
    )
