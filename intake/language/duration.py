"""Times in a message: how long something has lasted, how long ago it happened, since when.

All lengths are days before the day of writing, as a range (min, max); max None = open-ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from intake.language.age import age_in
from intake.language.amounts import Amount, AmountReader
from intake.language.calendar_days import CalendarReader
from intake.language.lifetimes import LifeReader
from intake.language.spells import LEADS, LONGEST, NEEDS_LEAD, SPELLS
from intake.language.text import COMMA, Words
from intake.language.time_words import NUMBERS, UNIT_WORDS, UNITS, Days, number

__all__ = ["NUMBERS", "UNITS", "Days", "TimeReader", "TimeSpan", "age_in"]

Lead = Literal["for", "since", "ago", "bare", "every", "other"]


@dataclass(frozen=True)
class TimeSpan:
    """One time expression: `days` before writing, the words `start` to `end` it covers, and how it is led in."""

    days: Days
    start: int
    end: int
    lead: Lead
    fine: bool = False  # counted in hours or minutes


class TimeReader:
    """Reads the time expressions of a message, given the day it was written."""

    def __init__(self, words: Words, today: date, age: int | None = None) -> None:
        self._words = words
        self._norms = words.norms
        self._life = LifeReader(words, today, age)
        self._amounts = AmountReader(words)
        self._calendar = CalendarReader(words, today)

    def spans(self) -> list[TimeSpan]:
        """All time expressions, left to right, none overlapping."""
        found: list[TimeSpan] = []
        at = 0
        while at < len(self._norms):
            span = self._at(at)
            if span is None:
                at += 1
                continue
            if found and span.start < found[-1].end:
                found.pop()  # "two" of "two saturdays ago"
            found.append(span)
            at = max(span.end, at + 1)
        return found

    def _at(self, at: int) -> TimeSpan | None:
        counted = self._counting(at) or self._clock(at)
        if counted is not None:
            return counted
        amount = self._amounts.read(at)
        if amount is not None:
            return self._led(amount, amount.days, measured=True)
        named = self._calendar.read(at)
        if named is not None:
            return self._led(named, named.days, measured=False)
        life = self._life.read(at) or self._spell(at)
        return self._led(life[0], life[1], measured=False) if life else None

    def _word(self, at: int) -> str:
        return self._norms[at] if 0 <= at < len(self._norms) else ""

    # -- "day 3", "third week", "3am"

    def _counting(self, at: int) -> TimeSpan | None:
        ordinals = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "tenth": 10}
        unit, count, end = self._word(at), None, at + 2
        if unit in ("day", "week", "month", "year") and self._word(at - 1) not in (
            "a",
            "per",
            "every",
            "each",
            "one",
            "1",
            "other",
            "this",
            "last",
            "next",
        ):
            value = number(self._word(at + 1))
            if (
                value is not None
                and value == int(value)
                and self._word(at + 1) not in ("a", "an")
                and not self._words.breaks[at + 1]
            ):
                count = (
                    value
                    if self._word(at + 2)
                    not in ("times", "pills", "days", "hours", "old", "weeks", "tylenol", "x", "of", "am", "pm")
                    or self._word(at + 3) in ("this", "it")
                    else None
                )
        elif self._word(at) in ordinals and self._word(at + 1) in ("day", "week", "month", "year"):
            unit, count = self._word(at + 1), ordinals[self._word(at)]
        elif (
            self._word(at).isdigit()
            and self._word(at + 1) in ("st", "nd", "rd", "th")
            and self._word(at + 2) in ("day", "week", "month", "year")
        ):
            unit, count, end = self._word(at + 2), float(self._word(at)), at + 3
        if count is None:
            return None
        size = UNIT_WORDS[unit]
        return TimeSpan((int(max(0, (count - 1) * size)), int(count * size)), at, end, "for")

    def _clock(self, at: int) -> TimeSpan | None:
        """A time of day: "since 4pm", "started around 3 am", "5 this morning" (read by its morning)."""
        if not self._word(at).isdigit() or not 1 <= int(self._word(at)) <= 12:
            return None
        end = at + 1
        if self._word(end).isdigit() and len(self._word(end)) == 2 and self._words.breaks[end] == COMMA:
            end += 1
        if self._word(end) not in ("am", "pm", "oclock"):
            return None
        before = self._norms[max(0, at - 4) : at]
        if not {"since", "started", "around", "began", "woke", "start", "desde", "about"} & set(before):
            return None
        return TimeSpan((0, 1), at, end + 1, "since", fine=True)

    # -- times of life, fixed spells

    def _spell(self, at: int) -> tuple[Amount, Days] | None:
        for length in range(LONGEST, 0, -1):
            key = self._norms[at : at + length]
            days = SPELLS.get(key) if len(key) == length else None
            if days is None:
                continue
            if (
                length == 1
                and key[0] in NEEDS_LEAD
                and not LEADS & set(self._norms[max(0, at - 2) : at])
                and self._word(at + 1) not in ("ago", "now")
            ):
                continue
            return Amount(days[0], days[1] or days[0], at, at + length), days
        return None

    # -- what leads the expression in

    def _led(self, amount: Amount, days: Days, measured: bool) -> TimeSpan:
        norms, breaks = self._norms, self._words.breaks
        end = amount.end
        joined = end < len(norms) and breaks[end] < COMMA
        following = norms[end : end + 1] if joined else ()
        before = norms[max(0, amount.start - 4) : amount.start]
        lead: Lead = "bare"
        fine = measured and amount.high < 1 and amount.low < 0.99
        if (
            following in (("ago",), ("earlier",), ("atras",))
            or following == ("back",)
            and norms[end + 1 : end + 2] not in (("pain",), ("hurts",), ("started",), ("aches",))
        ):
            lead, end = "ago", end + 1
        elif measured and self._is_rate(amount.start, before, following):
            lead = "every"
        elif (
            measured
            and (
                following == ("old",)
                and amount.low >= 360
                or norms[end : end + 2] == ("of", "age")
                or before[-1:] == ("tengo",)
            )
            or before[-1:] in (("til",), ("till",), ("until",), ("before",), ("next",), ("by",))
            and not {
                "since",
                "from",
            }
            & set(before)
        ):
            lead = "other"
        elif "since" in before or "desde" in before:
            lead = "since"
        elif {"for", "past", "last", "hace", "por", "llevo", "been"} & set(before):
            lead = "for"
        return TimeSpan(days, amount.start, end, lead, fine)

    def _is_rate(self, start: int, before: tuple[str, ...], following: tuple[str, ...]) -> bool:
        """Such as "twice a week", "every 3 days", "in 2 weeks", "28 weeks pregnant": no length of time gone."""
        last = before[-1:]
        once = self._norms[start] in ("a", "an") and bool(
            {"times", "once", "twice", "x", "time", "pills", "days", "mg"} & set(before[-2:])
        )
        if once or last in (
            ("every",),
            ("each",),
            ("per",),
            ("another",),
            ("next",),
            ("within",),
            ("cada",),
            ("other",),
        ):
            return True
        if last == ("in",) and not {"since", "havent", "hasnt", "not", "first"} & set(
            self._norms[max(0, start - 8) : start]
        ):
            return True
        if (
            last in (("im",), ("only",), ("am",), ("shes",), ("at",))
            and self._word(start + 1) in ("weeks", "week")
            and "for" not in before
        ):
            return True  # "im 18 weeks"
        return following in (
            ("each",),
            ("pregnant",),
            ("preg",),
            ("along",),
            ("gestation",),
            ("postpartum",),
            ("apart",),
            ("early",),
            ("late",),
            ("shift",),
            ("shifts",),
            ("supply",),
            ("drive",),
        )
