"""The words of a scenario's report in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from engine.rules import citation
from engine.rules.catalogue import Name
from engine.service.scenarios.reporting.vocabulary import WORDS

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: Language

    def __call__(self, key: str, *places: object, **values: object) -> str:
        """Return the words of a key with values in their places. Raises KeyError."""
        return WORDS[key][LANGUAGES.index(self.language)].format(*places, **values)

    def name(self, name: Name) -> str:
        """Return a name; in Chinese where it has no English."""
        return (name.en or name.zh) if self.language == "en" else name.zh

    def days(self, number: int) -> str:
        """Return a number of days in words."""
        return self("day_of" if number == 1 else "days_of", n=number)

    def listed(self, words: Iterable[str]) -> str:
        """Return words as one text."""
        return self("comma").join(words)

    def law(self, text: str) -> str:
        """Return a note on a law."""
        return citation.chinese(text) if self.language == "zh" else text

    def day(self, on: date) -> str:
        """Return a date as it is written."""
        return (
            f"{on.year}年{on.month}月{on.day}日"
            if self.language == "zh"
            else f"{on.day} {on:%B %Y}"
        )

    def name_of(self, name: Mapping[str, str]) -> str:
        """Return a name that is plain data."""
        return self.name(Name(name["zh"], name["en"]))
