"""Attachments: files of a project or of one of its items, kept by version."""

from __future__ import annotations

from api.call import Call, Content, Reply, Upload
from api.reading import MULTIPART
from api.route import Route
from api.schemas import AttachmentQuery, UploadQuery
from engine.errors import Invalid
from engine.service import attachments
from engine.service.views import AttachmentView, Page
from engine.settings import Settings


def add(call: Call) -> Reply:
    upload, fields = the_file(call.body)
    view = attachments.add(
        call.work,
        call.path["project"],
        fields.get("item", call.query.item),
        upload.name or call.query.name,
        upload.content_type,
        upload.content,
        material=fields.get("material", call.query.material),
    )
    return Reply(view, headers={"Location": f"/api/v1/attachments/{view.id}"})


def the_file(parts: list[Upload]) -> tuple[Upload, dict[str, str]]:
    """Return the one file of a request and the fields that say where it belongs."""
    fields = {
        each.field: each.content.decode(errors="replace")
        for each in parts
        if each.field and not each.content_type
    }
    files = [each for each in parts if not each.field or each.content_type]
    if len(files) != 1 or set(fields) - {"item", "material"}:
        raise Invalid("send one file, and no field but `item` and `material`", field="file")
    return files[0], fields


def find(call: Call) -> Page[AttachmentView]:
    verb = attachments.latest if call.query.latest else attachments.find
    return Page(verb(call.work, call.path["project"], call.query.item))


def get(call: Call) -> AttachmentView:
    return attachments.get(call.work, call.path["attachment"])


def download(call: Call) -> Content:
    view = attachments.get(call.work, call.path["attachment"])
    return Content(attachments.content(call.work, view.id), view.content_type, view.name)


def largest(settings: Settings) -> int:
    """Return how many bytes an attachment may have."""
    return settings.attachment_max_bytes


OF_PROJECT = "/projects/<key:project>/attachments"
ATTACHMENT = "/attachments/<key:attachment>"

ROUTES = (
    Route(
        "add_attachment",
        "POST",
        OF_PROJECT,
        add,
        "Attach a file; the same name again for the same material is its next version",
        "Attachments",
        answer=AttachmentView,
        status=201,
        query=UploadQuery,
        files=(MULTIPART, "*/*"),
        limit=largest,
        description=(
            "The body is a form with one file, or the file itself with its name in the query. "
            "The content must be of the type it is sent as."
        ),
    ),
    Route(
        "list_attachments",
        "GET",
        OF_PROJECT,
        find,
        "List a project's attachments, every version, the newest first",
        "Attachments",
        answer=Page[AttachmentView],
        query=AttachmentQuery,
    ),
    Route(
        "get_attachment",
        "GET",
        ATTACHMENT,
        get,
        "Get what is known of an attachment",
        "Attachments",
        answer=AttachmentView,
    ),
    Route(
        "download_attachment",
        "GET",
        f"{ATTACHMENT}/content",
        download,
        "Download an attachment",
        "Attachments",
        answer=Content,
    ),
)
