"""The table of pages forgets none, and has none that is not there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from api.app import create_app
from api.web.site import PREFIX, pages
from engine.settings import Settings
from engine.store.database import open_database
from tests.browser.sites import PARTS, SITES, Site


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    settings = replace(Settings(), database_url=sqlite_url, data_dir=tmp_path)
    engine = open_database(sqlite_url, "NORMAL")
    yield create_app(settings, engine)
    engine.dispose()


def shown(app: Flask, site: Site) -> str | None:
    """The name of the page at a site's address; None where there is none."""
    path, _ = site.at(defaultdict(lambda: "1"))
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(path).path, method="GET")
    except NotFound:
        return None
    return str(endpoint).removeprefix(PREFIX)


def test_every_page_is_in_the_table_or_part_of_one(app: Flask) -> None:
    served = {page.name for page in pages() if page.safe}
    listed = {shown(app, site) for site in SITES}
    assert served - listed - PARTS == set()


def test_parts_are_served_and_no_pages_of_their_own(app: Flask) -> None:
    listed = {shown(app, site) for site in SITES}
    assert PARTS & listed == set()
    assert {page.name for page in pages() if page.safe} >= PARTS


def test_every_site_is_served(app: Flask) -> None:
    assert [site.name for site in SITES if shown(app, site) is None and site.status != 404] == []


def test_names_are_given_once() -> None:
    assert [name for name, times in Counter(site.name for site in SITES).items() if times > 1] == []
