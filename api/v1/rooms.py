"""Rooms that departments meet in."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from api.call import Call, Reply
from api.route import Route
from api.schemas import PLAIN, Body, Query, Word, example
from engine.service.review import rooms
from engine.service.review.rooms import RoomView
from engine.service.views import Page

Note = Annotated[str, StringConstraints(pattern=PLAIN, max_length=rooms.NOTE_LENGTH)]
Seats = Annotated[int, Field(ge=0, le=rooms.MOST_SEATS)]


class RoomQuery(Query):
    """Which rooms."""

    active: bool | SkipJsonSchema[None] = Field(None, description="offered for meetings, or not")


class NewRoom(Body):
    """A room to add; `seats` 0 where nobody has counted them."""

    model_config = example(name="三楼会议室", seats=24)
    name: Word
    seats: Seats = 0
    note: Note = ""


class RoomChanges(Body):
    """What to change of a room; what is left out stays."""

    model_config = example(active=False)
    name: Word | None = None
    seats: Seats | None = None
    note: Note | None = None
    active: bool | None = None


def find(call: Call) -> Page[RoomView]:
    return Page(rooms.find(call.work, active=call.query.active))


def add(call: Call) -> Reply:
    body = call.body
    view = rooms.add(call.work, body.name, seats=body.seats, note=body.note)
    return Reply(view, headers={"Location": f"/api/v1/rooms/{view.id}"})


def get(call: Call) -> RoomView:
    return rooms.get(call.work, call.path["room"])


def change(call: Call) -> RoomView:
    given = {name: value for name, value in dict(call.body).items() if value is not None}
    return rooms.change(call.work, call.path["room"], given)


ROOM = "/rooms/<key:room>"
TAG: dict[str, Any] = {"tag": "Meetings"}

ROUTES = (
    Route(
        "list_rooms",
        "GET",
        "/rooms",
        find,
        "List the rooms to meet in",
        answer=Page[RoomView],
        query=RoomQuery,
        **TAG,
    ),
    Route(
        "add_room",
        "POST",
        "/rooms",
        add,
        "Add a room",
        answer=RoomView,
        status=201,
        body=NewRoom,
        conflicts=True,
        **TAG,
    ),
    Route("get_room", "GET", ROOM, get, "Get a room", answer=RoomView, **TAG),
    Route(
        "change_room",
        "PATCH",
        ROOM,
        change,
        "Rename a room, or offer it no more",
        answer=RoomView,
        body=RoomChanges,
        conflicts=True,
        **TAG,
    ),
)
