"""axe-core on a page: what of WCAG 2.2, levels A and AA, a machine can see."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
RUN = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})"
#: elements of one rule that a report names
SHOWN = 8


@cache
def script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Return a paragraph for each rule that the page breaks."""
    # evaluated from outside, where the page's own policy does not reach
    page.evaluate(script())
    found = page.evaluate(RUN, list(TAGS))["violations"]
    return [told(each) for each in found]


def told(violation: Mapping[str, Any]) -> str:
    """Return a broken rule with the elements that break it, as people read it."""
    nodes = violation["nodes"]
    lines = [f"{violation['id']} ({violation['impact']}, {len(nodes)}×): {violation['help']}"]
    for node in nodes[:SHOWN]:
        lines += [f"    {' '.join(map(str, node['target']))}", f"        {node['html'][:160]}"]
        lines += [f"        {check['message']}" for check in (*node["any"], *node["all"])[:2]]
    return "\n".join(lines)


def assert_accessible(page: Page) -> None:
    """Fail with every broken rule of a page."""
    found = violations(page)
    assert not found, "\n".join([f"{page.url} breaks:", *found])


def assert_fits(page: Page) -> None:
    """Fail where a page is wider than its window: only parts of it may scroll sideways."""
    width, wanted = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= wanted, f"{page.url} is {width} px wide in a window of {wanted} px"
