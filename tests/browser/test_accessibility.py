"""Every page, in both languages, wide and 390 px, breaks no rule of WCAG 2.2 A or AA."""

from __future__ import annotations

import pytest

from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.conftest import CITIES, Visiting
from tests.browser.sites import SITES, Site
from tests.browser.visitor import PHONE

LANGUAGES = ("zh", "en")
FULL = [pytest.param(site, site.city, id=site.name) for site in SITES]
EMPTY = [pytest.param(site, "bare", id=f"{site.name}-empty") for site in SITES if site.empty]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("site", "kind"), [*FULL, *EMPTY])
def test_page_is_accessible(
    site: Site, kind: str, language: str, visitor: Visiting, request: pytest.FixtureRequest
) -> None:
    city = request.getfixturevalue(CITIES[kind])
    path, name = site.at(city.places())
    somebody = visitor(city, name, language=language)
    page = somebody.open(path, site.status)
    for width in (None, PHONE["viewport"]):
        if width:
            page.set_viewport_size(width)
        somebody.rest()
        assert_accessible(page)
        assert_fits(page)
