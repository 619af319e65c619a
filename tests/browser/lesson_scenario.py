"""The tutorial to a first scenario of re-engineering, done section by section."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Locator, expect

from tests.browser.chairs import ROOT, begin, log_out, submit, typed
from tests.browser.lesson import Reader

TUTORIAL = ROOT / "docs" / "tutorial" / "first-scenario.md"
NAME = "Riverside 28"
#: what is cheaper is called by its scenario and the target
COPY = re.compile(rf"{NAME}\s*[（(]")
MOVED, EIA = "环评不再前置于用地规划许可", "环境影响报告表审批"
LAB, CHEAPEST = "实验室", "求最低成本"
FRONT, STRIP = "#front", ".lab-strip"
#: the reader's terminal writes into the clone
REPORT = "var/beyond.docx"
#: pictures end below the waterfall, and below what is lost
WATERFALL, RED = 682, 268


# -- what comes again ------------------------------------------------------------------------------


def lab(reader: Reader) -> Locator:
    """Go to the list of scenarios; returns its rows."""
    reader.press(LAB, reader.page.locator(".bar-nav"))
    rows = reader.page.locator("main tr[data-key]")
    expect(rows.first).to_be_visible()
    return rows


def counted(reader: Reader, days: str) -> None:
    """The counted days before and after are those that are quoted next."""
    first = reader.page.locator(f"{STRIP} .key").first
    expect(first).to_have_text(reader.words(days))


def operation(reader: Reader, zh: str) -> Locator:
    """Return the row of the operation that is quoted next."""
    return reader.page.locator("#operations li.op").filter(has_text=reader.words(zh))


def new(reader: Reader, base: str) -> None:
    """Make a scenario of a base's published operations."""
    reader.press("新建方案", reader.page.locator(".page-head"))
    reader.fill("方案名称")
    if base == "industrial-2013":
        chosen = reader.page.get_by_role("radio", name=reader.words("公布的措施清单"))
        expect(chosen).to_be_checked()
    bases = reader.page.get_by_role("combobox", name=reader.words("基础流程"))
    if base == "industrial-2013":
        expect(bases).to_have_value(reader.code(base))
    else:
        bases.select_option(reader.code(base))
    reader.press("建立方案")
    expect(reader.page.locator(STRIP)).to_be_visible()


def aim(reader: Reader) -> None:
    """Ask for the cheapest way to the days that are quoted next."""
    reader.page.locator("#target").fill(reader.code())
    reader.press(CHEAPEST, reader.page.locator(FRONT))


def kept(reader: Reader, zh: str, label: str) -> bytes:
    """Take a file along from a menu; returns what is in it."""
    reader.press(zh, reader.page.locator(".page-head"))
    with reader.page.expect_download() as coming:
        reader.press(label)
    reader.page.keyboard.press("Escape")
    return Path(coming.value.path()).read_bytes()


# -- the sections ----------------------------------------------------------------------------------


def start(reader: Reader) -> None:
    assert reader.commands() == "make run\n"
    begin(reader)
    reader.see("演示账户", reader.page.get_by_role("heading"))
    reader.press("流程分析员")
    expect(reader.page.locator("details.me")).to_be_visible()


def see_the_path(reader: Reader) -> None:
    reader.press("流程", reader.page.locator(".bar-nav"))
    reader.press("工业项目（2013）", reader.page.locator("main"))
    reader.press("关键路径", reader.page.locator(".tabs"))
    reader.picture(".page-head", ".gantt-card")
    expect(reader.page.locator(".strip .key").first).to_contain_text("63")
    expect(reader.page.locator(".path-table tbody").nth(0)).to_be_visible()
    reader.see(EIA, reader.page.locator(".path-table .is-critical"))


def begin_with_the_published(reader: Reader) -> None:
    lab(reader)
    new(reader, "industrial-2013")
    expect(reader.page.locator(".lab-answer")).to_be_visible()
    reader.picture(".page-head", ".lab-grid", WATERFALL)
    counted(reader, "63 → 28")
    reader.see("已核验：与 industrial-2014 一致", reader.page.locator(".page-head"))
    reader.see("每项措施减少的天数", reader.page.get_by_role("heading", level=2))


def switch_off_and_on(reader: Reader) -> None:
    switch = operation(reader, MOVED).get_by_role("switch")
    switch.click()
    counted(reader, "63 → 35")
    expect(reader.page.locator(".page-head .state-done")).to_have_count(0)
    reader.see("关键路径对比", reader.page.get_by_role("heading", level=2))
    paths = reader.page.locator(".lab-gantt")
    reader.press("全部关键路径", paths)
    after = paths.locator("h4").nth(1).locator("xpath=following-sibling::ol[1]/li")
    expect(after.filter(has_text=reader.words(EIA))).to_be_visible()
    operation(reader, MOVED).get_by_role("switch").click()
    counted(reader, "63 → 28")


def be_stopped(reader: Reader) -> None:
    barred = operation(reader, "消防设计告知承诺")
    switch = barred.get_by_role("switch")
    expect(switch).to_have_attribute("aria-disabled", "true")
    switch.click(force=True)
    expect(switch).to_have_attribute("aria-checked", "false")
    reader.see("不可启用", barred)
    expect(barred).to_contain_text("国办发")
    drop_the_registration(reader)
    reader.page.locator("#legality details").first.evaluate("each => { each.open = true }")
    reader.picture("#legality", most=RED)
    reader.see("合法性检查", reader.page.get_by_role("heading", level=2))
    lost = reader.page.locator("#legality li li.is-wrong")
    reader.see("凭土地证明领工程规划许可证", lost)
    reader.see("城乡规划法", lost.locator("small"))
    propose = reader.page.get_by_role("button", name=reader.words("提请审核"))
    expect(propose).to_have_attribute("aria-disabled", "true")
    assert reader.words("有违反规定之处") in (propose.get_attribute("data-reason") or "")
    last = reader.page.locator("#operations li.op").last
    last.locator("summary").click()
    reader.press("移除", last)
    kept_again = reader.page.locator(f"{STRIP} .key-ok")
    expect(kept_again).to_contain_text(reader.words("符合"))


def drop_the_registration(reader: Reader) -> None:
    """Add an operation that drops the registration of land use."""
    reader.press("加措施", reader.page.locator("#operations"))
    reader.choose("取消")
    form = reader.page.locator("main")
    items = form.get_by_role("combobox", name=reader.words("事项"))
    items.select_option(reader.code("IND-06"))
    reader.press("加入措施", reader.page.locator(".sticky-end"))
    expect(reader.page.locator("#legality .is-wrong").first).to_be_visible()


def ask_for_the_cheapest(reader: Reader) -> None:
    front = reader.page.locator(FRONT)
    reader.see("天数与成本的最优前沿", reader.page.get_by_role("heading", level=2))
    reader.see("28 天的最低成本：33 分", front)
    expect(front.locator(".lab-set li")).to_have_count(9)
    reader.see("目标", front)
    aim(reader)
    reader.see("20 天达不到：最少 26 天", front)
    aim(reader)
    expect(front.locator(".lab-set li")).to_have_count(9)
    reader.picture(FRONT)
    reader.press("另存为副本", front)
    expect(reader.page.locator("p.notice")).to_be_visible()
    counted(reader, "63 → 28")
    expect(reader.page.locator(f"{STRIP} .key").nth(4)).to_have_text("33")


def compare(reader: Reader) -> None:
    rows = lab(reader).filter(has_text=reader.code(NAME))
    expect(rows).to_have_count(2)
    for row in rows.all():
        row.get_by_role("checkbox").check()
    reader.press("对比选中的方案")
    expect(reader.page.locator(".lab-charts")).to_be_visible()
    reader.picture(".page-head", ".lab-charts")
    reader.see("总数", reader.page.get_by_role("heading", level=2))
    totals = reader.page.locator("section[aria-labelledby=figures-title] tbody")
    expect(totals.get_by_role("row").filter(has_text="33")).to_contain_text("74")
    reader.see("各有哪些措施", reader.page.get_by_role("heading", level=2))


def see_the_diagrams(reader: Reader) -> None:
    reader.page.locator(".lab-versus thead a.title").filter(has_text=COPY).first.click()
    reader.press("流程图对照", reader.page.locator(".page-head"))
    reader.press("施工许可", reader.page.locator(".lab-stages"))
    expect(reader.page.locator(".lab-two .djs-element").first).to_be_visible()
    reader.picture(".page-head", ".lab-two")
    reader.see("再造前", reader.page.get_by_role("heading", level=2))
    reader.see("再造后", reader.page.get_by_role("heading", level=2))
    reader.press("左右", reader.page.locator(".lab-layout"))
    expect(reader.page.locator(".lab-two-beside .djs-element").first).to_be_visible()


def have_it_deployed(reader: Reader) -> None:
    reader.page.locator("nav.crumbs a, .crumbs a").last.click()
    submit(reader, "提请审核")
    waiting = reader.page.locator(".lab-decision")
    reader.see("等待第二人审核", waiting)
    reader.see("提请人不能审核自己的方案", waiting)
    log_out(reader)
    reader.press("管理员")
    rows = lab(reader).filter(has_text=reader.code(NAME))
    rows.first.locator("a.title").click()
    reader.press("批准并部署")
    link = reader.page.get_by_role("status").get_by_role("link", name=reader.code())
    link.click()
    reader.see("第 2 版", reader.page.get_by_role("heading", level=1))
    expect(reader.page.locator(".strip .key").first).to_contain_text("28")
    old = lab(reader).filter(has_text=reader.words("基础已有新版"))
    expect(old.first).to_be_visible()
    log_out(reader)


def go_beyond(reader: Reader) -> None:
    reader.press("流程分析员")
    lab(reader)
    new(reader, "industrial-2014")
    reader.see("目标", reader.page.locator(FRONT))
    aim(reader)
    reader.see("20 天的最低成本：15 分", reader.page.locator(FRONT))
    reader.press("套用到本方案", reader.page.locator(FRONT))
    counted(reader, "28 → 20")
    expect(reader.page.locator(f"{STRIP} .key-ok")).to_be_visible()
    reader.picture(".page-head", ".lab-grid", WATERFALL)


def take_it_along(reader: Reader) -> None:
    reader.see("各部门今后怎么办", reader.page.get_by_role("heading", level=2))
    document = Document(io.BytesIO(kept(reader, "导出", "报告（.docx）")))
    assert any("Beyond 28" in each.text for each in document.paragraphs)
    workbook = load_workbook(io.BytesIO(kept(reader, "导出", "报告数据（.xlsx）")))
    assert len(workbook.sheetnames) > 1
    with zipfile.ZipFile(io.BytesIO(kept(reader, "导出", "BPMN 与目录（.zip）"))) as held:
        assert {"procedure.yaml", "construction.bpmn"} <= {Path(n).name for n in held.namelist()}


def type_it(reader: Reader) -> None:
    target = reader.visitor.city.installation.folder / "beyond.docx"
    told = typed(reader, {REPORT: str(target)})
    assert "28 → 20" in told
    best = json.loads(told[told.index("\n{\n") :].partition("\n}\n")[0] + "\n}")
    assert (best["days"], best["cost"], best["reached"]) == (17, 22, True)
    assert zipfile.is_zipfile(target)
    reader.code("6")
    reader.code("--format json")


FOLLOWED: dict[int, Callable[[Reader], None]] = {
    1: start,
    2: see_the_path,
    3: begin_with_the_published,
    4: switch_off_and_on,
    5: be_stopped,
    6: ask_for_the_cheapest,
    7: compare,
    8: see_the_diagrams,
    9: have_it_deployed,
    10: go_beyond,
    11: take_it_along,
    12: type_it,
}
