"""A clerk at the window: all that is missing told at once, taken in, turned away, handed over."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.city import NOW, City
from tests.browser.conftest import Visiting
from tests.browser.deeds import answer, entry, log_in, sheet, take_up, told, upload

PROJECT, APPLICANT = "宜园路商业街区", "安庆菱湖春晓置业有限公司"
PERMIT, SOIL = "建设用地规划许可证核发", "水土保持方案审批"
MISSING = ["出让合同", "地形图", "授权委托书"]
FILES = ["出让合同（含附件）.pdf", "地形图2014.pdf", "授权委托书.pdf"]


def test_what_is_missing_is_told_once_and_accepted_when_it_has_come(
    own_city: City, visitor: Visiting, tmp_path: Path
) -> None:
    clerk = visitor(own_city, "")
    clerk.watch.expected.add(422)
    page = log_in(clerk, "clerk-plan")
    ask_for_what_is_missing(page)
    is_a_notice_to_supplement(sheet(page, "一次性告知补正通知书"))
    page.get_by_label("主导航").get_by_role("link", name="待办").click()
    expect(entry(page, PROJECT)).to_have_count(0)
    own_city.set_clock(NOW + timedelta(days=4))
    supplement(visitor(own_city, "applicant-2").open("/tasks"), tmp_path)
    take_in(log_in(clerk, "clerk-plan"))
    is_a_notice_of_acceptance(sheet(page, "受理通知书"))
    theirs = visitor(own_city, "reviewer-plan").open("/tasks")
    expect(entry(theirs, PROJECT, PERMIT)).to_contain_text("审查")
    expect(entry(theirs, PROJECT, PERMIT)).to_contain_text("10-23")


def ask_for_what_is_missing(page: Page) -> None:
    """Ask for it; a request that lists nothing is refused, and what was typed stays."""
    page.get_by_label("主导航").get_by_role("link", name="待办").click()
    expect(page.locator(".meta")).to_contain_text("1 件待受理")
    take_up(page, PERMIT, PROJECT)
    expect(page.get_by_role("region", name="法定时钟")).to_contain_text("10-22 周三，第 5 个工作日")
    answer(page, "一次性告知补正", 理由="合同缺附件，地形图已过期")
    expect(page.get_by_role("alert")).to_contain_text("请列出全部需要补正的材料")
    expect(page.get_by_label("理由")).to_have_value("合同缺附件，地形图已过期")
    for material in MISSING[:2]:
        page.get_by_role("group", name="需要补正的全部材料").get_by_label(material).check()
    page.get_by_label("其他需要补正的内容").fill(MISSING[2])
    page.get_by_role("button", name="提交结论").click()
    expect(told(page)).to_contain_text(f"{PROJECT}：一次性告知补正，已办理。")


def is_a_notice_to_supplement(paper: Locator) -> None:
    """It is dated and numbered, and names everything that is missing, its sender and addressee."""
    expect(paper.locator(".sheet-number")).to_have_text(re.compile(r"^规划局〔2014〕\d+号$"))
    expect(paper.locator(".sheet-to")).to_have_text(f"{APPLICANT}：")
    expect(paper.locator(".sheet-list li")).to_have_text(MISSING)
    for part in (PROJECT, "LS2014-0022", "《行政许可法》第三十二条", "合同缺附件，地形图已过期"):
        expect(paper).to_contain_text(part)
    expect(paper.locator(".sheet-end")).to_contain_text("规划局 2014年10月16日")
    expect(paper).to_contain_text("经办人：余敏")


def supplement(page: Page, folder: Path) -> None:
    """Hand in what the notice names, and apply again."""
    take_up(page, PERMIT, PROJECT)
    expect(page.locator(".request li")).to_have_text(MISSING)
    for material, name in zip(MISSING, FILES, strict=True):
        upload(page, material, folder / name)
    answer(page, send="提交", 说明="已补齐")
    expect(told(page)).to_contain_text("提交，已办理。")


def take_in(page: Page) -> None:
    """Accept what has come: the five days have begun anew, and nothing more may be asked for."""
    page.get_by_label("主导航").get_by_role("link", name="待办").click()
    expect(entry(page, PROJECT)).to_contain_text("剩 5 天")
    take_up(page, PERMIT, PROJECT)
    expect(page.get_by_role("region", name="材料")).to_contain_text("地形图2014.pdf")
    expect(page.locator("#answer")).to_contain_text("已于 10-16 告知过补正；法律只许告知一次")
    answer(page, "受理")
    expect(told(page)).to_contain_text(f"{PROJECT}：受理，已办理。")


def is_a_notice_of_acceptance(paper: Locator) -> None:
    """It says from when, until when, and what was received."""
    for row in (
        "受理日期 2014年10月20日",
        "承诺办结 3 个工作日，至 2014年10月23日",
        "法定期限 20 个工作日，至 2014年11月17日",
    ):
        expect(paper.get_by_role("row", name=row)).to_be_visible()
    expect(paper.locator(".sheet-list li")).to_have_text(["备案文件", "出让合同", "地形图"])


# -- turned away, handed over ----------------------------------------------------------------------


def test_who_is_turned_away_learns_why_and_by_which_law(
    module_city: City, visitor: Visiting
) -> None:
    clerk = visitor(module_city, "clerk-water")
    clerk.watch.expected.add(422)
    page = take_up(clerk.open("/tasks"), SOIL, PROJECT)
    answer(page, "不予受理", 理由="占地不足一公顷，无需审批水土保持方案")
    expect(page.get_by_role("alert")).to_contain_text("请写明法律依据")
    answer(page, 法律依据="《水土保持法》第二十五条")
    paper = sheet(page, "不予受理通知书")
    expect(paper).to_contain_text("理由：占地不足一公顷，无需审批水土保持方案")
    expect(paper).to_contain_text("法律依据：《水土保持法》第二十五条。")
    expect(paper).to_contain_text("有权依法申请行政复议或者提起行政诉讼")
    theirs = visitor(module_city, "applicant-2").open("/projects")
    theirs.get_by_role("main").get_by_role("link", name=PROJECT).click()
    expect(entry(theirs.locator("#project-open"), SOIL)).to_contain_text("不予受理")
    theirs.get_by_role("link", name="不予受理通知书").click()
    expect(theirs.locator(".sheet")).to_contain_text("水利局")


def test_what_is_not_the_departments_is_sent_to_whom_it_belongs(
    module_city: City, visitor: Visiting
) -> None:
    page = take_up(visitor(module_city, "clerk-plan").open("/tasks"), PERMIT, PROJECT)
    answer(page, "不属本部门职权", 理由="用地在县城规划区", 应当向哪个机关申请="怀宁县规划局")
    paper = sheet(page, "不予受理（不属本机关职权）告知书")
    expect(paper).to_contain_text("请向怀宁县规划局申请。")


def test_a_certificate_is_handed_over(module_city: City, visitor: Visiting) -> None:
    page = visitor(module_city, "clerk-ndrc").open("/tasks")
    take_up(page, "企业投资项目备案", PROJECT)
    expect(page.get_by_role("region", name="法定时钟")).to_contain_text("10-29")
    answer(page, send="已发证", 领取人="汪小梅")
    expect(told(page)).to_contain_text("已发证，已办理。")
    page.get_by_label("主导航").get_by_role("link", name="项目").click()
    page.get_by_role("main").get_by_role("link", name=PROJECT).click()
    expect(entry(page, "企业投资项目备案：已发证")).to_contain_text("章慧")
