"""Users, their roles, one's own account."""

from __future__ import annotations

import csv
import io

from openpyxl import load_workbook

from tests.api.conftest import Service
from tests.web.conftest import PASSWORD, Enter


def test_a_user_is_added_found_and_stopped(enter: Enter) -> None:
    admin = enter("admin")
    fields = {"name": "li.wei", "display_name": "李伟", "password": PASSWORD}
    shown = admin.send("/users/new", "/users/new", **fields, role="reviewer", department="LAND")
    assert "已添加用户 li.wei。" in shown.text
    shown = admin.get("/users?q=李&role=reviewer&department=LAND")
    assert shown.all("//tbody//a") == ["李伟"]
    [address] = shown.tree.xpath("//tbody//a/@href")
    assert "已更新用户 li.wei。" in admin.send(address, address, active="no").text
    assert enter("li.wei").last.status == 401


def test_what_cannot_be_is_told_and_what_was_typed_stays(enter: Enter) -> None:
    admin = enter("admin")
    shown = admin.send("/users/new", "/users/new", name="wang", password=PASSWORD, role="clerk")
    assert shown.status == 422
    assert "窗口和审批人员须属于一个部门" in shown.text
    assert shown.tree.xpath("//input[@name='name']/@value") == ["wang"]
    assert shown.tree.xpath("//select[@name='role']/option[@selected]/@value") == ["clerk"]


def test_two_administrators_do_not_overwrite_each_other(enter: Enter) -> None:
    first, second = enter("admin"), enter("admin")
    first.get("/users")
    [address] = first.last.tree.xpath("//tbody//a[.='analyst']/@href")
    first.get(address)
    second.send(address, address, display_name="分析员")
    shown = first.send(address, display_name="另一个名字")
    assert shown.status == 412
    assert "已有人作了改动" in shown.text
    assert "admin" in shown.one("//ul[@class='changes']/li")
    assert shown.tree.xpath("//input[@name='display_name']/@value") == ["另一个名字"]


def test_the_list_is_a_file_too(enter: Enter) -> None:
    admin = enter("admin")
    admin.send(
        "/users/new", "/users/new", name="x", display_name="=1+1", password=PASSWORD, role="analyst"
    )
    rows = list(csv.reader(io.StringIO(admin.get("/users?format=csv").body.decode("utf-8-sig"))))
    assert rows[0][:3] == ["用户名", "姓名", "角色"]
    assert ["x", "'=1+1", "流程分析员"] in [row[:3] for row in rows]
    book = load_workbook(io.BytesIO(admin.get("/users?format=xlsx").body))
    [sheet] = book.worksheets
    assert [row[0].value for row in sheet.iter_rows()] == [row[0] for row in rows]


def test_only_administrators_see_users(enter: Enter) -> None:
    shown = enter("coordinator").get("/users")
    assert (shown.status, "没有办理这件事的权限" in shown.text) == (403, True)


def test_a_password_is_changed_by_who_knows_it(enter: Enter) -> None:
    here, there = enter("analyst"), enter("analyst")
    new = "another good password"
    shown = here.send("/account/password", "/account", present="wrong", password=new, again=new)
    assert (shown.status, "用户名或密码不对。" in shown.text) == (401, True)
    shown = here.send("/account/password", present=PASSWORD, password=new, again=new)
    assert "密码已更改" in shown.text
    assert there.get("/account").one("//h1") == "登录"


def test_a_token_is_shown_once_and_can_be_ended(service: Service, enter: Enter) -> None:
    analyst = enter("analyst")
    shown = analyst.send("/account/tokens", "/account", name="统计系统", days="30")
    [secret] = shown.tree.xpath("//input[@id='token']/@value")
    bearer = {"Authorization": f"Bearer {secret}"}
    assert service.app.test_client().get("/api/v1/me", headers=bearer).status_code == 200
    shown = analyst.get("/account")
    assert secret not in shown.body.decode()
    listed = analyst.get("/account?format=csv").body.decode("utf-8-sig")
    assert "统计系统" in listed
    assert secret not in listed
    shown = analyst.get("/account")
    [action] = shown.tree.xpath("//tr[contains(., '统计系统')]//form/@action")
    assert "令牌已作废。" in analyst.send(action).text
    assert service.app.test_client().get("/api/v1/me", headers=bearer).status_code == 401


def test_mail_goes_where_a_user_says(enter: Enter) -> None:
    clerk = enter("clerk")
    refused = clerk.send("/account/email", "/account", email="nowhere")
    assert refused.status == 422
    assert "例如 li.wei@example.cn" in refused.text
    clerk.send("/account/email", email="clerk@plan.example.cn")
    [kept] = clerk.get("/account").tree.xpath("//input[@name='email']/@value")
    assert kept == "clerk@plan.example.cn"
