"""From activities to rows: bars, whiskers and the words beside them, in pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from api.web.gantt import lettering
from api.web.gantt.activity import Activity, Note
from api.web.gantt.chart import Bar, Mark, Piece, Row, Whisker
from api.web.gantt.scale import pixels
from api.web.gantt.words import gettext as _

#: heights, and where in a row its bar and its words lie
ROW, BAR, BASELINE = 26, 14, 17
BAR_Y = (ROW - BAR) // 2
MIDDLE = ROW // 2
#: what took no time is drawn inside the day on which it happened
LEAST_WIDTH = 6
#: the least width that can be clicked
TARGET = 24
GAP = 6
#: more of it where an arrow leaves a bar
ARROW_GAP = 10


@dataclass(frozen=True, slots=True)
class Placed:
    """An activity and where the axis puts it."""

    activity: Activity
    x: Callable[[int], float]

    @property
    def edges(self) -> tuple[float, float]:
        """The left and right edge of its bar."""
        left, right = self.x(self.activity.start), self.x(self.activity.finish)
        return min(left, max(0, right - LEAST_WIDTH)), right

    def bar(self) -> Bar:
        """Return its bar."""
        left, right = self.edges
        activity, width, pieces = self.activity, right - left, tuple(self.pieces())
        reach = max(0, TARGET - width) / 2
        fits = lettering.width(activity.inside) + 4 <= pieces[0].width
        return Bar(
            x=pixels(left),
            width=pixels(width),
            look=activity.look,
            critical=activity.critical,
            pieces=pieces,
            hit=(pixels(max(0, left - reach)), pixels(width + 2 * reach)),
            inside=activity.inside if fits else "",
            inside_x=pixels(left + pieces[0].width / 2),
        )

    def pieces(self) -> Iterator[Piece]:
        """Yield the filled parts of its bar."""
        first, *more = self.activity.spans
        left, _right = self.edges
        end = self.x(first.finish)
        yield Piece(first.look, pixels(left), pixels(end - left))
        for span in more:
            start = self.x(span.start)
            yield Piece(span.look, pixels(start), pixels(self.x(span.finish) - start))

    def whisker(self) -> Whisker | None:
        """Return how far its work may grow beyond its bar."""
        until = self.activity.float_until
        if until is None or until <= self.activity.finish:
            return None
        return Whisker(pixels(self.edges[1]), pixels(self.x(until)))

    def notes(self, y: float) -> Iterator[Mark]:
        """Yield the words beside the bar, one after the other."""
        x = words_x(self.activity, self.x)
        for note in self.activity.notes:
            yield Mark(pixels(x), y + BASELINE, note.words, note.look)
            x += note_width(note) + GAP


def row(activity: Activity, x: Callable[[int], float], y: float) -> Row:
    """Return an activity's row, whose upper edge is at `y`."""
    placed = Placed(activity, x)
    return Row(
        id=activity.id,
        y=y,
        name=activity.name,
        department=activity.department,
        title=activity.title,
        href=activity.href,
        critical=activity.critical,
        muted=activity.muted,
        bar=placed.bar() if activity.spans else None,
        whisker=placed.whisker() if activity.spans else None,
        notes=tuple(placed.notes(y)),
        cells=activity.cells,
    )


def note_width(note: Note) -> float:
    """Return the pixels a note takes."""
    return lettering.width(note.words, bold=bool(note.look))


def words_x(activity: Activity, x: Callable[[int], float]) -> float:
    """Return where the words beside a bar begin, or where there is no bar."""
    if not activity.spans:
        return GAP
    return x(activity.end) + GAP + (ARROW_GAP if activity.critical else 0)


def right_of(activity: Activity, x: Callable[[int], float]) -> float:
    """Return where everything drawn of an activity ends, its words included."""
    if not activity.notes:
        return x(activity.end) if activity.spans else 0
    words = sum(note_width(note) + GAP for note in activity.notes)
    return words_x(activity, x) + words - GAP


def float_note(days: int) -> Note:
    """Return the words at the end of a whisker."""
    return Note(_("余 %(days)s", days=days))
