"""The rooms of the city that meetings are held in; coordinators keep the list."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from api.permissions import allowed
from api.web import export
from api.web.export import Column
from api.web.page import Answer, Page, Redirect, Shown, act, show
from api.web.visit import Visit
from engine.service.review import rooms
from engine.service.review.rooms import RoomView

SECTION, ROOMS = "/joint-reviews", "/meetings/rooms"


def look(visit: Visit) -> Answer:
    """Show all rooms, those that are not offered any more last."""
    found = sorted(rooms.find(visit.work), key=lambda each: not each.active)
    if export.wanted(visit):
        return export.file(visit, "rooms", columns(), found)
    may = visit.actor.has(*allowed("change_room"))
    return Shown("meetings/rooms.html.jinja", {"section": SECTION, "rooms": found, "may_keep": may})


def columns() -> list[Column[RoomView]]:
    """Return the columns of the list as a file."""
    return [
        Column(_("会议室"), lambda row: row.name),
        Column(_("座位"), lambda row: row.seats or None),
        Column(_("说明"), lambda row: row.note),
        Column(_("在用"), lambda row: _("是") if row.active else _("否")),
    ]


def add(visit: Visit) -> Answer:
    """Add a room."""
    seats, note = visit.whole("seats") or 0, visit.text("note")
    rooms.add(visit.work, visit.text("name"), seats=seats, note=note)
    return Redirect(ROOMS, _("会议室已增加。"))


def change(visit: Visit) -> Answer:
    """Change a room, or offer it no more."""
    changes: dict[str, Any] = {
        "name": visit.text("name"),
        "seats": visit.whole("seats") or 0,
        "note": visit.text("note"),
        "active": visit.text("active") == "yes",
    }
    rooms.change(visit.work, visit.path["room"], changes)
    return Redirect(ROOMS, _("会议室已更新。"))


def back(_visit: Visit) -> Answer:
    """Lead to the list of rooms."""
    return Redirect(ROOMS)


ROOM = f"{ROOMS}/<key:room>"
PAGES: tuple[Page, ...] = (
    show("rooms", ROOMS, look, "list_rooms"),
    act("room_add", ROOMS, add, "add_room", form=look),
    act("room_change", ROOM, change, "change_room", form=look),
    show("room_again", ROOM, back, "list_rooms"),
)
