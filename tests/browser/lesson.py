"""A tutorial as somebody reads it: section by section, one thing to press, type or see at a time.

What a section quotes stands in its order, and has to be done in that order, all of it:

**登记项目** (Register a project)    what is pressed or seen, in the language of the reader
`Riverside`                          what is typed, or a name that is the same in both languages
![…](images/login.png)               a picture of what there is to see now
```shell                             what is typed into a terminal
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.screenshots import packed
from tests.browser.visitor import Visitor

SECTION = re.compile(
    r"^## (?P<number>\d+)\. (?P<title>[^\n]+)\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL
)
PART = re.compile(
    r"^```\w+\n(?P<commands>.*?)^```$"
    r"|!\[[^\]]*\]\((?P<picture>[^)]+)\)"
    # a bold text, and its English unless it is the same
    r"|\*\*(?P<zh>[^*]+)\*\*(?:\s+\((?P<en>[^()]*(?:\([^()]*\))?)\))?"
    r"|`(?P<code>[^`\n]+)`",
    re.MULTILINE | re.DOTALL,
)
WIDTH, HEIGHT, MARGIN = 1280, 900, 12
#: a picture is at most so high
MOST = 1600
CONTROLS = ("button", "link", "radio", "checkbox", "textbox")


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section: its parts by their kind, `zh` and `en` of what it quotes."""

    number: int
    title: str
    parts: tuple[Mapping[str, str], ...]


def sections(document: Path) -> list[Section]:
    """Return the numbered sections of a tutorial."""
    found = SECTION.finditer(document.read_text(encoding="utf-8"))
    return [
        Section(int(each["number"]), each["title"], tuple(parts(each["text"]))) for each in found
    ]


def parts(text: str) -> Iterator[Mapping[str, str]]:
    """Yield what a text quotes, in order; a line's end within a quotation is a space."""
    for found in PART.finditer(text):
        given = {kind: words for kind, words in found.groupdict().items() if words}
        yield {
            kind: words if kind == "commands" else " ".join(words.split())
            for kind, words in given.items()
        }


@dataclass
class Reader:
    """Somebody who reads a tutorial and does what it says. Pictures go to `album`, where named."""

    visitor: Visitor
    language: str
    album: Path | None = None
    unread: Iterator[Mapping[str, str]] = field(default_factory=lambda: iter(()))

    @property
    def page(self) -> Page:
        return self.visitor.page

    # -- reading -----------------------------------------------------------------------------

    def read(self, section: Section) -> None:
        """Begin with a section."""
        self.unread = iter(section.parts)

    def end(self) -> None:
        """Everything has been done."""
        left = [next(iter(part.values())) for part in self.unread]
        assert not left, f"the tutorial says more than its test does: {left}"

    def part(self, kind: str, meant: str = "") -> Mapping[str, str]:
        """Return what comes next, which must be of a kind."""
        found = next(self.unread, {})
        assert kind in found, f"next is {dict(found)}, not {kind} {meant}"
        assert not meant or found[kind] == meant, f"next is {dict(found)}, not {meant}"
        return found

    def words(self, zh: str) -> str:
        """Return the quotation that comes next in the reader's language."""
        found = self.part("zh", zh)
        return found["zh"] if self.language == "zh" else found.get("en", found["zh"])

    def code(self, meant: str = "") -> str:
        """Return what is to be typed next."""
        return self.part("code", meant)["code"]

    def commands(self) -> str:
        """Return what is to be typed into a terminal next."""
        return self.part("commands")["commands"]

    # -- doing -------------------------------------------------------------------------------

    def press(self, zh: str, within: Locator | None = None) -> None:
        """Press what is quoted next; its name begins with the quotation."""
        control(within or self.page.locator("body"), self.words(zh)).click()

    def press_code(self, within: Locator | None = None) -> None:
        """Press what is named next by a name that is the same in both languages."""
        (within or self.page.locator("main")).get_by_role("button", name=self.code()).first.click()

    def choose(self, zh: str) -> None:
        """Tick what is quoted next, or choose it: of several that begin so, the one named so."""
        words = self.words(zh)
        boxes = self.boxes(begins(words))
        expect(boxes.first).to_be_visible()
        headed = self.page.locator("b").get_by_text(words, exact=True)
        card = self.page.locator("label").filter(has=headed).locator("input")
        (boxes if boxes.count() == 1 else self.boxes(words).or_(card)).check()

    def clear(self, zh: str) -> None:
        """Take the tick away from what is quoted next."""
        self.boxes(begins(self.words(zh))).uncheck()

    def pick(self, field: str, zh: str) -> None:
        """Pick what is quoted after the name of a list from it."""
        listed = self.page.get_by_role("combobox", name=begins(self.words(field)))
        listed.select_option(label=self.words(zh))

    def boxes(self, name: str | re.Pattern[str]) -> Locator:
        """Return what can be ticked or chosen under a name."""
        found = self.page.get_by_role("radio", name=name, exact=True)
        return found.or_(self.page.get_by_role("checkbox", name=name, exact=True)).filter(
            visible=True
        )

    def fill(self, zh: str) -> None:
        """Type what is quoted after a field's name into it."""
        field = self.page.get_by_role("textbox", name=begins(self.words(zh)))
        field.filter(visible=True).fill(self.code())

    def see(self, zh: str, within: Locator | None = None) -> Locator:
        """See what is quoted next."""
        place = within or self.page.locator("body")
        text = place.get_by_text(begins(self.words(zh))).filter(visible=True).first
        expect(text).to_be_visible()
        return text

    def picture(self, first: str, last: str = "", most: int = MOST) -> None:
        """Look at the page from one element to another; this is the picture that comes next."""
        path = Path(self.part("picture")["picture"])
        if self.album is not None:
            shown = [self.page.locator(each).first for each in (first, last or first)]
            (self.album / path).write_bytes(packed(self.seen(shown, most)))

    def seen(self, shown: list[Locator], most: int) -> bytes:
        """Return a picture of the page's width, at most so many pixels high."""
        for each in shown:
            expect(each).to_be_visible()
        self.visitor.rest()
        whole = int(self.page.evaluate("document.documentElement.scrollHeight"))
        # what sticks to the window's edge is at the page's end
        self.page.set_viewport_size({"width": WIDTH, "height": max(whole, HEIGHT)})
        self.visitor.rest()
        boxes: Any = [each.bounding_box() for each in shown]
        top = max(0, boxes[0]["y"] - MARGIN)
        height = min(boxes[-1]["y"] + boxes[-1]["height"] + MARGIN - top, most)
        clip: Any = {"x": 0, "y": top, "width": WIDTH, "height": height}
        taken = self.page.screenshot(clip=clip, animations="disabled", caret="hide")
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        return taken


def begins(text: str) -> re.Pattern[str]:
    """Return what matches a text at the beginning of another, whole words, in any case."""
    return re.compile(rf"^\s*{re.escape(text)}(?!\w)", re.IGNORECASE)


def control(place: Locator, text: str) -> Locator:
    """Return the one control of a place whose name begins with a text."""
    name = begins(text)
    found = place.locator("summary").filter(has_text=name)
    for role in CONTROLS:
        found = found.or_(place.get_by_role(role, name=name))  # type: ignore[arg-type]
    return found.filter(visible=True)
