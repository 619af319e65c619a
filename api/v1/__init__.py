"""Version 1 of the REST interface: every route there is."""

from __future__ import annotations

from api.route import Route
from api.v1 import (
    attachments,
    calendars,
    cards,
    coachings,
    commitments,
    credit_records,
    dashboard,
    deficiencies,
    definitions,
    departments,
    events,
    extensions,
    inbox,
    incidents,
    joint_reviews,
    mails,
    meetings,
    minutes,
    notices,
    operation,
    projects,
    review_opinions,
    rooms,
    scenario_proposals,
    scenarios,
    search,
    session,
    supervision,
    suspensions,
    tasks,
    tokens,
    users,
    views,
)

PARTS = (
    dashboard,
    projects,
    inbox,
    tasks,
    suspensions,
    extensions,
    deficiencies,
    commitments,
    credit_records,
    supervision,
    cards,
    incidents,
    joint_reviews,
    review_opinions,
    minutes,
    notices,
    attachments,
    coachings,
    definitions,
    scenarios,
    scenario_proposals,
    departments,
    calendars,
    meetings,
    rooms,
    mails,
    events,
    search,
    views,
    session,
    users,
    tokens,
    operation,
)


def routes(*, frozen_clock: bool) -> tuple[Route, ...]:
    """Return the routes of a service; the clock's only where it is frozen."""
    found = tuple(route for part in PARTS for route in part.ROUTES)
    return found + operation.CLOCK if frozen_clock else found
