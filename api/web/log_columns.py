"""Which column of a file is what, as a page asks for it: roles, choice, what it would give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from api.web import log_notes, sentences
from api.web.log_refusals import ROLES as WORDS
from engine.analysis.eventlog import csvlog
from engine.analysis.eventlog.csv_times import AUTO, FORMATS, is_blank, reader_of
from engine.analysis.eventlog.log import EventLog
from engine.analysis.eventlog.notes import Note, Notes
from engine.errors import LianshenError
from engine.service.logs import reading
from engine.service.logs.views import summary_of
from engine.settings import Settings

FORMAT = "date_format"
TIMES = ("end", "start", "ready")


@dataclass(frozen=True, slots=True)
class Role:
    """What a column may be."""

    role: str
    word: Any
    help: Any
    required: bool = False


ROLES = (
    Role("case", WORDS["case"], _l("哪些行属于同一件：编号或名称"), required=True),
    Role("activity", WORDS["activity"], _l("做了什么"), required=True),
    Role("end", WORDS["end"], _l("只有一个时间列时，就选它"), required=True),
    Role("start", WORDS["start"], _l("有它才分得清等待和办理")),
    Role("ready", WORDS["ready"], _l("从什么时候起轮到它")),
    Role("lifecycle", WORDS["lifecycle"], _l("start、complete 等；有它时只能有一个时间列")),
    Role("resource", WORDS["resource"], _l("谁做的")),
    Role("group", WORDS["group"], _l("部门、岗位或窗口")),
)
#: how dates may be written
DATE_FORMATS: Mapping[str, Any] = {
    AUTO: _l("自动识别"),
    "ymd": _l("年-月-日"),
    "dmy": _l("日-月-年"),
    "mdy": _l("月-日-年"),
    "compact": _l("20141016（连写）"),
    "excel": _l("Excel 的日数"),
    "epoch": _l("1970 年起的秒数"),
    "epoch_ms": _l("1970 年起的毫秒数"),
    "epoch_us": _l("1970 年起的微秒数"),
}
Chosen = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Check:
    """What a mapping would give; `refusal` says why it gives nothing."""

    refusal: str = ""
    cases: int = 0
    events: int = 0
    activities: int = 0
    resources: int = 0
    unread: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    notes: Sequence[str] = ()


def chosen(given: MultiDict[str, str], usual: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns that were chosen, those of `usual` where nothing was."""
    names = (*(each.role for each in ROLES), FORMAT)
    if not any(name in given for name in names):
        return {name: str(usual.get(name) or "") for name in names}
    return {name: given.get(name, "") for name in names}


def mapping_of(chosen: Chosen, usual: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mapping of a choice; the cases' own columns stay as they were."""
    kept = {name: usual[name] for name in ("traits", "dialect") if name in usual}
    return {**chosen, FORMAT: chosen[FORMAT] or AUTO, **kept}


def check(content: bytes, mapping: Mapping[str, Any], settings: Settings) -> Check:
    """Return what a mapping would give."""
    try:
        return told(reading.read(content, mapping, settings).log)
    except LianshenError as error:
        return Check(refusal=refusal(error))


def refusal(error: LianshenError) -> str:
    """Return why a file cannot be read, in one sentence."""
    return f"{sentences.title(error)} {sentences.remedy(error)}".strip()


def told(log: EventLog) -> Check:
    """Return what is in a log that was read."""
    summary = summary_of(log)
    return Check(
        cases=summary["cases"],
        events=summary["events"],
        activities=summary["activities"],
        resources=summary["resources"],
        unread=unread(log.notes),
        first_at=at(summary["first_at"]),
        last_at=at(summary["last_at"]),
        notes=[log_notes.note(each) for each in log.notes],
    )


def at(text: str | None) -> datetime | None:
    """Return an instant as a summary holds it."""
    return None if text is None else datetime.fromisoformat(text)


def unread(notes: Sequence[str]) -> int:
    """Return how many cells of times cannot be read."""
    for each in notes:
        said, _colon, rest = each.partition(": ")
        if said == Note.BAD_TIME:
            return int(rest.split()[0])
    return 0


def used(columns: Sequence[str], chosen: Chosen) -> list[str]:
    """Return of each column what it is used for, '' for nothing."""
    words = {chosen[each.role]: str(each.word) for each in reversed(ROLES) if chosen[each.role]}
    return [words.get(each, "") for each in columns]


def wrong_cells(preview: csvlog.Preview, chosen: Chosen, zone: tzinfo) -> set[tuple[int, int]]:
    """Return the rows and columns of the first rows' times that cannot be read."""
    found: set[tuple[int, int]] = set()
    for role in TIMES:
        if chosen[role] in preview.columns:
            column = preview.columns.index(chosen[role])
            texts = [row[column] for row in preview.rows]
            found |= {(row, column) for row in unreadable(texts, chosen[FORMAT] or AUTO, zone)}
    return found


def unreadable(texts: Sequence[str], written: str, zone: tzinfo) -> Iterator[int]:
    """Yield the places of texts that are no times as they are said to be written."""
    known = written if written in (AUTO, *FORMATS) or "%" in written else AUTO
    read = reader_of(known, [each for each in texts if not is_blank(each)], Notes())
    for place, text in enumerate(texts):
        try:
            if not is_blank(text):
                read(text.strip(), zone)
        except ValueError:
            yield place
