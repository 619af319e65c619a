"""An applicant, on a phone: answers what the window asks for, works, withdraws, begins anew."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_fits
from tests.browser.city import City
from tests.browser.conftest import Visiting
from tests.browser.deeds import answer, entry, fill, log_in, take_up, told

ME, MY_NAME = "applicant-2", "安庆菱湖春晓置业有限公司"
SCHEME = "建设工程设计方案(总平面)审查"
ASKED = ["总平面图", "日照分析"]
SCHOOL, STREET, NEW = "菱北学府住宅小区", "宜园路商业街区", "菱湖春晓住宅小区三期"


def test_what_the_window_asked_for_is_photographed_and_sent(
    own_city: City, visitor: Visiting, tmp_path: Path
) -> None:
    phone = visitor(own_city, "", phone=True)
    page = log_in(phone, ME)
    go(page, "待办")
    take_up(page, SCHEME, SCHOOL)
    expect(page.locator(".request li")).to_have_text(ASKED)
    expect(page.locator("#why")).to_contain_text("还缺：总平面图、日照分析")
    read_the_notice(page)
    for material in ASKED:
        photograph(page, material, tmp_path / f"{material}.jpg")
    expect(page.locator("#why")).not_to_contain_text("还缺")
    answer(page, send="提交", 说明="日照分析已覆盖北侧住宅")
    expect(told(page)).to_contain_text(f"{SCHOOL}：提交，已办理。")
    go(page, "项目")
    page.get_by_role("main").get_by_role("link", name=SCHOOL).tap()
    expect(entry(page.locator("#project-open"), "设计方案审查")).to_contain_text("收件")
    assert_fits(page)
    at_the_window = visitor(own_city, "clerk-plan").open("/tasks")
    take_up(at_the_window, SCHEME, SCHOOL)
    expect(at_the_window.get_by_role("region", name="办理过程")).to_contain_text(
        "日照分析已覆盖北侧住宅"
    )
    expect(at_the_window.get_by_role("link", name="总平面图.jpg")).to_be_visible()


def go(page: Page, place: str) -> None:
    """Go somewhere by the bar at the bottom."""
    page.get_by_label("底部导航").get_by_role("link", name=place).tap()
    expect(page.locator(".tabbar [aria-current=page]")).to_contain_text(place)
    assert_fits(page)


def read_the_notice(page: Page) -> None:
    """Read what was asked for, and come back."""
    page.locator(".request").get_by_role("link", name="查看一次性告知补正通知书").tap()
    expect(page.locator(".sheet")).to_contain_text("日照分析未覆盖北侧已建住宅")
    assert_fits(page)
    page.go_back()


def photograph(page: Page, material: str, photo: Path) -> None:
    """Take a picture of a paper and send it, by the button beside its name."""
    Image.new("RGB", (320, 240), "white").save(photo)
    paper = page.locator("#materials .paper").filter(has_text=material)
    with page.expect_file_chooser() as choosing:
        paper.get_by_text("上传").first.tap()
    choosing.value.set_files(photo)
    expect(paper).to_contain_text(photo.name)


def test_own_work_is_finished_and_an_application_taken_back_and_made_again(
    module_city: City, visitor: Visiting
) -> None:
    page = visitor(module_city, ME, phone=True).open("/tasks")
    take_up(page, "编制设计方案", STREET)
    answer(page, send="完成", 说明="方案已通过内部评审")
    expect(told(page)).to_contain_text("完成，已办理。")
    go(page, "项目")
    page.get_by_role("main").get_by_role("link", name=STREET).tap()
    expect(entry(page, "编制设计方案：已完成")).to_be_visible()
    opened = page.locator("#project-open")
    entry(opened, "国有土地使用权登记").get_by_role("link", name=re.compile("撤回")).tap()
    fill(page, {"理由": "宗地图有误，重新测绘"})
    page.get_by_role("button", name="撤回申请").tap()
    expect(told(page)).to_have_text("已撤回“国有土地使用权登记”的申请。")
    expect(entry(opened, "国有土地使用权登记")).to_contain_text("已撤回")
    to_do = page.get_by_role("region", name="需要您办理")
    entry(to_do, "国有土地使用权登记").get_by_role("link", name="再次申请").tap()
    page.get_by_role("button", name="再次申请").tap()
    expect(told(page)).to_have_text("已重新申请“国有土地使用权登记”。")
    theirs = visitor(module_city, "clerk-land").open("/tasks")
    take_up(theirs, "国有土地使用权登记", STREET)
    expect(theirs.locator(".meta")).to_contain_text("第 2 次申请")


def test_a_project_of_ones_own_is_registered_furnished_and_started(
    module_city: City, visitor: Visiting, tmp_path: Path
) -> None:
    page = visitor(module_city, ME, phone=True).open("/")
    page.get_by_role("link", name="登记项目").tap()
    expect(page.get_by_label("建设单位")).to_have_value(MY_NAME)
    fill(page, {"项目名称": NEW})
    page.get_by_role("radio", name=re.compile("房地产项目（2014）")).check()
    page.get_by_role("button", name="只登记").tap()
    expect(told(page)).to_contain_text("还没有启动")
    page.get_by_role("link", name="材料与上传").tap()
    hand_in(page, tmp_path / "项目简介.txt")
    page.get_by_label("所在位置").get_by_role("link").last.tap()
    page.get_by_role("link", name="启动", exact=True).tap()
    page.get_by_role("button", name="启动", exact=True).tap()
    expect(page.get_by_role("region", name="进度")).to_contain_text("承诺 29 天")
    expect(page.locator("#project-open")).to_contain_text("签订国有土地出让合同")
    assert_fits(page)


def hand_in(page: Page, file: Path) -> None:
    """Send a file for the project as a whole."""
    file.write_text("菱湖北路A-13地块，用地3.1公顷。", encoding="utf-8")
    page.get_by_label(re.compile("^选择文件")).set_input_files(file)
    page.get_by_role("button", name="上传", exact=True).tap()
    expect(page.locator("#documents").get_by_role("link", name=file.name)).to_be_visible()
    assert_fits(page)


def test_nobody_sees_what_is_others(module_city: City, visitor: Visiting) -> None:
    me = visitor(module_city, ME, phone=True)
    page = me.open("/projects")
    rows = page.locator("main [data-key]")
    expect(rows.filter(has_text=MY_NAME)).to_have_count(rows.count())
    page = me.open("/search?q=振风")
    expect(page.get_by_role("main")).not_to_contain_text("振风精密汽车零部件二期厂房")
    others = module_city.places()["running"]
    me.open(f"/projects/{others}", status=404)
    expect(page.get_by_role("main")).to_contain_text("没有找到")
