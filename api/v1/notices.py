"""Notices to applicants, derived from what was answered."""

from __future__ import annotations

from api.call import Call
from api.route import Route
from api.schemas import NoticeQuery
from engine.service import notices
from engine.service.notices import Notice
from engine.service.views import Page


def find(call: Call) -> Page[Notice]:
    return Page(notices.find(call.work, call.path["project"], call.query.item))


def get(call: Call) -> Notice:
    return notices.get(call.work, call.path["notice"])


ROUTES = (
    Route(
        "list_notices",
        "GET",
        "/projects/<key:project>/notices",
        find,
        "List a project's notices to its applicant, in order",
        "Notices",
        answer=Page[Notice],
        query=NoticeQuery,
        description=(
            "An item that is accepted, not accepted or refused, or whose material is incomplete, "
            "brings about a notice. It holds what the task's `data` gave: `materials`, `received`, "
            "`reason`, `legal_basis`, `authority`."
        ),
    ),
    Route(
        "get_notice",
        "GET",
        "/notices/<key:notice>",
        get,
        "Get a notice",
        "Notices",
        answer=Notice,
    ),
)
