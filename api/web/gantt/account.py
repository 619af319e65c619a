"""What the row of a running project's activity says: beside its bar, in its title, in the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.web.gantt import bars, telling
from api.web.gantt.activity import Activity, Note
from api.web.gantt.reading import SUPPLEMENT, Reading
from api.web.gantt.words import gettext as _
from api.web.labels import ITEM_STATES, label
from engine.rules.lifecycle import CLOSED_WITHOUT_RESULT

state_name = label(ITEM_STATES)
#: states of a report that items call otherwise, where the item itself is not known
ALONE: Mapping[str, str] = {"finished": "done"}


def activity(reading: Reading) -> Activity:
    """Return the row of an activity."""
    return Activity(
        id=reading.row["id"],
        name=reading.name,
        department=reading.department,
        stage=reading.row["stage"],
        look=reading.look,
        spans=reading.spans,
        critical=reading.critical,
        muted=reading.given_up or reading.state == "not_taken",
        float_until=reading.count.at(reading.limit_on) if reading.limit_on else None,
        notes=tuple(notes(reading)),
        title=title(reading),
        href=reading.href,
        cells=cells(reading),
    )


def notes(reading: Reading) -> Iterator[Note]:
    """Yield the words beside its bar."""
    if reading.limit_on:
        yield bars.float_note(reading.row["remaining_float"])
    words, look = remark(reading)
    if words:
        yield Note(words, look)


def remark(reading: Reading) -> tuple[str, str]:
    """Return what is out of the ordinary, and how that looks."""
    if reading.state == "not_taken":
        return status(reading), ""
    if reading.given_up:
        return "", ""
    if reading.item and reading.item.state in CLOSED_WITHOUT_RESULT:
        return _("%(state)s，待重新申请", state=state_name(reading.item.state)), "late"
    if reading.late_days:
        return lateness(reading), "late"
    if reading.supplement:
        return state_name(SUPPLEMENT), "paused"
    return (_("等%(item)s", item=reading.waits_for), "held") if reading.waits_for else ("", "")


def lateness(reading: Reading) -> str:
    """Return how late it is or was; nothing promises the applicant's own work."""
    days = reading.late_days
    if reading.own:
        return _("超预计 %(days)s 天", days=days)
    if reading.state == "finished":
        return _("逾期 %(days)s 天办结", days=days)
    return _("逾期 %(days)s 天", days=days)


def status(reading: Reading) -> str:
    """Return its state in words."""
    if reading.state == "not_taken" or reading.item is None:
        return state_name(ALONE.get(reading.state, reading.state))
    return state_name(reading.item.state)


def title(reading: Reading) -> str:
    """Return what its bar says."""
    return telling.listed(
        (
            reading.name,
            reading.department,
            status(reading),
            telling.promise(reading.row),
            period(reading),
            lateness(reading) if reading.late_days else "",
            "" if reading.given_up else telling.room(reading.row.get("remaining_float")),
        )
    )


def period(reading: Reading) -> str:
    """Return from when to when it runs."""
    if reading.start_on is None or reading.finish_on is None or not reading.spans:
        return ""
    if reading.given_up:
        return _("%(start)s 开始", start=telling.day(reading.start_on, reading.count.today))
    return telling.when(reading.state, reading.start_on, reading.finish_on, reading.count.today)


def cells(reading: Reading) -> tuple[str, ...]:
    """Return its cells in the table, after its name."""
    spare = None if reading.given_up else reading.row.get("remaining_float")
    known = bool(reading.spans)
    return (
        reading.department,
        status(reading),
        str(reading.row["days"]),
        reading.start_on.isoformat() if known and reading.start_on else "",
        finish_cell(reading) if known else "",
        str(reading.late_days or ""),
        "" if spare is None else str(spare),
        _("是") if reading.critical else "",
    )


def finish_cell(reading: Reading) -> str:
    """Return when it was finished, or will be."""
    if reading.finish_on is None or reading.given_up:
        return ""
    on = reading.finish_on.isoformat()
    return on if reading.state == "finished" else _("预计 %(date)s", date=on)
