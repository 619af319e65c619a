"""What effects mean, in sentences: changes of departments, breaches, conflicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.service.scenarios.reporting.subject import Row, Subject
from engine.service.scenarios.reporting.words import Words

#: details of a change that are items, departments, or numbers of days
ITEMS = frozenset({"into", "absorbed", "waits_for", "instead", "holds_up"})
DEPARTMENTS = frozenset({"participants", "lead"})
DAYS = frozenset({"before", "after", "check_days"})


class Sentences:
    """Sentences about a subject in one language."""

    def __init__(self, subject: Subject, words: Words) -> None:
        self.subject, self.words = subject, words

    def change(self, change: Row) -> str:
        """Return what a department does differently."""
        detail = change["detail"]
        told = {name: self._detail(name, value) for name, value in detail.items()}
        key = f"change_{change['kind']}"
        special = SPECIAL.get(change["kind"])
        ending = special(detail) if special else ""
        return self.words(key + ending, item=self.item(change["item"]), **told)

    def breach(self, breach: Row) -> str:
        """Return what is broken, with the article."""
        items = [self.item(each) for each in breach["items"]]
        told = {"item": items[0], "before": items[0], "after": items[-1]}
        text = self.words(f"breach_{breach['kind']}", **told)
        return self.words("breach", text=text, law=self.words.law(breach["law"]))

    def conflict(self, conflict: Row) -> str:
        """Return why an operation could not be applied."""
        items = self.quoted(conflict["items"])
        return self.words(f"conflict_{conflict['cause']}", items=items)

    def judged(self, step: Row) -> str:
        """Return whether an operation is lawful and applies, and if not, why not."""
        found = [self.breach(each) for each in step["breaches"]]
        if step["conflict"] is not None:
            found.append(self.conflict(step["conflict"]))
        return "\n".join(found) or self.words("lawful")

    def item(self, identifier: str) -> str:
        """Return what an item is called."""
        return self.subject.item(identifier, self.words)

    def quoted(self, items: Iterable[str]) -> str:
        """Return the names of items in quotation marks."""
        return self.words.listed(self.words("quoted", self.item(each)) for each in items)

    def _detail(self, name: str, value: Any) -> str:
        if name in DAYS:
            return self.words.days(value)
        if name in DEPARTMENTS:
            codes = [value] if isinstance(value, str) else value
            return self.words.listed(self.subject.department(each, self.words) for each in codes)
        if name in ITEMS:
            return self.item(value) if isinstance(value, str) else self.quoted(value)
        return self.words.listed(value)


#: changes that are said otherwise where something is missing, or takes no time
SPECIAL: Mapping[str, Callable[[Row], str]] = {
    "takes_in": lambda detail: "_papers" if detail["materials"] else "",
    "promise": lambda detail: "" if detail["after"] else "_instant",
    "earlier": lambda detail: "" if detail["instead"] else "_free",
    "moved": lambda detail: "" if detail["instead"] else "_free",
}
