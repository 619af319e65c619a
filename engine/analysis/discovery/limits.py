"""What a log cannot tell, in words; pages that speak another language translate the sentences."""

from __future__ import annotations

from enum import StrEnum


class Limit(StrEnum):
    """What is to be kept in mind of what was found."""

    #: Durations are not staffed then, as waiting would be counted twice.
    ONE_TIMESTAMP = (
        "one timestamp an event: waiting and work cannot be told apart. Durations are times since "
        "the event before; work is at most that, and at most the time since whoever did it had "
        "finished something before"
    )
    UPPER = (
        "work is an upper bound where no start is known, and what people do beside this log is "
        "unknown: neither queues nor utilisation of such a model are to be relied on"
    )
    DEPENDENT = (
        "durations within a case go together in the log, and are drawn independently of each "
        "other: the spread of whole cases can differ"
    )
    FIRST = (
        "how long the first event of a case took is unknown where it has neither start nor "
        "readiness"
    )
    DATES = "times say no hour: whole days are counted and no hours of work were found"
    HOLIDAYS = (
        "closed dates found in the log are taken out of durations, but a week in "
        "assumptions has none: name the city's calendar instead"
    )
    FOUND = (
        "the diagram was found in the log: a case's way depends on its last activity alone, "
        "and work that goes on at once appears as loops"
    )
    CONCURRENT = (
        "an event is taken to be enabled by the one before it in its case, which it need "
        "not be where work goes on at once"
    )
    PEOPLE = (
        "people are those who did something in a usual week; how much of their time they "
        "gave is unknown"
    )
    ABSENCE = (
        "a log does not show who was away: nobody is absent in what was found, and what stood "
        "still meanwhile looks like waiting"
    )
    ARRIVALS = "too few cases, or days, to tell how many come a year: say how many do come"
    UNTOLD = "some branches cannot be told apart by the log: their counts are shared equally"
    UNMAPPED = "some activities of the log are no work of the procedure and were left out"
    PROCEDURE = "the log holds cases of other procedures too: they were left out"
    UNSEEN = "some work of the procedure does not occur in the log: its assumptions stay"
    OPTIMISTIC = (
        "p-values of candidates are optimistic, as their parameters were fitted to the "
        "same durations; that of the chosen one is from a parametric bootstrap"
    )
