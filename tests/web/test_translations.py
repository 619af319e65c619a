"""Whatever pages say in Chinese has English, and both name the same values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "api/web/translations/en/LC_MESSAGES/messages.po"
METHODS = [("**.py", "python"), ("**/*.jinja", "jinja2.ext:babel_extract")]
BLOCKS = {"**/*.jinja": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
WORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
VALUE = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def said() -> Iterator[tuple[str, str]]:
    """Yield every message of the pages, with the file it stands in."""
    found = extract_from_dir(ROOT / "api/web", METHODS, BLOCKS, keywords=WORDS)
    for file, _line, message, _comments, _context in found:
        yield (message if isinstance(message, str) else message[0]), file


def drawn() -> Iterator[tuple[str, str]]:
    """Yield the Chinese names in diagrams, and the materials of the catalogue."""
    for file in (*(ROOT / "bpmn/procedures").glob("*/*.bpmn"), *(ROOT / "bpmn/shared").glob("*")):
        for name in re.findall(r'name="([^"]*)"', file.read_text(encoding="utf-8")):
            if CHINESE.search(name):
                yield name, file.name
    items = yaml.safe_load((ROOT / "bpmn/catalogue.yaml").read_text(encoding="utf-8"))["items"]
    for item in items.values():
        yield from ((each, "catalogue.yaml") for each in item.get("materials") or ())


def test_every_message_has_english(english: Catalog) -> None:
    found = [*said(), *drawn()]
    assert len(found) > len(english) / 2
    missing = {
        (text, file)
        for text, file in found
        if (message := english.get(text)) is None or not message.string
    }
    assert not missing


def test_english_names_the_values_that_the_chinese_names(english: Catalog) -> None:
    told = [each for each in english if isinstance(each.id, str) and each.id and each.string]
    wrong = {each.id for each in told if not values(str(each.string)) <= values(str(each.id))}
    assert not wrong


def values(text: str) -> set[str]:
    """Return the values that a text has places for."""
    return set(VALUE.findall(text))
