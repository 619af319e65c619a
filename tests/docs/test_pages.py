"""The reference of pages has every address, and says of each who may see it as the table does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from api.permissions import EVERY_ROLE, LOGGED_IN, PUBLIC, STAFF, allowed
from api.web.page import Page
from api.web.site import pages
from engine.service.work import ROLES
from tests.docs.documents import ROOT

REFERENCE = ROOT / "docs" / "reference" / "pages.md"
ROW = re.compile(r"^\| `(?P<address>/[^`]*)` \| (?P<what>.+) \| (?P<who>.+) \|$")
#: how the reference calls the sets of roles that the table of permissions names
CALLED = {
    PUBLIC: "anybody",
    LOGGED_IN: "every user",
    EVERY_ROLE: "every user",
    STAFF: "all but applicants",
}


def rows() -> Iterator[tuple[str, str, str]]:
    """Each row of the reference: GET or POST, the address, and who may."""
    method = "GET"
    for line in REFERENCE.read_text(encoding="utf-8").splitlines():
        method = "POST" if line == "## Actions" else method
        if found := ROW.match(line):
            yield method, found["address"], found["who"]


def described(page: Page) -> tuple[str, str, str]:
    """The row that a page should have."""
    return page.method, re.sub(r"<\w+:(\w+)>", r"{\1}", page.rule), who(page)


def who(page: Page) -> str:
    """Who may see a page, an administrator apart."""
    roles = allowed(page.operation)
    return CALLED.get(roles, ", ".join(role for role in ROLES if role in roles))


@pytest.mark.parametrize("page", list(pages()), ids=lambda page: page.name)
def test_every_page_is_described_with_who_may(page: Page) -> None:
    assert described(page) in set(rows())


def test_every_address_of_the_reference_is_a_page() -> None:
    listed = list(rows())
    assert [row for row in listed if row not in {described(page) for page in pages()}] == []
    assert len(listed) == len(set(listed))
