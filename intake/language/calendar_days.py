"""Days named by the calendar: weekdays, weekends, months, dates, seasons, holidays, years."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from dateutil.easter import easter

from intake.language.amounts import Amount, number
from intake.language.text import Words

_WEEKDAYS = {
    name: day
    for day, names in enumerate(
        (
            ("monday", "mon", "lunes"),
            ("tuesday", "tues", "tue", "martes"),
            ("wednesday", "weds", "wed", "miercoles"),
            ("thursday", "thurs", "thur", "thu", "jueves"),
            ("friday", "fri", "viernes"),
            ("saturday", "sat", "sabado"),
            ("sunday", "sun", "domingo"),
        )
    )
    for name in names
}
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            ("january", "jan", "enero"),
            ("february", "feb", "febrero"),
            ("march", "mar", "marzo"),
            ("april", "apr", "abril"),
            ("may", "mayo"),
            ("june", "jun", "junio"),
            ("july", "jul", "julio"),
            ("august", "aug", "agosto"),
            ("september", "sept", "sep", "septiembre"),
            ("october", "oct", "octubre"),
            ("november", "nov", "noviembre"),
            ("december", "dec", "diciembre"),
        ),
        1,
    )
    for name in names
}
_AMBIGUOUS_MONTHS = frozenset({"may", "mar", "march", "dec", "jan", "sep", "august", "april", "june"})
_SEASONS = {
    "spring": 3,
    "springtime": 3,
    "summer": 6,
    "summertime": 6,
    "fall": 9,
    "autumn": 9,
    "winter": 12,
    "wintertime": 12,
    "verano": 6,
    "invierno": 12,
}


def _weekday_of(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth given weekday (Monday 0) of a month; nth -1 = the last."""
    if nth < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


_HOLIDAYS: dict[tuple[str, ...], Callable[[int], date]] = {
    ("christmas", "eve"): lambda year: date(year, 12, 24),
    ("christmas",): lambda year: date(year, 12, 25),
    ("xmas",): lambda year: date(year, 12, 25),
    ("navidad",): lambda year: date(year, 12, 25),
    ("holidays",): lambda year: date(year, 12, 27),
    ("halloween",): lambda year: date(year, 10, 31),
    ("valentines",): lambda year: date(year, 2, 14),
    ("valentine",): lambda year: date(year, 2, 14),
    ("st", "patricks"): lambda year: date(year, 3, 17),
    ("st", "pattys"): lambda year: date(year, 3, 17),
    ("new", "years"): lambda year: date(year, 1, 1),
    ("new", "year"): lambda year: date(year, 1, 1),
    ("start", "of", "the", "year"): lambda year: date(year, 1, 1),
    ("beginning", "of", "the", "year"): lambda year: date(year, 1, 1),
    ("easter",): easter,
    ("hanukkah",): lambda year: date(year, 12, 12),
    ("thanksgiving",): lambda year: _weekday_of(year, 11, 3, 4),
    ("turkey", "day"): lambda year: _weekday_of(year, 11, 3, 4),
    ("black", "friday"): lambda year: _weekday_of(year, 11, 3, 4) + timedelta(days=1),
    ("labor", "day"): lambda year: _weekday_of(year, 9, 0, 1),
    ("memorial", "day"): lambda year: _weekday_of(year, 5, 0, -1),
    ("mothers", "day"): lambda year: _weekday_of(year, 5, 6, 2),
    ("mother", "day"): lambda year: _weekday_of(year, 5, 6, 2),
    ("fathers", "day"): lambda year: _weekday_of(year, 6, 6, 3),
    ("father", "day"): lambda year: _weekday_of(year, 6, 6, 3),
    ("mlk", "day"): lambda year: _weekday_of(year, 1, 0, 3),
    ("presidents", "day"): lambda year: _weekday_of(year, 2, 0, 3),
    ("columbus", "day"): lambda year: _weekday_of(year, 10, 0, 2),
    ("veterans", "day"): lambda year: date(year, 11, 11),
    ("guy", "fawkes"): lambda year: date(year, 11, 5),
    ("bonfire", "night"): lambda year: date(year, 11, 5),
    ("remembrance", "day"): lambda year: date(year, 11, 11),
    ("remembrance", "sunday"): lambda year: _weekday_of(year, 11, 6, 2),
    ("new", "years", "eve"): lambda year: date(year, 12, 31),
    ("paddys", "day"): lambda year: date(year, 3, 17),
    ("canada", "day"): lambda year: date(year, 7, 1),
    **dict.fromkeys(
        (("clocks", "back"), ("clocks", "went", "back"), ("clocks", "changed"), ("time", "change")),
        lambda year: _weekday_of(year, 10, 6, -1) + timedelta(days=3),  # between the British and the American change
    ),
    ("boxing", "day"): lambda year: date(year, 12, 26),
    ("super", "bowl"): lambda year: _weekday_of(year, 2, 6, 2),
    ("superbowl",): lambda year: _weekday_of(year, 2, 6, 2),
    ("cinco", "de", "mayo"): lambda year: date(year, 5, 5),
    ("4", "th", "of", "july"): lambda year: date(year, 7, 4),
    ("july", "4", "th"): lambda year: date(year, 7, 4),
    ("fourth", "of", "july"): lambda year: date(year, 7, 4),
    ("independence", "day"): lambda year: date(year, 7, 4),
    ("juneteenth",): lambda year: date(year, 6, 19),
    ("daylight", "savings"): lambda year: _weekday_of(year, 3, 6, 2),
    ("daylight", "saving"): lambda year: _weekday_of(year, 3, 6, 2),
    ("spring", "forward"): lambda year: _weekday_of(year, 3, 6, 2),
    ("tax", "day"): lambda year: date(year, 4, 15),
    ("groundhog", "day"): lambda year: date(year, 2, 2),
    ("ash", "wednesday"): lambda year: easter(year) - timedelta(days=46),
    ("mardi", "gras"): lambda year: easter(year) - timedelta(days=47),
    ("good", "friday"): lambda year: easter(year) - timedelta(days=2),
    ("palm", "sunday"): lambda year: easter(year) - timedelta(days=7),
    ("cyber", "monday"): lambda year: _weekday_of(year, 11, 3, 4) + timedelta(days=4),
}
# Feasts of the moon: year -> (month, day).
_LUNAR: dict[tuple[str, ...], dict[int, tuple[int, int]]] = {
    ("diwali",): {2022: (10, 24), 2023: (11, 12), 2024: (10, 31), 2025: (10, 20), 2026: (11, 8), 2027: (10, 29)},
    ("ramadan",): {2022: (4, 2), 2023: (3, 23), 2024: (3, 11), 2025: (3, 1), 2026: (2, 18), 2027: (2, 8)},
    ("eid",): {2022: (5, 2), 2023: (4, 21), 2024: (4, 10), 2025: (3, 30), 2026: (3, 20), 2027: (3, 10)},
    ("lunar", "new", "year"): {2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6)},
    ("world", "cup"): {2022: (12, 18), 2026: (7, 19)},
    ("passover",): {2022: (4, 15), 2023: (4, 5), 2024: (4, 22), 2025: (4, 12), 2026: (4, 1), 2027: (4, 21)},
}
_LUNAR[("deepavali",)] = _LUNAR[("diwali",)]
_LUNAR[("chinese", "new", "year")] = _LUNAR[("lunar", "new", "year")]


def _lunar(days: dict[int, tuple[int, int]]) -> Callable[[int], date]:
    """The day of a feast in a year; outside the table that of the nearest year in it."""
    return lambda year: date(year, *days[min(days, key=lambda known: abs(known - year))])


_HOLIDAYS |= {name: _lunar(days) for name, days in _LUNAR.items()}
_LONGEST = max(len(key) for key in _HOLIDAYS)
_FIRST = frozenset(key[0] for key in _HOLIDAYS)
_ORDINALS = {
    word: day
    for day, word in enumerate(
        """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
        fifteenth sixteenth seventeenth eighteenth nineteenth twentieth""".split(),
        1,
    )
} | {"thirtieth": 30}
_TENS = {"twenty": 20, "thirty": 30}
_POINTS = frozenset({"since", "on", "last", "this", "past", "until", "from", "desde", "el", "started", "by"})
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


class CalendarReader:
    """Reads a calendar expression at a word as days before `today`."""

    def __init__(self, words: Words, today: date) -> None:
        self._words = words
        self._norms = words.norms
        self._today = today

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

    def _at(self, at: int) -> str:
        return self._norms[at] if 0 <= at < len(self._norms) else ""

    def _before(self, at: int, count: int = 3) -> tuple[str, ...]:
        return self._norms[max(0, at - count) : at]

    def _ago(self, when: date) -> int:
        return (self._today - when).days

    def _latest(self, month: int, day: int) -> date:
        day = min(day, 28) if month == 2 else min(day, 30) if month in (4, 6, 9, 11) else day
        when = date(self._today.year, month, day)
        return when if when <= self._today else date(self._today.year - 1, month, day)

    def is_month(self, at: int) -> bool:
        """Word `at` is the name of a month."""
        return self._at(at) in _MONTHS

    def ahead(self, at: int) -> tuple[int, int] | None:
        """Days until the next such weekday or month, or tomorrow; None when word `at` names none."""
        word = self._at(at)
        if word == "tomorrow":
            return 1, 1
        if len(word) > 3 and word in _WEEKDAYS:
            days = (_WEEKDAYS[word] - self._today.weekday()) % 7 or 7
            return days, days
        if word in _MONTHS:
            year = self._today.year + (_MONTHS[word] <= self._today.month)
            days = (date(year, _MONTHS[word], 1) - self._today).days
            return days, days + 30
        return None

    # -- weekdays

    def _weekday(self, at: int) -> Amount | None:
        word = self._at(at)
        several = word.endswith("s") and word[:-1] in _WEEKDAYS and len(word) > 6 and word not in _WEEKDAYS
        day = _WEEKDAYS.get(word[:-1] if several else word)
        if day is None:
            return None
        before = self._before(at, 4)
        if (
            len(word) <= 3
            and len(self._norms) > 2
            and (
                self._at(at - 1) not in _POINTS
                or self._at(at + 1) in ("down", "in", "on", "for", "up", "screen", "too", "at")
            )
        ):
            return None
        back = (self._today.weekday() - day) % 7 or (0 if before[-1:] == ("this",) else 7)
        count = number(self._at(at - 1)) if several else None
        if several and count is not None and self._norms[at + 1 : at + 2] in (("running",), ("straight",), ("now",)):
            return Amount(back + 7 * (count - 2), back + 7 * (count - 1) + 3, at - 1, at + 2)
        if several and (count is None or self._at(at + 1) not in ("ago", "back")):
            return None  # "on mondays"
        if count is not None:
            return Amount(back + 7 * (count - 1), back + 7 * (count - 1), at - 1, at + 2)
        following = self._norms[at + 1 : at + 9]
        if before[-3:] in (("a", "week", "last"), ("a", "week", "past"), ("1", "week", "last")):
            return Amount(back + 7, back + 7, at - 3, at + 1)  # "a week last wednesday"
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
        if self._at(at) not in _FIRST:
            return None
        for length in range(_LONGEST, 0, -1):
            key = self._norms[at : at + length]
            of_year = _HOLIDAYS.get(key) if len(key) == length else None
            if of_year is None:
                continue
            when = of_year(self._today.year)
            end = at + length
            year = self._year_after(end)
            if year is not None:
                when, end = of_year(year), end + 1
            elif when > self._today or "last" in self._before(at) and self._ago(when) < 60:
                when = of_year(self._today.year - 1)
            days = self._ago(when)
            return Amount(max(0, days - 1), max(0, days + 1), at, end) if days >= 0 else None
        return None

    def _year_after(self, at: int) -> int | None:
        """The year right after a word: "2023", "of 2023"."""
        word = self._at(at)
        if re.fullmatch(r"(19|20)\d\d", word) and int(word) <= self._today.year:
            return int(word)
        return None

    def _season(self, at: int) -> Amount | None:
        plural = self._at(at).endswith("s") and self._at(at)[:-1] in _SEASONS
        month = _SEASONS.get(self._at(at)[:-1] if plural else self._at(at))
        if month is None:
            return None
        before = self._before(at)
        count = number(self._at(at - 1)) if self._at(at + 1) == "ago" else None
        if (
            not {"since", "last", "this", "early", "late", "in", "desde", "over", "during", "of", "past", "all", "from"}
            & set(before)
            and count is None
            and len(self._norms) > 4
        ):
            return None
        start = self._latest(month, 1)
        days = self._ago(start)
        end = at + 1
        of_year = self._year_after(end) or (self._year_after(end + 1) if self._at(end) == "of" else None)
        if of_year is not None:
            days, end = self._ago(date(of_year, month, 1)), end + (2 if self._at(end) == "of" else 1)
        elif count is not None:
            days, end = days + int(count - 1) * 365 + (0 if days > 92 else 365), at + 2
        elif "last" in before and days < 92:
            days += 365
        later = self._norms[end : end + 12]
        one_before = any(later[at : at + 3] == ("the", "one", "before") for at in range(len(later) - 2))
        if one_before or later[:2] in (("last", "year"), ("before", "last")):
            days += 730 if days < 92 and later[:1] == ("before",) else 365
            end += 2 if "last" in later[:2] else 0
        near, far = days - 92, days
        if "early" in before:
            near = days - 31
        elif "late" in before or "end" in before:
            far = days - 61
        elif "all" in before[-1:] or before[-2:] == ("all", "this"):
            near = days - 31  # from its beginning
        return Amount(max(0, near), max(0, far), at, end)

    # -- months, dates, years

    def _month(self, at: int) -> Amount | None:
        word = self._at(at)
        month = _MONTHS.get(word)
        before = self._before(at)
        if month is None:
            return None
        digits = self._at(at + 1).isdigit()
        if (
            word in _AMBIGUOUS_MONTHS
            and not digits
            and not {
                "since",
                "in",
                "last",
                "early",
                "late",
                "mid",
                "of",
                "back",
                "around",
                "desde",
                "en",
                "until",
                "from",
            }
            & set(before)
        ):
            return None
        start, end, day, year = at, at + 1, None, None
        written_on = digits and self._words.text[self._words.ends[at + 1] : self._words.ends[at + 1] + 1] == "/"
        if written_on:  # "mid february, 3/10"
            digits = False
        if digits and 1 <= int(self._at(end)) <= 31:
            day, end = int(self._at(end)), end + 1
            end += self._at(end) in ("st", "nd", "rd", "th")
        elif (named_day := self._day_before(at)) is not None:
            day, start = named_day
        ahead = end + (self._at(end) == "of")
        if (named := self._year_after(ahead)) is not None:
            year, end = named, ahead + 1
        elif self._norms[end : end + 3] == ("of", "last", "year"):
            year, end = self._today.year - 1, end + 3
        elif self._norms[end : end + 2] == ("last", "year"):
            year, end = self._today.year - 1, end + 2
        elif re.fullmatch(r"\d\d", self._at(end)) and self._words.text[self._words.starts[end] - 1] in "'’":
            year, end = 2000 + int(self._at(end)), end + 1
        first = date(year, month, 1) if year else self._latest(month, day or 1)
        if day is not None:
            exact = self._latest(month, day) if year is None else date(year, month, min(day, 28))
            gone = self._ago(exact)
            return Amount(gone, gone, start, end) if gone >= 0 else None
        gone = self._ago(first)
        if gone < 0:
            return None
        near, far = gone - 30, gone
        week = self._week_of(at)
        if week is not None:
            return Amount(max(0, gone - 7 * week - 7), max(0, gone - 7 * week), at - 3, end)
        if "early" in before or "beginning" in before or "start" in before:
            near = gone - 10
        elif "mid" in before or "middle" in before:
            near, far = gone - 19, gone - 9
        elif "late" in before or "end" in before:
            far = gone - 20
        return Amount(max(0, near), max(0, far), start, end)

    def _week_of(self, at: int) -> int | None:
        """Which week, from 0, of "the second week of november", "last week in may"."""
        if self._at(at - 2) != "week" or self._at(at - 1) not in ("of", "in"):
            return None
        return {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": 3, "1st": 0, "2nd": 1}.get(self._at(at - 3))

    def _day_before(self, at: int) -> tuple[int, int] | None:
        """The day of "14th of January", "3 march", "twentieth of May", and the word it begins at."""
        near = at - 1
        while near >= 0 and self._at(near) in ("of", "de"):
            near -= 1
        suffixed = self._is_suffix(near)
        near -= suffixed
        day = self._ordinal(near)
        if day is not None:
            return day
        word = self._at(near)
        return (int(word), near) if word.isdigit() and 1 <= int(word) <= 31 else None

    def _is_suffix(self, at: int) -> bool:
        """The end of "3rd", "2nd" (whose "nd" is otherwise a short "and")."""
        touches = 0 < at < len(self._norms) and self._words.ends[at - 1] == self._words.starts[at]
        return touches and self._at(at) in ("st", "nd", "rd", "th", "and")

    def _ordinal(self, at: int) -> tuple[int, int] | None:
        """The day of "sixth", "twenty first", that ends at a word, and the word it begins at."""
        day = _ORDINALS.get(self._at(at))
        if day is None:
            return None
        tens = _TENS.get(self._at(at - 1), 0) if day < 10 else 0
        return day + tens, at - bool(tens)

    def _date(self, at: int) -> Amount | None:
        """Such as "3/14", "3/14/24", "2024-03-14", "since the 14th"."""
        text, starts = self._words.text, self._words.starts
        written = re.match(
            r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)\b|(\d{4})-(\d\d)-(\d\d)\b|(\d{1,2})/(\d{1,2})(?![\d/])",
            text[starts[at] :],
        )
        if written and (at == 0 or text[starts[at] - 1 : starts[at]] not in ("/", "-", ".")):
            when = self._written(written)
            leads = {"since", "on", "from", "around", "about", "started", "date", "injury", "desde", "accident"}
            alone = len(self._norms) == 2 and written.group(8) != "10"  # the whole message: "3/2"
            dated = written.group(7) is None or alone or bool(leads & set(self._before(at)))
            if when is not None and when <= self._today and dated:
                end = at
                while end < len(starts) and starts[end] < starts[at] + written.end():
                    end += 1
                return Amount(self._ago(when), self._ago(when), at, end)
        return self._day_of_month(at)

    def _day_of_month(self, at: int) -> Amount | None:
        """Such as "since the 14th", "on the twenty first"."""
        if not {"since", "on", "from"} & set(self._before(at, 2)):
            return None
        spoken = self._ordinal(at + 1) if self._at(at) in _TENS else self._ordinal(at)
        if spoken is not None and spoken[1] == at and self._at(at - 1) == "the":
            day, end = spoken[0], at + (2 if self._at(at) in _TENS else 1)
        elif self._at(at).isdigit() and self._is_suffix(at + 1):
            day, end = int(self._at(at)), at + 2
        else:
            return None
        told = self._norms[end : end + 3] in (("of", "this", "month"), ("of", "last", "month"), ("of", "the", "month"))
        closes = (
            end >= len(self._norms) or self._words.breaks[end] > 0 or self._at(end) not in ("of", "grade", *_MONTHS)
        )
        if not told and (not closes or spoken is not None and not self._is_last(end)) or not 1 <= day <= 31:
            return None
        month = self._today.replace(day=1)
        if day > self._today.day or told and self._at(end + 1) == "last":
            month = (month - timedelta(days=1)).replace(day=1)
        gone = self._ago(month + timedelta(days=min(day, 28) - 1))
        return Amount(gone, gone, at, end + 3 if told else end)

    def _is_last(self, end: int) -> bool:
        """Nothing follows in the clause, so "the sixth" is no "sixth time"."""
        return end >= len(self._norms) or self._words.breaks[end] > 0

    def _written(self, found: re.Match[str]) -> date | None:
        try:
            if found.group(4):
                return date(int(found.group(4)), int(found.group(5)), int(found.group(6)))
            if found.group(7):
                month, day = int(found.group(7)), int(found.group(8))
                return self._latest(month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None
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
