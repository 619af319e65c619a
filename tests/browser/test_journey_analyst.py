"""An analyst: takes a procedure along, is shown on its diagram what is wrong, deploys it mended."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Download, FilePayload, Locator, Page, expect

from tests.browser.city import City
from tests.browser.conftest import Visiting
from tests.browser.deeds import entry, fill, told

NAME, ADDRESS = "工业项目（2014）", "/procedures/industrial-2014"
Files = dict[str, bytes]


def test_a_procedure_is_taken_along_broken_mended_and_deployed(
    own_city: City, visitor: Visiting
) -> None:
    page = visitor(own_city, "analyst").open("/procedures")
    page.get_by_role("link", name=NAME).click()
    files = taken_along(page)
    faster = changed(
        files, "procedure.yaml", "IND-08: {promised_days: 7", "IND-08: {promised_days: 5"
    )
    broken = changed(faster, "planning.bpmn", 'calledElement="item"', 'calledElement="itme"')
    page.get_by_role("link", name="部署新版本").click()
    check(page, broken)
    is_shown_on_the_diagram(page)
    page.get_by_role("link", name="换文件再检查").click()
    check(page, faster)
    deploy(page)
    is_used_by_new_projects(visitor(own_city).open("/projects/new"))
    page.get_by_role("link", name="部署新版本").click()
    check(page, faster)
    expect(page.get_by_role("heading", level=1)).to_contain_text("没有新内容")
    expect(page.get_by_role("button", name="部署", exact=True)).to_be_disabled()


def taken_along(page: Page) -> Files:
    """Take all files of the procedure along."""
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载全部文件").click()
    return unpacked(coming.value)


def unpacked(archive: Download) -> Files:
    """Return the files of an archive by their names, without its folder."""
    with zipfile.ZipFile(Path(archive.path())) as held:
        names = [name for name in held.namelist() if not name.endswith("/")]
        return {Path(name).name: held.read(name) for name in names}


def changed(files: Files, name: str, before: str, after: str) -> Files:
    """Return files with a text of one of them changed; it must be there."""
    assert before.encode() in files[name]
    return {**files, name: files[name].replace(before.encode(), after.encode(), 1)}


def check(page: Page, files: Files) -> None:
    """Send the files as a ZIP archive to be checked."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for name, content in files.items():
            written.writestr(f"industrial-2014/{name}", content)
    archive: FilePayload = {
        "name": "faster.zip",
        "mimeType": "application/zip",
        "buffer": target.getvalue(),
    }
    page.get_by_label("流程文件").set_input_files(files=archive)
    page.get_by_role("button", name="检查").click()
    page.wait_for_url(re.compile(r"/procedures/deploy/.+"))


def is_shown_on_the_diagram(page: Page) -> None:
    """The problem is marked where it is; list and diagram lead to each other."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("不能部署")
    problem = page.locator("[data-problem-element]").filter(has_text="planning.bpmn")
    element = problem.first.get_attribute("data-problem-element")
    drawn = page.locator(f'.djs-element[data-element-id="{element}"]')
    expect(drawn).to_have_class(re.compile("is-problem-error"))
    problem.first.get_by_role("button").click()
    expect(drawn).to_have_class(re.compile("is-chosen"))
    expect(page.locator(".diagram-problem").first).to_have_text("1")
    button = page.get_by_role("button", name="部署", exact=True)
    expect(button).to_be_disabled()
    expect(page.locator("#why")).to_contain_text("改正后重新上传才能部署")


def deploy(page: Page) -> None:
    """See what the change brings, and deploy it."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("可以部署")
    expect(total(page, "计时总天数")).to_contain_text(re.compile(r"28.*26", re.DOTALL))
    page.get_by_role("button", name="部署", exact=True).click()
    expect(told(page)).to_contain_text(f"已部署 {NAME} 第 2 版；新项目从现在起使用它。")
    page.get_by_label("流程的各部分").get_by_role("link", name="版本与文件").click()
    expect(page.get_by_role("row", name=re.compile("第 2 版 最新"))).to_contain_text("10-16 10:00")


def total(page: Page, label: str) -> Locator:
    """Return a total and how it changes."""
    return page.locator(".strip > *").filter(has_text=label)


def is_used_by_new_projects(page: Page) -> None:
    """A project that is registered now follows it; those under way keep theirs."""
    chosen = page.get_by_role("radio", name=re.compile(re.escape(NAME)))
    expect(page.locator(".procedure-card").filter(has=chosen)).to_contain_text("第 2 版")
    fill(page, {"项目名称": "两版之间的厂房", "建设单位": "安庆振风精密机械有限公司"})
    chosen.check()
    page.get_by_role("button", name="登记并启动").click()
    expect(page.get_by_role("region", name="进度")).to_contain_text("承诺 26 天")
    page.get_by_label("主导航").get_by_role("link", name="项目").click()
    entry(page, "高花电子元件厂房").get_by_role("link").click()
    expect(page.locator(".meta")).to_contain_text("第 1 版")
    expect(page.get_by_role("region", name="进度")).to_contain_text("承诺 28 天")
