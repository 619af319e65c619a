"""The tutorials are followed to their ends, in both languages, by who does only what they say."""

from __future__ import annotations

import os
from types import ModuleType

import pytest
from PIL import Image

from tests.browser import lesson_permit, lesson_review, lesson_scenario
from tests.browser.city import City
from tests.browser.conftest import Visiting
from tests.browser.lesson import HEIGHT, WIDTH, Reader, Section, sections

#: a tutorial's document, `TUTORIAL`, and what is done in each of its sections, `FOLLOWED`
LESSONS = (lesson_permit, lesson_review, lesson_scenario)
FOLDER = lesson_permit.TUTORIAL.parent
#: `make screenshots` takes the tutorials' pictures anew, in English
WRITE = "LIANSHEN_WRITE_PICTURES"
MOST_BYTES = 150_000


def pictures(read: list[Section]) -> list[str]:
    """Return the pictures of a tutorial, as it names them."""
    return [part["picture"] for each in read for part in each.parts if "picture" in part]


PICTURES = [name for lesson in LESSONS for name in pictures(sections(lesson.TUTORIAL))]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda each: each.TUTORIAL.stem)
def test_every_section_is_followed(lesson: ModuleType) -> None:
    assert [each.number for each in sections(lesson.TUTORIAL)] == list(lesson.FOLLOWED)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda each: each.TUTORIAL.stem)
def test_who_does_what_it_says_comes_to_its_end(
    lesson: ModuleType, language: str, own_city: City, visitor: Visiting
) -> None:
    album = FOLDER if language == "en" and os.environ.get(WRITE) else None
    reader = Reader(visitor(own_city, ""), language, album)
    reader.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    for section in sections(lesson.TUTORIAL):
        reader.read(section)
        lesson.FOLLOWED[section.number](reader)
        reader.end()


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_light(name: str) -> None:
    path = FOLDER / name
    with Image.open(path) as image:
        assert (image.mode, image.width) == ("P", WIDTH)
    assert path.stat().st_size < MOST_BYTES


def test_no_picture_is_left_over() -> None:
    there = {f"images/{path.name}" for path in (FOLDER / "images").iterdir()}
    assert there == set(PICTURES)
