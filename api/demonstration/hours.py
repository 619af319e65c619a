"""Office hours: the instants at which people answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from engine.rules.calendar import BusinessCalendar

#: minutes of the day at which desks answer: in the morning and in the afternoon
MORNING = range(8 * 60 + 32, 11 * 60 + 50)
AFTERNOON = range(14 * 60 + 3, 17 * 60 + 25)
OFFICE = (*MORNING, *AFTERNOON)
#: what is handed in later than ten to five may count as received the next day
COUNTER = tuple(minute for minute in OFFICE if minute < 16 * 60 + 50)
#: minutes that an answer takes at least
AT_LEAST = 12


class Hours:
    """The office hours of a city."""

    def __init__(self, calendar: BusinessCalendar, zone: ZoneInfo) -> None:
        self.calendar = calendar
        self.zone = zone

    def day_of(self, at: datetime) -> date:
        """Return the date in the city."""
        return at.astimezone(self.zone).date()

    def back(self, today: date, days: int) -> date:
        """Return the working day `days` before today; a day of rest counts as the one after it."""
        last = self.calendar.next_working_day(today)
        first = last - timedelta(days=2 * days + 30)
        worked = [day.on for day in self.calendar.days(first, last) if day.working]
        return worked[-1 - days]

    def later(self, after: datetime, days: int, chance: Random, *, counter: bool) -> datetime:
        """Return an instant `days` working days later, the same day where it still fits.

        At a `counter` people come before it closes.
        """
        on, minutes = self.day_of(after), COUNTER if counter else OFFICE
        if days == 0 and self.calendar.is_working_day(on):
            local = after.astimezone(self.zone)
            earliest = local.hour * 60 + local.minute + AT_LEAST
            fits = [each for each in minutes if each >= earliest]
            if fits:
                return self.at(on, chance.choice(fits), chance)
        on = self.calendar.add(on, max(days, 1))
        return self.at(on, chance.choice(minutes), chance)

    def at(self, on: date, minute: int, chance: Random) -> datetime:
        """Return the instant of a day and a minute of it."""
        clock = time(minute // 60, minute % 60, chance.randrange(60))
        return datetime.combine(on, clock, self.zone)
