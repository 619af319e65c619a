"""Logging in and out, the first administrator, the language, and pages that are not there."""

from __future__ import annotations

from tests.api.conftest import Service
from tests.web.conftest import PASSWORD, Enter
from tests.web.visitor import Visitor


def test_who_is_not_logged_in_is_led_to_the_login_and_back(enter: Enter) -> None:
    stranger = enter()
    shown = stranger.get("/users?q=li")
    assert shown.one("//h1") == "登录"
    shown = stranger.send("/login", name="admin", password=PASSWORD)
    assert shown.status == 200
    assert shown.tree.xpath("//input[@name='q' and @value='li']")


def test_a_wrong_password_is_told_and_the_name_stays(enter: Enter) -> None:
    stranger = enter()
    shown = stranger.send("/login", "/login", name="admin", password="no such word")
    assert shown.status == 401
    assert "用户名或密码不对。" in shown.text
    assert shown.tree.xpath("//input[@name='name']/@value") == ["admin"]
    assert "no such word" not in shown.body.decode()


def test_another_site_is_not_where_the_login_leads(enter: Enter) -> None:
    for address in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        stranger = enter()
        stranger.get("/login")
        data = stranger.form("/login") | {"name": "admin", "password": PASSWORD, "next": address}
        answer = stranger.client.post("/login", data=data)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_who_logs_out_is_out(enter: Enter) -> None:
    admin = enter("admin")
    assert "已退出登录。" in admin.send("/logout", "/account").text
    assert admin.get("/account").one("//h1") == "登录"


def test_a_form_of_another_site_changes_nothing(enter: Enter) -> None:
    admin = enter("admin")
    admin.get("/account")
    shown = admin.post("/account/tokens", {"name": "stolen", "_csrf": "0" * 64})
    assert shown.status == 403
    assert "stolen" not in admin.get("/account").text


def test_a_form_of_a_session_that_ended_is_kept_and_can_be_sent_again(enter: Enter) -> None:
    admin = enter("admin")
    admin.get("/users/new")
    old = admin.form("/users/new")
    admin.send("/logout", "/account")
    admin.send("/login", "/login", name="admin", password=PASSWORD)
    typed = old | {"name": "li.wei", "password": PASSWORD, "role": "analyst"}
    shown = admin.post("/users/new", typed)
    assert shown.status == 403
    assert "内容已保留" in shown.text
    assert shown.tree.xpath("//input[@name='name']/@value") == ["li.wei"]
    again = admin.form("/users/new") | {"password": PASSWORD}
    assert "已添加用户 li.wei。" in admin.post("/users/new", again).text


def test_an_ended_session_is_told_beside_the_form(enter: Enter) -> None:
    stranger = enter()
    shown = stranger.post("/users/new", {"name": "x"}, **{"HX-Request": "true"})
    assert shown.status == 401
    assert shown.headers["HX-Retarget"] == "#failure"
    assert "在新窗口登录" in shown.text


def test_the_first_administrator_is_added_where_there_is_none(bare: Service) -> None:
    founder = Visitor(bare.app)
    assert founder.get("/login").one("//h1") == "首次设置"
    shown = founder.send("/setup", name="root", password=PASSWORD, again="another")
    assert (shown.status, "两次输入的密码不一致。" in shown.text) == (422, True)
    shown = founder.send("/setup", name="root", password=PASSWORD, again=PASSWORD)
    assert "root" in founder.get("/users").text
    assert founder.get("/setup").one("//h1") != "首次设置"


def test_the_first_administrator_from_elsewhere_needs_the_code(bare: Service) -> None:
    elsewhere = Visitor(bare.app)
    headers = {"X-Forwarded-For": "203.0.113.9"}
    form = {"name": "root", "password": PASSWORD, "again": PASSWORD}
    assert elsewhere.post("/setup", form, **headers).status == 403
    assert elsewhere.post("/setup", form | {"code": "the-code"}, **headers).status in {200, 404}
    assert elsewhere.get("/users").status == 200


def test_pages_speak_the_language_that_is_chosen(enter: Enter) -> None:
    stranger = enter()
    assert stranger.get("/login").tree.get("lang") == "zh-CN"
    shown = stranger.send("/language", language="en")
    assert (shown.tree.get("lang"), shown.one("//h1")) == ("en", "Log in")


def test_an_address_that_does_not_exist_says_so(enter: Enter) -> None:
    shown = enter().get("/nowhere")
    assert (shown.status, shown.one("//h1")) == (404, "没有找到。")
    assert shown.headers["Content-Type"].startswith("text/html")


def test_what_is_not_found_is_told_in_the_frame_of_the_pages(enter: Enter) -> None:
    admin = enter("admin")
    shown = admin.get("/users/4711")
    assert (shown.status, shown.one("//h1")) == (404, "没有找到。")
    assert shown.all("//a[@href='/users']")


def test_pages_allow_no_script_of_others(enter: Enter) -> None:
    shown = enter().get("/login")
    policy = shown.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert not shown.tree.xpath("//script[not(@src)] | //@*[starts-with(name(), 'on')] | //@style")
