"""What readers of every tutorial do again and again: start, change chairs, type commands."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.lesson import Reader

ROOT = Path(__file__).parents[2]
PROMISED_ADDRESS = "http://127.0.0.1:8080"
#: what a reader types, and what stands for it here
HERE = {".venv/bin/": f"{Path(sys.executable).parent}/"}


def begin(reader: Reader) -> None:
    """Open the login page, in one's language."""
    reader.visitor.open("/login")
    english, chinese = reader.words("English"), reader.words("中文")
    button = reader.page.get_by_role("button", name=english)
    expect(button).to_be_visible()
    if reader.language == "en":
        button.click()
        expect(reader.page.get_by_role("button", name=chinese)).to_be_visible()


def log_out(reader: Reader) -> None:
    """Leave by the menu with one's name."""
    reader.page.locator("details.me > summary").click()
    reader.press("退出登录")
    reader.page.wait_for_url("**/login*")


def sit_down(reader: Reader, department: str) -> None:
    """Log in as one of a department's people."""
    row = reader.page.get_by_role("row").filter(has_text=reader.words(department))
    reader.press_code(row)
    expect(reader.page.locator("details.me")).to_be_visible()


def arrive(reader: Reader) -> None:
    """Log in as the company."""
    kind, company = reader.words("申请人"), reader.code()
    reader.page.get_by_role("button", name=f"{kind} {company}").click()
    expect(reader.page.locator("details.me")).to_be_visible()


def submit(reader: Reader, button: str = "提交结论") -> None:
    """Send the answer; the page that follows says that it is done."""
    reader.press(button)
    expect(reader.page.locator("p.notice")).to_be_visible()


def typed(reader: Reader, others: Mapping[str, str] | None = None) -> str:
    """Type what is quoted next into a terminal that stands in the clone; returns what it says."""
    commands, city = reader.commands(), reader.visitor.city
    for promised, here in {**HERE, PROMISED_ADDRESS: city.address, **(others or {})}.items():
        commands = commands.replace(promised, here)
    done = subprocess.run(
        ["bash", "-e", "-c", commands],
        cwd=ROOT,
        env=city.installation.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
