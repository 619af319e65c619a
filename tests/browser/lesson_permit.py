"""The tutorial to a first construction permit, done section by section."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.chairs import ROOT, arrive, begin, log_out, sit_down, submit, typed
from tests.browser.lesson import Reader

TUTORIAL = ROOT / "docs" / "tutorial" / "first-permit.md"
PROJECT = "Riverside Bearings Plant"
FILING, PERMIT = "企业投资项目备案", "建筑工程施工许可证核发"
ADMINISTRATOR = "丁浩"
HEAD, HISTORY = "#project-head", "#project-history"


# -- what comes again and again --------------------------------------------------------------------


def mine(reader: Reader) -> Locator:
    """Return the dashboard's rows of the tutorial's project."""
    return reader.page.locator("main tr[data-key]").filter(has_text=PROJECT)


def find(reader: Reader) -> None:
    """Find the project by the keyboard, and open its page."""
    expect(reader.page.locator("details.me")).to_be_visible()
    reader.page.keyboard.press(reader.code("/"))
    reader.page.keyboard.type(reader.code())
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/search?*")
    reader.page.locator("main").get_by_role("link", name=PROJECT).first.click()
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text(PROJECT)


# -- the sections ----------------------------------------------------------------------------------


def start(reader: Reader) -> None:
    assert reader.commands() == "make run\n"
    begin(reader)
    reader.see("登录", reader.page.get_by_role("heading"))
    reader.see("演示账户", reader.page.get_by_role("heading"))
    reader.picture(".bar", ".entrance")


def look_around(reader: Reader) -> None:
    reader.press("协调员")
    reader.see("工作台", reader.page.get_by_role("heading", level=1))
    for heading in ("全部待办", "逾期在谁", "风险项目"):
        reader.see(heading, reader.page.get_by_role("heading", level=2))
    reader.picture(".bar", ".grid")
    reader.press("项目", reader.page.locator(".bar-nav"))
    expect(reader.page.locator("main tr[data-key]").first).to_be_visible()
    log_out(reader)


def register(reader: Reader) -> None:
    arrive(reader)
    reader.press("登记项目")
    reader.fill("项目名称")
    reader.choose("工业项目（2014）")
    reader.press("登记并启动")
    reader.see("需要您办理", reader.page.locator("#project-mine"))
    reader.picture(".bar", "#diagram")
    reader.see("流程图", reader.page.locator("#diagram"))
    reader.see("事项甘特图", reader.page.locator("#gantt"))
    log_out(reader)


def ask_for_more(reader: Reader) -> None:
    reader.see("各部门")
    sit_down(reader, "发改委")
    reader.press(FILING, mine(reader))
    for box in ("一次性告知补正", "营业执照", "土地出让合同"):
        reader.choose(box)
    reader.fill("理由")
    reader.picture(".bar", "#answer")
    submit(reader)
    reader.press("一次性告知补正通知书")
    reader.see("打印")
    reader.picture(".page-head", "article.sheet")
    log_out(reader)


def supply(reader: Reader) -> None:
    arrive(reader)
    find(reader)
    waiting = reader.page.locator("#project-mine")
    reader.see("需要您办理", waiting)
    row = waiting.locator("li").filter(has_text=reader.words(FILING))
    reader.press("办理", row)
    reader.see("材料", reader.page.locator("#materials"))
    first = reader.words("上传"), reader.words("营业执照"), ROOT / reader.code()
    second = reader.words("上传"), reader.words("土地出让合同"), first[2]
    put(reader, *first)
    put(reader, *second)
    submit(reader, "提交")
    log_out(reader)


def put(reader: Reader, label: str, material: str, file: Path) -> None:
    """Choose a file for a material."""
    row = reader.page.locator("#materials li").filter(has_text=re.compile(material, re.IGNORECASE))
    with reader.page.expect_file_chooser() as choosing:
        row.get_by_text(label).first.click()
    choosing.value.set_files(file)
    expect(row).to_contain_text(file.name)


def accept(reader: Reader) -> None:
    sit_down(reader, "发改委")
    reader.press(FILING, mine(reader))
    expect(reader.page.locator("#materials")).to_contain_text("planning-stage.png")
    reader.choose("受理")
    submit(reader)
    reader.see("受理通知书")
    log_out(reader)


def decide(reader: Reader) -> None:
    sit_down(reader, "发改委")
    reader.press(FILING, mine(reader))
    reader.choose("通过审查")
    submit(reader)
    again(reader, FILING)
    reader.choose("准予许可")
    reader.fill("文号或证号")
    submit(reader)
    again(reader, FILING)
    submit(reader, "已发证")


def again(reader: Reader, item: str) -> None:
    """Go back to the dashboard, and take the project's next task."""
    reader.press("工作台", reader.page.locator(".bar-nav"))
    reader.press(item, mine(reader))


def see_what_opened(reader: Reader) -> None:
    find(reader)
    reader.press("1 项目审批", reader.page.locator("#diagram"))
    reader.press("2 规划许可", reader.page.locator("#diagram"))
    reader.see("建设用地规划许可证核发", reader.page.locator("#project-open"))
    reader.picture("#project-stages", "#diagram")
    reader.see("事项甘特图", reader.page.locator("#gantt"))
    reader.picture("#gantt")
    reader.see("经过", reader.page.locator(HISTORY))
    reader.see("通知书", reader.page.locator("#project-notices"))
    log_out(reader)


def act_for_others(reader: Reader) -> None:
    reader.press("管理员")
    find(reader)
    reader.see("在办事项", reader.page.locator("#project-open"))
    reader.press("编制设计方案", reader.page.locator("#project-open"))
    reader.picture(".bar", ".sticky-end")
    submit(reader, "完成")
    find(reader)
    reader.press("全部经过")
    answered = reader.page.locator("ol.history li").filter(has_text=ADMINISTRATOR)
    expect(answered.filter(has_text=reader.words("代 建设单位 办理"))).to_have_count(1)


def let_a_program_go_on(reader: Reader) -> None:
    reader.page.locator(".page-head").get_by_role("link", name=PROJECT).click()
    reader.page.wait_for_url(f"**{reader.code()}")
    typed(reader)
    reader.code("--leave IND-16")
    # the tab is looked at again
    reader.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    reader.see(PERMIT, reader.page.locator(".strip-hold"))
    log_out(reader)


def grant(reader: Reader) -> None:
    sit_down(reader, "建委")
    reader.press(PERMIT, mine(reader))
    reader.choose("受理")
    submit(reader)
    again(reader, PERMIT)
    reader.choose("通过审查")
    submit(reader)
    again(reader, PERMIT)
    reader.choose("准予许可")
    reader.fill("文号或证号")
    submit(reader)
    find(reader)
    reader.see("已开工", reader.page.locator(HEAD))
    reader.picture(".bar", "#project-stages")
    reader.press("全部经过")
    reader.picture(".page-head", "ol.history", 900)


FOLLOWED: dict[int, Callable[[Reader], None]] = {
    1: start,
    2: look_around,
    3: register,
    4: ask_for_more,
    5: supply,
    6: accept,
    7: decide,
    8: see_what_opened,
    9: act_for_others,
    10: let_a_program_go_on,
    11: grant,
}
