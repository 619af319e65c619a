"""Pictures of every page, for the documents: `make screenshots`.

The city, its instant, the browser's letters and the colours are the same each time, so a picture
changes when its page does.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser

from tests.browser import chromium, city
from tests.browser.city import City
from tests.browser.sites import ENGLISH, PHONE, SITES, WIDE
from tests.browser.visitor import Visitor, visit

FOLDER = Path(__file__).parents[2] / "docs" / "images" / "screenshots"
Colour = tuple[int, ...]
COLOURS = 256
#: how far apart the colours of a palette are: areas may be alike, what is small only has its hue
AREAS, APART, FAR_APART = 128, 32, 512
MOST_BYTES, MOST_BYTES_TOGETHER = 250_000, 5_000_000
#: how much of a long page is shown, in window heights
MOST_WINDOWS = 3
#: by kind of picture: what its name ends with, its language, whether it is of a phone
KINDS = {WIDE: ("", "zh", False), PHONE: ("-390", "zh", True), ENGLISH: ("-en", "en", False)}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page."""

    name: str
    content: bytes


def take(folder: Path) -> list[Picture]:
    """Build the cities in a folder, and take every picture."""
    with ExitStack() as stack:
        browser = stack.enter_context(chromium.started())
        cities = {}
        for kind in {site.city for site in SITES}:
            template = city.template(kind, folder)
            cities[kind] = stack.enter_context(city.running(kind, template, folder / kind))
        return list(pictures(browser, cities))


def pictures(browser: Browser, cities: dict[str, City]) -> Iterator[Picture]:
    """Yield every picture of the table of pages."""
    for site in SITES:
        for kind in site.pictures:
            ending, language, phone = KINDS[kind]
            path, name = site.at(cities[site.city].places())
            somebody = visit(browser, cities[site.city], name, language=language, phone=phone)
            somebody.open(path, site.status)
            yield Picture(f"{site.name}{ending}.png", taken(somebody))
            somebody.leave()


def taken(somebody: Visitor) -> bytes:
    """Return a page as a PNG with a palette, cut off where it is very long."""
    page = somebody.rest()
    window = page.viewport_size or {"width": 0, "height": 0}
    whole = page.evaluate("document.documentElement.scrollHeight")
    # in a window as high as the picture, what sticks to an edge sticks to the picture's
    height = max(window["height"], min(whole, MOST_WINDOWS * window["height"]))
    page.set_viewport_size({"width": window["width"], "height": height})
    return packed(somebody.rest().screenshot(animations="disabled", caret="hide"))


def packed(png: bytes) -> bytes:
    """Return a picture with a palette: areas keep their colour, edges take the nearest."""
    with Image.open(BytesIO(png)) as image:
        few = with_few_colours(image.convert("RGB"))
    written = BytesIO()
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


def with_few_colours(image: Image.Image) -> Image.Image:
    """Return a picture with the colours it has most of, and near ones for all others."""
    counted: Any = image.getcolors(image.width * image.height)
    kept: dict[Colour, Colour] = {}
    for _, colour in sorted(counted, reverse=True):
        # Pillow finds the nearest colour for the lowest of every four shades
        low = tuple(shade & ~3 for shade in colour)
        apart = APART if len(kept) < AREAS else FAR_APART
        if len(kept) < COLOURS and all(distance(low, other) >= apart for other in kept):
            kept[low] = colour
    palette = Image.new("P", (1, 1))
    palette.putpalette([shade for low in kept for shade in low])
    few = image.quantize(palette=palette, dither=Image.Dither.NONE)
    few.putpalette([shade for colour in kept.values() for shade in colour])
    return few


def distance(one: Colour, other: Colour) -> int:
    """Return how far two colours are apart, squared."""
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def write(taken: list[Picture]) -> None:
    """Replace the pictures of an earlier time."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in {path.name for path in FOLDER.glob("*.png")} - {each.name for each in taken}:
        (FOLDER / old).unlink()
    for each in taken:
        (FOLDER / each.name).write_bytes(each.content)


def too_large(taken: list[Picture]) -> list[str]:
    """Return a line for each picture that is larger than a document should load."""
    found = [
        f"{each.name}: {len(each.content):,} bytes, of {MOST_BYTES:,} at most"
        for each in taken
        if len(each.content) > MOST_BYTES
    ]
    together = sum(len(each.content) for each in taken)
    if together > MOST_BYTES_TOGETHER:
        found.append(f"all: {together:,} bytes, of {MOST_BYTES_TOGETHER:,} at most")
    return found


def main() -> int:
    """Take all pictures; 1 where one is too large."""
    with tempfile.TemporaryDirectory() as folder:
        taken = take(Path(folder))
    write(taken)
    together = sum(len(each.content) for each in taken)
    found = too_large(taken)
    told = f"{len(taken)} pictures, {together:,} bytes, in {FOLDER.relative_to(Path.cwd())}"
    sys.stdout.write("\n".join([told, *found, ""]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
