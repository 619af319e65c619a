"""Which language a page speaks: Chinese first, English where the visitor chose it.

The Chinese sentence is the message id, so that templates read as the page does; only English
has a catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from flask import Flask, request
from flask_babel import Babel, get_locale

COOKIE = "lianshen_language"
CHINESE, ENGLISH = "zh", "en"
#: as the language calls itself
LANGUAGES: Mapping[str, str] = {CHINESE: "中文", ENGLISH: "English"}
#: for the attribute `lang`, by which browsers choose their letters
TAGS: Mapping[str, str] = {CHINESE: "zh-CN", ENGLISH: "en"}
CATALOGUES = Path(__file__).parent / "translations"


class Named(Protocol):
    """Whatever has a name in both languages."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


def speak(app: Flask) -> None:
    """Let an application's pages speak both languages."""
    Babel(
        app,
        default_locale=CHINESE,
        default_translation_directories=str(CATALOGUES),
        locale_selector=chosen,
    )


def chosen() -> str:
    """Return the language the visitor chose, Chinese where they chose none."""
    wanted = request.cookies.get(COOKIE, CHINESE)
    return wanted if wanted in LANGUAGES else CHINESE


def language() -> str:
    """Return the language of the page that is being made."""
    locale = get_locale()
    return locale.language if locale else CHINESE


def named(name: Named) -> str:
    """Return a name in the page's language; in Chinese where it has none in English.

    The catalogue's English names are common nouns, as they stand within a sentence; pages name
    things by them, with a capital.
    """
    english = name.en if language() == ENGLISH else ""
    return english[:1].upper() + english[1:] or name.zh
