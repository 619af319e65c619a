"""What people do at the pages, as they do it: log in, find, take up, answer, take along."""

from __future__ import annotations

import csv
import re
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Download, Locator, Page, expect

from api.demonstration.paper import pdf
from tests.browser.city import PASSWORD
from tests.browser.visitor import Visitor

#: what a list is taken along as, by what its menu calls it
KINDS = {"csv": "CSV", "xlsx": "Excel (.xlsx)"}
Rows = list[dict[str, str]]


def log_in(visitor: Visitor, name: str, password: str = PASSWORD) -> Page:
    """Come in through the door; returns the page one is on then."""
    page = visitor.open("/login")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator(".me, .tabbar").first).to_be_visible()
    return page


def entry(place: Page | Locator, *texts: str) -> Locator:
    """Return the row of a list, on a page or a part of it, that says all this."""
    row = place.locator("[data-key]")
    for text in texts:
        row = row.filter(has_text=text)
    return row


def names(page: Page, region: str = "main") -> list[str]:
    """Return what the rows of a list are called, from top to bottom."""
    return page.locator(f"{region} [data-key] a.title").all_inner_texts()


def come_back(page: Page) -> None:
    """Come back to the page from another tab: what is live on it asks at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def take_up(page: Page, item: str, project: str) -> Page:
    """Open a task from the list one is on."""
    entry(page, project).get_by_role("link", name=item, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(item)
    return page


def fill(place: Page | Locator, fields: dict[str, str]) -> None:
    """Type into fields, by their labels."""
    for label, text in fields.items():
        field(place, label).fill(text)


def field(place: Page | Locator, label: str) -> Locator:
    """Return the field with a label, which may be marked as required."""
    return place.get_by_label(re.compile(rf"^\s*{re.escape(label)}(\s*\*)?\s*$"))


def answer(page: Page, verdict: str = "", send: str = "提交结论", **fields: str) -> None:
    """Choose a verdict, say what it asks for, and send it."""
    form = page.locator("#answer")
    if verdict:
        form.get_by_role("radio", name=verdict, exact=True).check()
    fill(form, fields)
    # the button may stand outside of its form
    page.get_by_role("button", name=send, exact=True).click()


def told(page: Page) -> Locator:
    """Return what the page says has been done."""
    return page.locator("p.notice")


def upload(page: Page, material: str, file: Path) -> None:
    """Hand in a paper for a material, on the page of a task; it is sent as it is chosen."""
    file.write_bytes(pdf(file.stem, []))
    paper = page.locator("#materials .paper").filter(has_text=material)
    paper.locator("input[type=file]").set_input_files(file)
    expect(page.locator("#materials")).to_contain_text(file.name)


def sheet(page: Page, title: str) -> Locator:
    """Open the document that an answer brought about; returns the paper as it is printed."""
    told(page).get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.emulate_media(media="print")
    expect(page.get_by_role("banner").or_(page.locator(".bar")).first).to_be_hidden()
    paper = page.locator(".sheet")
    expect(paper.locator(".sheet-title")).to_have_text(title)
    page.emulate_media(media="screen")
    return paper


def exported(page: Page, kind: str) -> Rows:
    """Take the list of the page along as a file, and read that."""
    page.locator("details.exports > summary").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name=KINDS[kind], exact=True).click()
    page.keyboard.press("Escape")
    return read(coming.value, kind)


def read(download: Download, kind: str) -> Rows:
    """Return the rows of a file, by its headings."""
    content = Path(download.path()).read_bytes()
    if kind == "csv":
        return list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    [sheet] = load_workbook(BytesIO(content)).worksheets
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, headings), map(text, row), strict=True)) for row in rows]


def text(value: object) -> str:
    """Return what a cell holds as a reader sees it; nothing for an empty one."""
    return "" if value is None else str(value)
