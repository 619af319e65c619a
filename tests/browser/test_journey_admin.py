"""An administrator: from an empty installation to the first project; people come, change and go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import city as cities
from tests.browser.city import PASSWORD, City
from tests.browser.conftest import Visiting
from tests.browser.deeds import entry, exported, fill, log_in, names, told

GONE = "程立群"


@pytest.fixture
def empty_city(home: Path, tmp_path: Path) -> Iterator[City]:
    """An installation as it comes, with nobody in it."""
    with cities.running("new", cities.template("new", home), tmp_path / "city") as city:
        yield city


def test_the_first_administrator_brings_an_installation_to_its_first_project(
    empty_city: City, visitor: Visiting
) -> None:
    admin = visitor(empty_city, "")
    admin.watch.expected |= {422, 403}
    page = admin.open("/")
    set_up(page)
    add(page, "wang", "王主任", ("协调员", ""), ("流程分析员", ""))
    add(page, "zhang", "章慧", ("窗口人员", "发改委"))
    expect(page.locator(".meta")).to_contain_text("共 3 位用户")
    centre = visitor(empty_city, "")
    register(log_in(centre, "wang"))
    window = visitor(empty_city, "")
    works_at_the_window(log_in(window, "zhang"))
    window.open("/users", status=403)
    expect(window.page.get_by_role("main")).to_contain_text("您没有办理这件事的权限")


def set_up(page: Page) -> None:
    """Become the first administrator; two passwords that differ are told, and the name stays."""
    expect(page.get_by_role("heading", name="首次设置")).to_be_visible()
    fill(page, {"用户名": "root", "密码": PASSWORD, "再输一次密码": "something else"})
    page.get_by_role("button", name="添加管理员").click()
    expect(page.get_by_role("alert")).to_contain_text("两次输入的密码不一致")
    expect(page.get_by_label("用户名")).to_have_value("root")
    fill(page, {"密码": PASSWORD, "再输一次密码": PASSWORD})
    page.get_by_role("button", name="添加管理员").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def add(page: Page, name: str, shown: str, *roles: tuple[str, str]) -> None:
    """Add somebody with roles, each in a department or in none."""
    page.get_by_label("主导航").get_by_role("link", name="人员").click()
    page.get_by_role("link", name="添加用户").click()
    fill(page, {"用户名": name, "姓名": shown, "密码": PASSWORD})
    for number, (role, department) in enumerate(roles, 1):
        page.get_by_label(f"第 {number} 个角色", exact=True).select_option(label=role)
        if department:
            page.get_by_label(f"第 {number} 个角色的部门").select_option(label=department)
    page.get_by_role("button", name="添加用户").click()
    expect(told(page)).to_have_text(f"已添加用户 {name}。")
    expect(entry(page, shown)).to_contain_text(roles[0][0])


def register(page: Page) -> None:
    """Register the first project."""
    page.get_by_label("主导航").get_by_role("link", name="项目").click()
    page.get_by_role("main").get_by_role("link", name="登记项目").first.click()
    fill(page, {"项目名称": "第一座厂房", "建设单位": "第一家公司"})
    page.get_by_role("radio", name=re.compile("工业项目（2014）")).check()
    page.get_by_role("button", name="登记并启动").click()
    expect(told(page)).to_have_text("已登记并启动 LS2014-0001。")


def works_at_the_window(page: Page) -> None:
    """Who was added works in their department, and sees nothing to administer."""
    expect(page.locator(".me-name")).to_contain_text("章慧发改委 窗口人员")
    expect(page.get_by_label("主导航").get_by_role("link", name="人员")).to_have_count(0)
    page.get_by_label("主导航").get_by_role("link", name="待办").click()
    expect(entry(page, "第一座厂房")).to_contain_text("企业投资项目备案")


# -- people change and go --------------------------------------------------------------------------


def test_a_name_that_is_taken_is_told_and_the_rest_stays(
    module_city: City, visitor: Visiting
) -> None:
    admin = visitor(module_city, "admin")
    admin.watch.expected.add(409)
    page = admin.open("/users/new")
    fill(page, {"用户名": "clerk-plan", "姓名": "余敏敏", "密码": PASSWORD})
    page.get_by_role("button", name="添加用户").click()
    expect(page.get_by_role("alert")).to_contain_text("这个名称已有人使用。 请换一个名称。")
    expect(page.get_by_label("姓名")).to_have_value("余敏敏")
    expect(page.get_by_role("textbox", name="用户名")).to_be_focused()


def test_people_are_found_and_taken_along(module_city: City, visitor: Visiting) -> None:
    page = visitor(module_city, "admin").open("/users")
    page.get_by_label("部门").select_option("PLAN")
    page.wait_for_url(re.compile("department=PLAN"))
    shown = names(page)
    assert shown == ["余敏", "方静", "程立群", "汪守正"]
    for kind in ("csv", "xlsx"):
        assert [row["姓名"] for row in exported(page, kind)] == shown
    page.get_by_role("searchbox", name="用户名或姓名").fill("方")
    page.get_by_role("button", name="筛选").click()
    expect(entry(page)).to_have_count(1)


def test_a_change_that_came_between_is_told_and_nothing_typed_is_lost(
    module_city: City, visitor: Visiting
) -> None:
    first, second = (visitor(module_city, "admin") for _ in range(2))
    first.watch.expected.add(412)
    pages = [each.open("/users") for each in (first, second)]
    for page in pages:
        page.get_by_role("link", name="梁正明（监察局）").click()
    change(pages[1], 姓名="梁正明（监察委）")
    expect(told(pages[1])).to_have_text("已更新用户 supervisor。")
    change(pages[0], 姓名="梁正明（监察室）")
    expect(pages[0].get_by_role("alert")).to_contain_text("在您填写期间，已有人作了改动")
    expect(pages[0].get_by_role("alert").get_by_role("listitem")).to_contain_text("admin")
    expect(pages[0].get_by_label("姓名")).to_have_value("梁正明（监察室）")
    change(pages[0])
    expect(told(pages[0])).to_have_text("已更新用户 supervisor。")
    expect(entry(pages[0], "梁正明（监察室）")).to_be_visible()


def change(page: Page, **fields: str) -> None:
    """Type into the form of a user, and send it."""
    fill(page, fields)
    page.get_by_role("button", name="保存").click()


def test_who_leaves_is_logged_out_and_the_last_administrator_stays(
    module_city: City, visitor: Visiting
) -> None:
    admin, leaving = visitor(module_city, "admin"), visitor(module_city, "reviewer-plan-2")
    admin.watch.expected.add(409)
    theirs = leaving.open("/tasks")
    page = admin.open("/users?q=程立群")
    page.get_by_role("link", name=GONE).click()
    page.get_by_role("radio", name=re.compile("停用")).check()
    change(page)
    expect(entry(page, GONE)).to_contain_text("停用")
    theirs.get_by_label("主导航").get_by_role("link", name="项目").click()
    expect(theirs.get_by_role("heading", name="登录", exact=True)).to_be_visible()
    page.get_by_role("searchbox", name="用户名或姓名").fill("丁浩")
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("link", name="丁浩（信息中心）").click()
    page.get_by_label("第 1 个角色", exact=True).select_option(label="无")
    change(page)
    expect(page.get_by_role("alert")).to_contain_text("至少要有一位在用的管理员")
    page.get_by_label("主导航").get_by_role("link", name="工作台").click()
    expect(page.get_by_label("主导航").get_by_role("link", name="人员")).to_be_visible()
