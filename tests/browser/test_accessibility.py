"""Every page, in both languages, at a desk and on a phone, breaks no rule of WCAG 2.2 A or AA."""

from __future__ import annotations

import pytest

from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.conftest import CITIES, Visiting
from tests.browser.sites import SITES, Site

LANGUAGES = ("zh", "en")
DEVICES = (False, True)
FULL = [pytest.param(site, site.city, id=site.name) for site in SITES]
EMPTY = [pytest.param(site, "bare", id=f"{site.name}-empty") for site in SITES if site.empty]


@pytest.mark.parametrize("phone", DEVICES, ids=["desk", "phone"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("site", "kind"), [*FULL, *EMPTY])
def test_page_is_accessible(
    site: Site,
    kind: str,
    language: str,
    *,
    phone: bool,
    visitor: Visiting,
    request: pytest.FixtureRequest,
) -> None:
    city = request.getfixturevalue(CITIES[kind])
    path, name = site.at(city.places())
    somebody = visitor(city, name, language=language, phone=phone)
    somebody.open(path, site.status)
    page = somebody.rest()
    assert_accessible(page)
    assert_fits(page)
