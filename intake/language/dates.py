"""Months, dates and years: "mid november", "3/14", "the 14th of january", "2019"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from intake.language.amounts import Amount
from intake.language.calendar_words import AMBIGUOUS_MONTHS, MONTHS
from intake.language.text import Words

_YEAR_LEADS = frozenset(
    {
        "since",
        "in",
        "around",
        "back",
        "about",
        "of",
        "from",
        "until",
        "desde",
        "en",
        "year",
        "circa",
        "early",
        "late",
        "after",
    }
)


class DateReader:
    """Reads a month, date or year at a word as days before `today`."""

    def __init__(self, words: Words, today: date) -> None:
        self._words = words
        self._norms = words.norms
        self._today = today

    def _at(self, at: int) -> str:
        return self._norms[at] if 0 <= at < len(self._norms) else ""

    def _before(self, at: int, count: int = 3) -> tuple[str, ...]:
        return self._norms[max(0, at - count) : at]

    def _ago(self, when: date) -> int:
        return (self._today - when).days

    def latest(self, month: int, day: int) -> date:
        """The latest such day not after today."""
        day = min(day, 28) if month == 2 else min(day, 30) if month in (4, 6, 9, 11) else day
        when = date(self._today.year, month, day)
        return when if when <= self._today else date(self._today.year - 1, month, day)

    def year_after(self, at: int) -> int | None:
        """The year right after a word: "2023", "of 2023"."""
        word = self._at(at)
        if re.fullmatch(r"(19|20)\d\d", word) and int(word) <= self._today.year:
            return int(word)
        return None

    def _month(self, at: int) -> Amount | None:
        word = self._at(at)
        month = MONTHS.get(word)
        before = self._before(at)
        if month is None:
            return None
        digits = self._at(at + 1).isdigit()
        if (
            word in AMBIGUOUS_MONTHS
            and not digits
            and not {"since", "in", "last", "early", "late", "mid", "of", "back", "around", "desde", "en", "until"}
            & set(before)
        ):
            return None
        start, end, day, year = at, at + 1, None, None
        if digits and 1 <= int(self._at(end)) <= 31:
            day, end = int(self._at(end)), end + 1
            end += self._at(end) in ("st", "nd", "rd", "th")
        elif self._day_before(at) is not None:
            day = self._day_before(at)
        ahead = end + (self._at(end) == "of")
        if (named := self.year_after(ahead)) is not None:
            year, end = named, ahead + 1
        elif self._norms[end : end + 2] == ("last", "year"):
            year, end = self._today.year - 1, end + 2
        elif re.fullmatch(r"\d\d", self._at(end)) and self._words.text[self._words.starts[end] - 1] in "'’":
            year, end = 2000 + int(self._at(end)), end + 1
        first = date(year, month, 1) if year else self.latest(month, day or 1)
        if day is not None:
            exact = self.latest(month, day) if year is None else date(year, month, min(day, 28))
            gone = self._ago(exact)
            return Amount(gone, gone, start, end) if gone >= 0 else None
        gone = self._ago(first)
        if gone < 0:
            return None
        near, far = gone - 30, gone
        if "early" in before or "beginning" in before or "start" in before:
            near = gone - 10
        elif "mid" in before or "middle" in before:
            near, far = gone - 19, gone - 9
        elif "late" in before or "end" in before:
            far = gone - 20
        return Amount(max(0, near), max(0, far), start, end)

    def _day_before(self, at: int) -> int | None:
        """The day of "14th of January", "3 march"."""
        before = [word for word in self._before(at) if word not in ("st", "nd", "rd", "th", "of", "de")]
        if (
            before
            and before[-1].isdigit()
            and 1 <= int(before[-1]) <= 31
            and self._at(at - 1) in ("of", "th", "st", "nd", "rd", "de", before[-1])
        ):
            return int(before[-1])
        return None

    def _date(self, at: int) -> Amount | None:
        """Such as "3/14", "3/14/24", "2024-03-14", "since the 14th"."""
        text, starts, ends = self._words.text, self._words.starts, self._words.ends
        written = re.match(
            r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)\b|(\d{4})-(\d\d)-(\d\d)\b|(\d{1,2})/(\d{1,2})(?![\d/])",
            text[starts[at] :],
        )
        if written and (at == 0 or text[starts[at] - 1 : starts[at]] not in ("/", "-", ".")):
            when = self._written(written)
            leads = {"since", "on", "from", "around", "about", "started", "date", "injury", "desde", "accident"}
            if when is not None and when <= self._today and (written.group(7) is None or leads & set(self._before(at))):
                end = at
                while end < len(starts) and starts[end] < starts[at] + written.end():
                    end += 1
                return Amount(self._ago(when), self._ago(when), at, end)
        if (
            self._at(at).isdigit()
            and self._at(at + 1) in ("st", "nd", "rd", "th")
            and {"since", "on", "from"} & set(self._before(at, 2))
        ):
            day = int(self._at(at))
            if 1 <= day <= 31 and self._at(at + 2) not in ("of", "grade", *MONTHS) and ends[at] == starts[at + 1]:
                month = self._today.replace(day=1)
                if day > self._today.day:
                    month = (month - timedelta(days=1)).replace(day=1)
                gone = self._ago(month + timedelta(days=min(day, 28) - 1))
                return Amount(gone, gone, at, at + 2)
        return None

    def _written(self, found: re.Match[str]) -> date | None:
        try:
            if found.group(4):
                return date(int(found.group(4)), int(found.group(5)), int(found.group(6)))
            if found.group(7):
                month, day = int(found.group(7)), int(found.group(8))
                return self.latest(month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None
            year = int(found.group(3))
            return date(year if year > 99 else 2000 + year, int(found.group(1)), int(found.group(2)))
        except ValueError:
            return None

    def _year(self, at: int) -> Amount | None:
        word = self._at(at)
        if re.fullmatch(r"(19|20)\d\d", word) and _YEAR_LEADS & set(self._before(at)):
            year = int(word)
        elif (
            re.fullmatch(r"\d\d", word)
            and (self._at(at - 1) in ("since", "in") or self._before(at, 2) == ("back", "in"))
            and (word[0] == "0" or self._words.text[self._words.starts[at] - 1] in "'’")
        ):
            year = int(word) + (2000 if int(word) <= self._today.year % 100 else 1900)
        else:
            return None
        if year > self._today.year:
            return None
        return Amount(max(0, self._ago(date(year, 12, 31))), self._ago(date(year, 1, 1)), at, at + 1)
