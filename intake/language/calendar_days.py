"""Days named by the calendar: weekdays, weekends, months, dates, seasons, holidays, years."""

from __future__ import annotations

from datetime import date

from intake.language.amounts import Amount
from intake.language.calendar_words import HOLIDAYS, SEASONS, WEEKDAYS
from intake.language.dates import DateReader
from intake.language.time_words import number

_LONGEST = max(len(key) for key in HOLIDAYS)
_POINTS = frozenset({"since", "on", "last", "this", "past", "until", "from", "desde", "el", "started", "by"})


class CalendarReader(DateReader):
    """Reads a calendar expression at a word as days before `today`."""

    def read(self, at: int) -> Amount | None:
        """The calendar expression that begins at word `at`, or None."""
        return (
            self._holiday(at)
            or self._weekday(at)
            or self._weekend(at)
            or self._season(at)
            or self._date(at)
            or self._month(at)
            or self._year(at)
        )

    # -- weekdays

    def _weekday(self, at: int) -> Amount | None:
        word = self._at(at)
        several = word.endswith("s") and word[:-1] in WEEKDAYS and len(word) > 6 and word not in WEEKDAYS
        day = WEEKDAYS.get(word[:-1] if several else word)
        if day is None:
            return None
        before = self._before(at, 4)
        if len(word) <= 3 and (
            self._at(at - 1) not in _POINTS
            or self._at(at + 1) in ("down", "in", "on", "for", "up", "screen", "too", "at")
        ):
            return None
        back = (self._today.weekday() - day) % 7 or (0 if before[-1:] == ("this",) else 7)
        count = number(self._at(at - 1)) if several else None
        if several and (count is None or self._at(at + 1) not in ("ago", "back")):
            return None  # "on mondays"
        if count is not None:
            return Amount(back + 7 * (count - 1), back + 7 * (count - 1), at - 1, at + 2)
        following = self._norms[at + 1 : at + 9]
        a_week = (
            before[-3:] in (("a", "week", "ago"), ("week", "ago", "last"))
            or following[:3] == ("of", "last", "week")
            or following[:2] == ("last", "week")
        )
        if following[:2] == ("before", "last") or {"one", "before"} <= set(following) or a_week:
            back += 7 if back < 7 or not a_week else 0
        return Amount(back, back, at, at + 1)

    def _weekend(self, at: int) -> Amount | None:
        if self._at(at) not in ("weekend", "weekends") or self._before(at, 1) not in (
            ("the",),
            ("last",),
            ("this",),
            ("past",),
            ("since",),
            ("over",),
            ("all",),
        ):
            return None
        saturday = (self._today.weekday() - 5) % 7
        if self._today.weekday() >= 5:
            if self._at(at - 1) != "last":
                return Amount(0, saturday, at, at + 1)
            saturday += 7
        if self._norms[at + 1 : at + 3] == ("before", "last"):
            saturday += 7
        return Amount(saturday - 1, saturday, at, at + 1)

    # -- holidays and seasons

    def _holiday(self, at: int) -> Amount | None:
        for length in range(_LONGEST, 0, -1):
            key = self._norms[at : at + length]
            of_year = HOLIDAYS.get(key) if len(key) == length else None
            if of_year is None:
                continue
            when = of_year(self._today.year)
            end = at + length
            year = self.year_after(end)
            if year is not None:
                when, end = of_year(year), end + 1
            elif when > self._today or "last" in self._before(at) and self._ago(when) < 60:
                when = of_year(self._today.year - 1)
            days = self._ago(when)
            return Amount(max(0, days - 1), max(0, days + 1), at, end) if days >= 0 else None
        return None

    def _season(self, at: int) -> Amount | None:
        plural = self._at(at).endswith("s") and self._at(at)[:-1] in SEASONS
        month = SEASONS.get(self._at(at)[:-1] if plural else self._at(at))
        if month is None:
            return None
        before = self._before(at)
        count = number(self._at(at - 1)) if self._at(at + 1) == "ago" else None
        if (
            not {"since", "last", "this", "early", "late", "in", "desde", "over", "during", "of", "past"} & set(before)
            and count is None
        ):
            return None
        start = self.latest(month, 1)
        days = self._ago(start)
        end = at + 1
        of_year = self.year_after(end) or (self.year_after(end + 1) if self._at(end) == "of" else None)
        if of_year is not None:
            days, end = self._ago(date(of_year, month, 1)), end + (2 if self._at(end) == "of" else 1)
        elif count is not None:
            days, end = days + int(count - 1) * 365 + (0 if days > 92 else 365), at + 2
        elif "last" in before and days < 92:
            days += 365
        near, far = days - 92, days
        if "early" in before:
            near = days - 31
        elif "late" in before or "end" in before:
            far = days - 61
        return Amount(max(0, near), max(0, far), at, end)
