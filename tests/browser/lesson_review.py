"""The tutorial to a first joint review, done section by section."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from playwright.sync_api import Locator, expect

from tests.browser.chairs import ROOT, arrive, begin, log_out, sit_down, submit, typed
from tests.browser.city import NOW
from tests.browser.lesson import Reader

TUTORIAL = ROOT / "docs" / "tutorial" / "first-joint-review.md"
PROJECT = "大龙山茶叶精深加工厂"
LEFT_OUT = ("建设用地规划许可证核发", "人防工程建设(易地建设)审批", "建设工程规划许可证核发")
ABSENT = "MET"
#: the reader's city is one of their own; the server of the test has its own already
CITY = (
    "export LIANSHEN_DATABASE_URL=sqlite:///var/review/lianshen.db LIANSHEN_DATA_DIR=var/review\n"
)
CLOCK = re.compile(r"--clock (\S+)")
REVIEWS, AGENDA, ROOM = "联审会", "#agenda", ".podium"


# -- what comes again ------------------------------------------------------------------------------


def reviews(reader: Reader) -> Locator:
    """Go to the joint reviews; returns the row of the tutorial's project."""
    reader.press(REVIEWS, reader.page.locator(".bar-nav"))
    row = reader.page.locator("#rounds tr[data-key]").filter(has_text=PROJECT)
    expect(row.or_(reader.page.locator("#rounds")).first).to_be_visible()
    return row


def voice(reader: Reader, department: str) -> Locator:
    """Return a department's row on the wall."""
    return reader.page.locator("li.voice").filter(has_text=reader.words(department))


def enter(reader: Reader, department: str) -> None:
    """Go to the form that enters an opinion for a department."""
    row = voice(reader, department)
    row.hover()
    reader.press("代录意见", row)


def spoken(reader: Reader, number: int) -> None:
    """So many of the six have spoken."""
    expect(reader.page.locator(".podium-spoken")).to_contain_text(f"{number} / 6")


# -- the sections ----------------------------------------------------------------------------------


def start(reader: Reader) -> None:
    commands = reader.commands()
    assert CITY in commands
    assert {datetime.fromisoformat(each) for each in CLOCK.findall(commands)} == {NOW}
    begin(reader)
    reader.see("演示账户", reader.page.get_by_role("heading"))


def launch(reader: Reader) -> None:
    reader.press("协调员")
    reviews(reader)
    reader.press("全部", reader.page.locator("#rounds .views"))
    reader.press("发起联审", reader.page.locator(".page-head"))
    reader.page.get_by_role("searchbox", name=reader.words("项目、编号、单位")).last.fill(
        reader.code()
    )
    reader.press("查找")
    reader.press("规划许可", reader.page.locator(".found-projects"))
    reader.choose("联审制")
    reader.see("审查事项")
    for item in LEFT_OUT:
        reader.clear(item)
    reader.press("另加部门")
    reader.choose("园林局")
    reader.fill("审查的材料")
    reader.press("推荐时间")
    expect(reader.page.locator("#proposals")).to_be_visible()
    reader.picture(".page-head", ".sticky-end")
    submit(reader, "发起联审")


def see_the_meeting(reader: Reader) -> None:
    agenda = reader.see("议程", reader.page.locator(AGENDA))
    expect(agenda).to_be_visible()
    with reader.page.expect_download() as coming:
        reader.press("日历文件 .ics")
    assert "BEGIN:VEVENT" in Path(coming.value.path()).read_text(encoding="utf-8")
    reader.picture(".page-head", ".grid")
    log_out(reader)


def answer(reader: Reader) -> None:
    sit_down(reader, "建委")
    row = reviews(reader)
    reader.see("待我办理", reader.page.locator("#rounds .views"))
    reader.press("提出意见", row)
    submit(reader, "签收")
    reader.press("提出意见", reader.page.locator("#round-end"))
    reader.choose("附条件同意")
    reader.fill("条件")
    reader.see("落实单位")
    reader.fill("期限")
    reader.fill("意见内容")
    reader.picture(".page-head", ".grid")
    submit(reader, "提交意见")
    log_out(reader)


def let_others_answer(reader: Reader) -> None:
    told = typed(reader, {CITY: ""})
    assert "CAD" in told
    assert "GREEN" in told
    reader.code("13")


def hold(reader: Reader) -> None:
    reader.press("协调员")
    row = reviews(reader)
    reader.see("会议", reader.page.locator("#rounds thead"))
    row.locator("a[href^='/meetings/']").click()
    submit(reader, "记为已召开")
    reader.press("开始会审")
    reader.see("全屏")
    spoken(reader, 3)
    reader.see("结论前还缺", reader.page.locator("#round-side"))
    disagree(reader)
    write_down_a_letter(reader)
    note_who_came(reader)
    reader.press("看联审")
    spoken(reader, 6)
    reader.picture(".bar", ".podium-end")
    log_out(reader)


def disagree(reader: Reader) -> None:
    """The fire brigade says no, and why."""
    enter(reader, "公安消防支队")
    reader.choose("不同意")
    reader.fill("法律依据")
    reader.fill("要求")
    source = reader.page.locator("select[name=source] option:checked")
    expect(source).to_have_text(reader.words("当场"), ignore_case=True)
    reader.fill("提出人")
    submit(reader, "录入意见")


def write_down_a_letter(reader: Reader) -> None:
    """The environmental bureau agrees on paper."""
    enter(reader, "环保局")
    reader.choose("同意")
    reader.pick("来源", "书面")
    reader.fill("提出人")
    submit(reader, "录入意见")


def note_who_came(reader: Reader) -> None:
    """Three have come, one is excused, and one is deemed to agree."""
    reader.press("到会与部门")
    present = reader.words("到会")
    for department in ("人防办", "建委", "园林局"):
        row = guest(reader, department)
        row.get_by_role("button", name=present, exact=True).click()
        expect(reader.page.locator("p.notice")).to_be_visible()
        expect(row.locator("[aria-pressed=true]")).to_have_text(present)
    excuse(reader)
    row = guest(reader, "气象局")
    reader.press("未到会", row)
    expect(row.locator(".say-deemed")).to_be_visible()


def excuse(reader: Reader) -> None:
    """The environmental bureau had called; what is pressed is named before its row is."""
    excused, row = reader.words("请假"), guest(reader, "环保局")
    row.locator("summary").filter(has_text=excused).click()
    row.get_by_role("textbox").fill(reader.code())
    reader.press("记请假", row)
    expect(row.locator("summary")).to_contain_text("赴现场处置")


def guest(reader: Reader, department: str) -> Locator:
    """Return a department's row in the list of who came."""
    return reader.page.locator("#participants tr").filter(has_text=reader.words(department))


def conclude(reader: Reader) -> None:
    sit_down(reader, "规划局")
    reader.press("形成结论", reviews(reader))
    reader.choose("通过")
    reader.fill("理由")
    reader.picture(".page-head", ".grid")
    submit(reader, "形成结论")


def write_minutes(reader: Reader) -> None:
    reader.press("会议纪要", reader.page.locator("#round-end"))
    reader.fill("讨论情况")
    submit(reader, "送会签")
    submit(reader, "会签")
    signed = typed(reader, {"$TOKEN": key(reader)})
    assert signed.count("signs") == 5
    assert ABSENT not in signed
    reader.page.reload()
    reader.see("已定稿", reader.page.locator(".page-head"))
    reader.see("校验")
    with reader.page.expect_download() as coming:
        reader.press("下载 Word")
    held = Document(BytesIO(Path(coming.value.path()).read_bytes()))
    cells = [cell.text for table in held.tables for row in table.rows for cell in row.cells]
    assert PROJECT in cells
    reader.picture("article.sheet")


def key(reader: Reader) -> str:
    """Return what the terminal of the section before still knows as its token."""
    wanted = {"name": "terminal"}
    return str(reader.visitor.city.call("admin", "POST", "/tokens", wanted)["token"])


def reply(reader: Reader) -> None:
    reader.press("统一答复")
    reader.fill("说明")
    submit(reader, "统一答复")
    reader.picture("article.sheet")
    log_out(reader)


def read_as_the_company(reader: Reader) -> None:
    arrive(reader)
    reader.page.keyboard.press(reader.code("/"))
    reader.page.keyboard.type(reader.code())
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/search?*")
    reader.page.locator("main").get_by_role("link", name=PROJECT).first.click()
    reader.see("联合审查", reader.page.get_by_role("heading", level=2))
    reader.press("规划许可", reader.page.locator("section[aria-labelledby=reviews-title]"))
    reader.see("须落实的条件", reader.page.get_by_role("heading", level=2))
    expect(reader.page.locator("main")).not_to_contain_text("GB 50016")
    reader.see("看统一答复")
    reader.picture(".page-head", ".grid")
    log_out(reader)


def see_the_year(reader: Reader) -> None:
    reader.press("协调员")
    reviews(reader)
    reader.press("年度统计")
    table = reader.page.locator("section[aria-labelledby=departments-title]")
    reader.see("部门：按时与默认", table)
    reader.see("缺席默认", table.locator("thead"))
    reader.picture(".page-head", ".grid")
    reviews(reader)
    reader.press("条件落实")
    expect(reader.page.locator("main tr[data-key]").filter(has_text=PROJECT)).to_have_count(1)


FOLLOWED: dict[int, Callable[[Reader], None]] = {
    1: start,
    2: launch,
    3: see_the_meeting,
    4: answer,
    5: let_others_answer,
    6: hold,
    7: conclude,
    8: write_minutes,
    9: reply,
    10: read_as_the_company,
    11: see_the_year,
}
