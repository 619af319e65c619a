"""Minutes: made from the meeting, signed in time or named as missing, sealed for ever."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from engine.errors import Conflict, Forbidden, NotFound, Stale
from engine.rules.joint_review import RoundClosed
from engine.rules.minutes import MinutesFixed, NotDrafted, SignaturesAwaited, signed_hash
from engine.service import notices, tasks
from engine.service.review import minutes, minutes_shown, opinions, reply
from engine.service.review.replay import replay
from engine.service.review.rounds import NewRound, launch
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import City
from tests.service.review_minutes import (
    AGREE,
    LEAD,
    NEEDS,
    SEVEN,
    TEXTS,
    concluded,
    met,
    round_task,
    seen,
    sent,
    signed,
)
from tests.service.review_minutes import people as hired

Staff = dict[str, Actor]


@pytest.fixture
def staff(city: City) -> Staff:
    return hired(city)


@pytest.fixture
def rounds(city: City, staff: Staff) -> tuple[int, int]:
    """The rounds of the meeting: one suspended over a disagreement, one approved."""
    disputed, agreed = met(city, staff)
    concluded(city, disputed, staff[LEAD], "suspended", "绿地率与消防材料待定")
    concluded(city, agreed, staff[LEAD], "approved")
    return disputed, agreed


def words(file: bytes) -> str:
    """All the text of a document, tables included."""
    found = Document(BytesIO(file)).element.body.iter(qn("w:t"))
    return "\n".join(each.text or "" for each in found)


def unseal(city: City) -> None:
    """Do what only somebody with the database in their hands can do."""
    names = ("minutes_unchanged", "minutes_kept")
    with city.engine.begin() as db:
        for name in names if db.dialect.name == "sqlite" else names[:1]:
            on = "" if db.dialect.name == "sqlite" else " ON minutes"
            db.execute(text(f"DROP TRIGGER {name}{on}"))


def test_they_say_what_the_meeting_was(city: City, staff: Staff, rounds: tuple[int, int]) -> None:
    disputed, agreed = rounds
    content = sent(city, disputed, staff[LEAD]).content
    assert content["meeting"]["place"] == "三楼"
    assert content["meeting"]["starts_at"] == "2014-09-04T09:00:00+08:00"
    assert (content["convenor"], content["convenor_name"]) == ("plan", "PLAN甲")
    assert content["round"]["papers"] == "scheme"
    assert content["texts"]["discussion"] == TEXTS["discussion"]
    states = {each["department"]: each["state"] for each in content["participants"]}
    present = dict.fromkeys(("CAD", "EPB", "FIRE", "HOUS"), "present")
    assert states == {**present, "MET": "absent", "SEIS": "invited", "GREEN": "invited"}
    deemed = {each["department"]: each["deemed"] for each in content["participants"]}
    assert {name for name, cause in deemed.items() if cause} == {"MET", "GREEN"}
    assert (deemed["MET"], deemed["GREEN"]) == ("absent", "timeout")
    said = {each["department"]: each for each in content["opinions"]}
    assert {name: each["kind"] for name, each in said.items()} == {
        "CAD": "agree",
        "HOUS": "agree_with_conditions",
        "EPB": "disagree",
        "FIRE": "need_supplement",
        "MET": "deemed_agree",
        "SEIS": "agree",
        "GREEN": "agree",
    }
    assert (said["SEIS"]["source"], said["SEIS"]["given_by_name"]) == ("paper", "SEIS丙")
    assert (said["GREEN"]["version"], said["GREEN"]["source"]) == (2, "system")
    assert "城市绿化条例" in said["EPB"]["legal_basis"]
    [condition] = content["conditions"]
    told = (condition["owner"], condition["due_on"], condition["department"])
    assert told == ("建设单位", "2014-09-30", "HOUS")
    assert content["materials"] == ["消防设计说明", "总平面图"]
    assert content["conclusion"]["kind"] == "suspended"
    assert content["conclusion"]["reasons"] == "绿地率与消防材料待定"
    other = seen(city, agreed).content
    assert other["project"]["id"] != content["project"]["id"]
    assert {each["kind"] for each in other["opinions"]} == {"agree"}


def test_the_document_holds_all_of_it(city: City, staff: Staff, rounds: tuple[int, int]) -> None:
    disputed, _agreed = rounds
    sent(city, disputed, staff[LEAD])
    name, file = city.see(minutes_shown.file, disputed)
    assert name.endswith("planning-1-会议纪要.docx")
    told = words(file)
    for each in (
        "会签稿",
        "缺席默认",
        "主要出入口移至北侧",
        "《城市绿化条例》第九条",
        "消防设计说明",
    ):
        assert each in told
    assert "2014年9月4日 09:00—10:00" in told
    assert "{{" not in told
    # of whoever nobody noted it says so: not that they stayed away
    assert "未签到" in told
    assert "未到会" not in told
    assert "重点讨论出入口。" in told
    fonts = Document(BytesIO(file)).styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "仿宋"


def test_whoever_came_or_spoke_signs_and_the_last_one_seals(
    city: City, staff: Staff, rounds: tuple[int, int]
) -> None:
    disputed, _agreed = rounds
    with pytest.raises(NotDrafted):
        city.do(tasks.complete, round_task(city, disputed, "minutes"), "drafted", by=staff[LEAD])
    with pytest.raises(NotDrafted):
        city.do(minutes.sign, disputed, "CAD", by=staff["CAD"])
    view = sent(city, disputed, staff[LEAD])
    assert view.missing == [LEAD, "CAD", "EPB", "FIRE", "GREEN", "HOUS", "SEIS"]
    assert view.sign_by_on == city.calendar.add(city.today, 1)
    for name, by in (("MET", "MET"), ("CAD", "EPB")):
        with pytest.raises(Forbidden):
            city.do(minutes.sign, disputed, name, by=staff[by])
    city.do(minutes.sign, disputed, "EPB", "保留意见", by=staff["EPB"])
    with pytest.raises(Conflict, match="signed already"):
        city.do(minutes.sign, disputed, "EPB", by=staff["EPB"])
    signed(city, disputed, staff, "GREEN")
    assert seen(city, disputed).state == "signing"
    city.do(minutes.sign, disputed, "GREEN", by=staff["GREEN"])
    sealed = seen(city, disputed)
    assert (sealed.state, sealed.missing) == ("sealed", [])
    assert {each.hash for each in sealed.signatures} == {sealed.signed_hash}
    assert sealed.signed_hash == view.signed_hash == signed_hash(sealed.content)
    assert next(e.remark for e in sealed.signatures if e.department == "EPB") == "保留意见"
    assert city.see(minutes_shown.verify, disputed).intact
    told = words(city.see(minutes_shown.file, disputed)[1])
    assert "保留意见" in told
    assert sealed.signed_hash in told
    assert round_task(city, disputed, "reply")


def test_nobody_keeps_it_from_its_end(city: City, staff: Staff, rounds: tuple[int, int]) -> None:
    disputed, _agreed = rounds
    sent(city, disputed, staff[LEAD])
    signed(city, disputed, staff, "SEIS", LEAD)
    with pytest.raises(SignaturesAwaited, match="SEIS"):
        city.do(minutes.seal, disputed, by=staff[LEAD])
    city.wait_working(2)
    with pytest.raises(SignaturesAwaited, match="lead signs"):
        city.do(minutes.seal, disputed, by=staff[LEAD])
    city.do(minutes.sign, disputed, LEAD, by=staff[LEAD])
    with pytest.raises(Forbidden):
        city.do(minutes.seal, disputed, by=staff["CAD"])
    assert seen(city, disputed, by=staff[LEAD]).may_seal
    assert not seen(city, disputed, by=staff["CAD"]).may_seal
    city.do(minutes.seal, disputed, by=staff[LEAD])
    view = seen(city, disputed)
    assert (view.state, view.missing) == ("sealed", ["SEIS"])
    assert [each["department"] for each in view.content["unsigned"]] == ["SEIS"]
    assert city.see(minutes_shown.verify, disputed).intact
    [event] = city.rows(t.history, event="review.minutes_sealed")
    assert event["data"]["unsigned"] == ["SEIS"]
    with pytest.raises(MinutesFixed):
        city.do(minutes.sign, disputed, "SEIS", by=staff["SEIS"])


def test_what_is_out_or_sealed_is_changed_no_more(
    city: City, staff: Staff, rounds: tuple[int, int]
) -> None:
    disputed, _agreed = rounds
    sent(city, disputed, staff[LEAD])
    with pytest.raises(MinutesFixed):
        city.do(minutes.draft, disputed, {"remarks": "anders"}, by=staff[LEAD])
    signed(city, disputed, staff)
    for statement in ("UPDATE minutes SET hash = ''", "DELETE FROM minutes WHERE state = 'sealed'"):
        with pytest.raises(DatabaseError, match="immutable"), city.engine.begin() as db:
            db.execute(text(statement))
    assert city.see(minutes_shown.verify, disputed).intact


@pytest.mark.parametrize("what", ["content", "document", "signature", "forged"])
def test_the_hash_tells_a_changed_byte(
    city: City, staff: Staff, rounds: tuple[int, int], what: str
) -> None:
    disputed, _agreed = rounds
    sent(city, disputed, staff[LEAD])
    signed(city, disputed, staff)
    unseal(city)
    [row] = city.rows(t.minutes, round_id=disputed)
    changed: dict[str, dict[str, Any]] = {
        "content": {"content": {**row["content"], "materials": []}},
        "document": {"document": row["document"][:-1] + b"\x01"},
    }
    with city.engine.begin() as db:
        if what in changed:
            db.execute(t.minutes.update().values(changed[what]))
        else:
            values = {"signature": {"remark": "同意"}, "forged": {"hash": "0" * 64}}[what]
            mine = t.minutes_signature.c.department == "CAD"
            db.execute(t.minutes_signature.update().where(mine).values(values))
    found = city.see(minutes_shown.verify, disputed)
    assert not found.intact
    if what in {"content", "document"}:
        assert found.computed != found.hash
    else:
        assert found.foreign == ["CAD"]


def test_a_draft_is_for_the_lead_and_follows_the_round(
    city: City, staff: Staff, rounds: tuple[int, int]
) -> None:
    disputed, _agreed = rounds
    preview = seen(city, disputed)
    assert (preview.state, preview.version) == ("", 0)
    with pytest.raises(Forbidden):
        city.do(minutes.draft, disputed, TEXTS, by=staff["CAD"])
    city.do(minutes.draft, disputed, TEXTS, 0, by=staff[LEAD])
    with pytest.raises(Stale):
        city.do(minutes.draft, disputed, TEXTS, 0, by=staff[LEAD])
    city.do(minutes.draft, disputed, {"remarks": "另行报告"}, 1, by=staff[LEAD])
    texts = seen(city, disputed).content["texts"]
    assert texts["opening"] == TEXTS["opening"]
    assert texts["remarks"] == "另行报告"
    assert "草稿" in words(city.see(minutes_shown.file, disputed)[1])


def test_the_reply_says_what_came_of_it_and_closes(
    city: City, staff: Staff, rounds: tuple[int, int]
) -> None:
    _disputed, agreed = rounds
    sent(city, agreed, staff[LEAD])
    signed(city, agreed, staff)
    owner = city.user("owner", ("applicant", ""))
    with city.work() as work:
        work.db.execute(t.project.update().values(applicant_user_id=owner.id))
    with pytest.raises(NotFound):
        city.see(reply.get, agreed, by=owner)
    assert city.see(reply.get, agreed).number == ""
    task = round_task(city, agreed, "reply")
    city.do(tasks.complete, task, "replied", {"text": "请按批准的方案实施。"}, by=staff[LEAD])
    view = city.see(reply.get, agreed, by=owner)
    assert (view.text, view.replied_on) == ("请按批准的方案实施。", city.today)
    assert view.number.startswith("〔2014〕")
    told = words(city.see(reply.file, agreed, by=owner)[1])
    for each in ("统一答复", view.number, "请按批准的方案实施。", "2014年9月"):
        assert each in told
    assert "{{" not in told
    for name in (*SEVEN[:2], "乙"):
        assert name not in told
    with pytest.raises(Forbidden):
        city.see(minutes_shown.get, agreed, by=owner)
    with pytest.raises(RoundClosed):
        city.do(minutes.draft, agreed, {}, by=staff[LEAD])


def test_the_history_tells_all_of_it(city: City, staff: Staff, rounds: tuple[int, int]) -> None:
    disputed, _agreed = rounds
    sent(city, disputed, staff[LEAD])
    city.do(minutes.sign, disputed, "EPB", "保留意见", by=staff["EPB"])
    signed(city, disputed, staff)
    view = seen(city, disputed)
    events = [(each["event"], each["data"]) for each in city.rows(t.history)]
    found = replay(each for each in events if each[1].get("round") == disputed)
    assert (found.minutes, found.texts) == ("sealed", view.content["texts"])
    told = {name: (each["hash"], each["remark"]) for name, each in found.signatures.items()}
    assert told == {each.department: (each.hash, each.remark) for each in view.signatures}


def test_all_missing_material_is_told_once_in_one_notice(city: City, staff: Staff) -> None:
    disputed, _agreed = met(city, staff)
    concluded(city, disputed, staff[LEAD], "supplement", "补齐后再审")
    project = seen(city, disputed).content["project"]["id"]
    [notice] = city.see(notices.find, project)
    assert (notice.kind, notice.materials) == ("review_supplement", ["消防设计说明", "总平面图"])
    assert notice.department == LEAD
    assert notice.title.zh == "联合审查一次性补正告知书"
    assert city.see(notices.get, notice.id).reason == "补齐后再审"


@pytest.mark.parametrize("first", ["supplement", "minutes"])
def test_a_meeting_that_asks_for_material_has_minutes_too(
    city: City, staff: Staff, first: str
) -> None:
    disputed, _agreed = met(city, staff)
    concluded(city, disputed, staff[LEAD], "supplement")
    supply = round_task(city, disputed, "supplement")
    if first == "supplement":
        city.do(tasks.complete, supply, "submit")
    sent(city, disputed, staff[LEAD])
    signed(city, disputed, staff)
    view = seen(city, disputed)
    assert (view.state, view.content["conclusion"]["reply_due_on"]) == ("sealed", "")
    assert "已一次性告知申请人补正" in words(city.see(minutes_shown.file, disputed)[1])
    with pytest.raises(NotFound):
        city.see(reply.get, disputed)
    if first == "minutes":
        city.do(tasks.complete, supply, "submit")
    [row] = city.rows(t.review_round, id=disputed)
    assert row["state"] == "closed"
    [main] = city.rows(t.process_instance, id=row["instance_id"])
    assert main["status"] == "ended"


def test_papers_that_only_ask_for_material_have_no_minutes(city: City, staff: Staff) -> None:
    project = city.start(city.deploy("industrial-2014"))
    given = NewRound("planning", items=("IND-08",), departments=("SEIS", "GREEN"))
    found = city.do(launch, project, given)
    for name in SEVEN:
        answer = NEEDS if name == "FIRE" else AGREE
        paper: dict[str, str] = {"source": "paper", "given_by": "Li"}
        city.do(opinions.enter_for, found, name, answer, by=staff[LEAD], **paper)
    concluded(city, found, staff[LEAD], "supplement")
    assert round_task(city, found, "supplement")
    with pytest.raises(RoundClosed):
        city.do(minutes.draft, found, TEXTS, by=staff[LEAD])
