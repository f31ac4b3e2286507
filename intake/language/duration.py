"""Times in a message: how long the pain has lasted, how long ago something happened, since when.

All lengths are days before the day of writing, as a range (min, max); max None = open-ended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Callable, Literal, Optional

from dateutil.easter import easter

from intake.language.text import CLAUSE, Words

Days = tuple[int, Optional[int]]

UNITS = {
    "hour": 1 / 24,
    "hr": 1 / 24,
    "hrs": 1 / 24,
    "minute": 1 / 1440,
    "min": 1 / 1440,
    "mins": 1 / 1440,
    "day": 1,
    "night": 1,
    "week": 7,
    "wk": 7,
    "wks": 7,
    "weekend": 7,
    "fortnight": 14,
    "month": 30.4,
    "mo": 30.4,
    "mos": 30.4,
    "mth": 30.4,
    "mths": 30.4,
    "year": 365,
    "yr": 365,
    "yrs": 365,
    "decade": 3650,
    "dia": 1,
    "dias": 1,
    "semana": 7,
    "semanas": 7,
    "mes": 30.4,
    "meses": 30.4,
    "ano": 365,
    "anos": 365,
    "d": 1,
    "w": 7,
    "y": 365,
    "m": 30.4,
}
_LONE_LETTERS = frozenset("dwym")
NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "un": 1,
    "una": 1,
    "dos": 2,
    "tres": 3,
    "cuatro": 4,
    "cinco": 5,
    "seis": 6,
    "half": 0.5,
}
_VAGUE: dict[str, tuple[float, float]] = {
    "couple": (2, 3),
    "few": (2, 6),
    "several": (3, 8),
    "many": (3, 12),
    "some": (2, 8),
    "lot": (4, 12),
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mon"),
            ("tuesday", "tues", "tue"),
            ("wednesday", "weds", "wed"),
            ("thursday", "thurs", "thur", "thu"),
            ("friday", "fri"),
            ("saturday", "sat"),
            ("sunday", "sun"),
        )
    )
    for name in names
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        1,
    )
    for name in names
}
_SEASONS = {"spring": (3, 6), "summer": (6, 9), "fall": (9, 12), "autumn": (9, 12), "winter": (12, 15)}
_HOLIDAYS: dict[str, Callable[[int], date]] = {
    "christmas": lambda year: date(year, 12, 25),
    "xmas": lambda year: date(year, 12, 25),
    "halloween": lambda year: date(year, 10, 31),
    "valentines": lambda year: date(year, 2, 14),
    "july4th": lambda year: date(year, 7, 4),
    "newyears": lambda year: date(year, 1, 1),
    "easter": easter,
    "hanukkah": lambda year: date(year, 12, 12),
    "thanksgiving": lambda year: _weekday_of(year, 11, 3, 4),
    "labor": lambda year: _weekday_of(year, 9, 0, 1),
    "memorial": lambda year: _weekday_of(year, 6, 0, 1) - timedelta(days=7),
    "mothers": lambda year: _weekday_of(year, 5, 6, 2),
    "fathers": lambda year: _weekday_of(year, 6, 6, 3),
}
_LIFE: dict[str, Days] = {
    "highschool": (1095, None),
    "college": (1095, None),
    "childhood": (3650, None),
    "birth": (6570, None),
    "teenager": (1825, None),
    "teens": (1825, None),
    "kid": (3650, None),
    "child": (3650, None),
    "school": (1095, None),
    "forever": (365, None),
    "covid": (700, 2600),
    "pandemic": (700, 2600),
}
_SPELLS: dict[tuple[str, ...], Days] = {
    ("yesterday",): (1, 1),
    ("last", "night"): (1, 1),
    ("this", "morning"): (0, 0),
    ("this", "afternoon"): (0, 0),
    ("this", "evening"): (0, 0),
    ("this", "am"): (0, 0),
    ("today",): (0, 0),
    ("tonight",): (0, 0),
    ("earlier", "today"): (0, 0),
    ("the", "other", "day"): (2, 6),
    ("last", "week"): (5, 13),
    ("last", "weekend"): (2, 9),
    ("the", "weekend"): (1, 7),
    ("last", "month"): (20, 60),
    ("last", "year"): (180, 700),
    ("this", "week"): (0, 6),
    ("this", "month"): (0, 31),
    ("this", "year"): (0, 365),
    ("ayer",): (1, 1),
    ("anoche",): (1, 1),
    ("hoy",): (0, 0),
    ("day", "before", "yesterday"): (2, 2),
    ("ages",): (180, None),
    ("years",): (730, None),
    ("yrs",): (730, None),
    ("decades",): (7300, None),
    ("months",): (60, 365),
    ("weeks",): (14, 60),
    ("days",): (2, 10),
    ("hours",): (0, 1),
    ("forever",): (365, None),
    ("long", "time"): (90, None),
    ("as", "long", "as", "i", "can", "remember"): (1095, None),
    ("my", "whole", "life"): (3650, None),
    ("all", "my", "life"): (3650, None),
    ("all", "day"): (0, 1),
    ("all", "week"): (4, 8),
    ("a", "while"): (14, 365),
    ("half", "a", "year"): (170, 195),
    ("half", "year"): (170, 195),
    ("just", "now"): (0, 0),
    ("a", "hot", "minute"): (14, 365),
    ("one", "day"): (1, 1),
    ("noon",): (0, 0),
    ("lunch",): (0, 0),
    ("breakfast",): (0, 0),
    ("dinner",): (0, 1),
    ("midnight",): (0, 1),
}
_BARE_SPELLS = frozenset(
    {
        ("years",),
        ("yrs",),
        ("decades",),
        ("months",),
        ("weeks",),
        ("days",),
        ("hours",),
        ("noon",),
        ("lunch",),
        ("breakfast",),
        ("dinner",),
        ("midnight",),
    }
)
_LONGEST_SPELL = max(len(key) for key in _SPELLS)
_ABOUT = frozenset(
    {
        "about",
        "around",
        "roughly",
        "approximately",
        "approx",
        "maybe",
        "probably",
        "like",
        "bout",
        "abt",
        "ish",
        "near",
        "nearly",
        "almost",
        "close",
        "going",
        "pushing",
        "or",
    }
)
_MORE = frozenset({"over", "more", "least", "plus", "past"})

Lead = Literal["for", "since", "ago", "bare", "every", "other"]


@dataclass(frozen=True)
class TimeSpan:
    """One time expression: `days` before writing, the words `start` to `end` it covers, and how it is led in."""

    days: Days
    start: int
    end: int
    lead: Lead

    @property
    def open_start(self) -> int:
        """Days at the near end."""
        return self.days[0]


def _weekday_of(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth given weekday (Monday 0) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _number(word: str) -> float | None:
    if re.fullmatch(r"\d{1,4}(\.\d+)?", word):
        return float(word)
    return NUMBERS.get(word)


class TimeReader:
    """Reads the time expressions of a message, given the day it was written."""

    def __init__(self, words: Words, today: date, age: int | None = None) -> None:
        self._norms = words.norms
        self._breaks = words.breaks
        self._today = today
        self._age = age

    def spans(self) -> list[TimeSpan]:
        """All time expressions, left to right, none overlapping."""
        found: list[TimeSpan] = []
        at = 0
        while at < len(self._norms):
            span = self._count(at) or self._quantity(at) or self._calendar(at) or self._spell(at)
            if span is None:
                at += 1
                continue
            found.append(self._led(span))
            at = span.end
        return found

    # -- quantities: "about 3 weeks", "2-3 months", "a year and a half", "six or seven years"

    def _count(self, at: int) -> TimeSpan | None:
        """ "day 3", "week two of this", "third day": counted from the start."""
        norms = self._norms
        if (
            norms[at] in ("day", "week", "month")
            and at + 1 < len(norms)
            and norms[at - 1 : at] not in (("a",), ("per",), ("every",), ("each",), ("one",), ("1",))
        ):
            number = _number(norms[at + 1])
            if (
                number is not None
                and norms[at + 1] not in ("a", "an")
                and number == int(number)
                and norms[at + 2 : at + 3] not in (("times",), ("pills",), ("days",), ("hours",))
            ):
                size = _UNIT_WORDS[norms[at]]
                return TimeSpan((int(max(0, (number - 1) * size)), int(number * size)), at, at + 2, "for")
        ordinals = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
        if norms[at] in ordinals and norms[at + 1 : at + 2] in (("day",), ("week",), ("month",)):
            size = _UNIT_WORDS[norms[at + 1]]
            return TimeSpan((int((ordinals[norms[at]] - 1) * size), int(ordinals[norms[at]] * size)), at, at + 2, "for")
        return None

    def _quantity(self, at: int) -> TimeSpan | None:
        norms = self._norms
        word = norms[at]
        low: float | None
        high: float | None
        next_at = at + 1
        if word in ("a", "an") and at + 1 < len(norms) and norms[at + 1] in _VAGUE:
            word, next_at = norms[at + 1], at + 2
        elif word in ("a", "the") and norms[at + 1 : at + 2] == ("good",):
            word, next_at = norms[at + 2] if at + 2 < len(norms) else "", at + 3
        if word in _VAGUE:
            low, high = _VAGUE[word]
            if norms[next_at : next_at + 1] == ("of",):
                next_at += 1
            if word == "couple" and norms[next_at : next_at + 1] == ("or",):
                next_at += 1
            if norms[next_at : next_at + 1] == ("few",):
                low, high = 2, 6
                next_at += 1
        else:
            low = high = _number(word)
            if low is None:
                return None
            tens = _number(norms[next_at]) if next_at < len(norms) else None
            if (
                word in NUMBERS
                and low >= 20
                and tens is not None
                and 1 <= tens <= 9
                and norms[next_at] in NUMBERS
                and norms[next_at] not in ("a", "an")
            ):
                low = high = low + tens
                next_at += 1
        if norms[next_at : next_at + 3] in (("and", "a", "half"), ("and", "1", "half")):
            low, high, next_at = (low or 0) + 0.5, (high or 0) + 0.5, next_at + 3
        elif norms[next_at : next_at + 1] == ("half",) and low == 1:
            low = high = 0.5
            next_at += 1
        if norms[next_at : next_at + 1] in (("to",), ("or",), ("maybe",)) or (
            next_at < len(norms) and _number(norms[next_at]) is not None and norms[next_at] not in ("a", "an")
        ):
            other = next_at + (0 if _number(norms[next_at]) is not None else 1)
            if norms[other : other + 1] == ("maybe",):
                other += 1
            upper = _number(norms[other]) if other < len(norms) else None
            if upper is not None and low is not None and upper > low and norms[other] not in ("a", "an"):
                high, next_at = upper, other + 1
        approx = False
        while next_at < len(norms) and norms[next_at] in (
            "ish",
            "plus",
            "odd",
            "or",
            "so",
            "long",
            "full",
            "whole",
            "solid",
            "good",
            "more",
            "straight",
            "calendar",
            "short",
        ):
            approx = True
            next_at += 1
        if next_at >= len(norms) or norms[next_at] not in _UNIT_WORDS:
            return None
        unit_word = norms[next_at]
        if unit_word in _LONE_LETTERS and not norms[at].isdigit():
            return None
        if unit_word in ("m", "min", "mins", "minute", "minutes") and unit_word == "m":
            return None
        unit = _UNIT_WORDS[unit_word]
        end = next_at + 1
        if norms[end : end + 2] in (("or", "two"), ("or", "2"), ("or", "three"), ("or", "3")):
            high = float(NUMBERS.get(norms[end + 1], 0) or norms[end + 1])
            end += 2
        elif norms[end : end + 2] in (("or", "so"), ("give", "or")):
            approx = True
            end += 2
            if norms[end : end + 1] == ("take",):
                end += 1
        if norms[end : end + 3] in (("and", "a", "half"),):
            low, high, end = (low or 0) + 0.5, (high or 0) + 0.5, end + 3
        elif norms[end : end + 1] == ("and",) and norms[end + 1 : end + 3] == ("1", "half"):
            low, high, end = (low or 0) + 0.5, (high or 0) + 0.5, end + 3
        elif norms[end : end + 1] == ("and",):
            extra = self._quantity(end + 1) if end + 1 < len(norms) else None
            if extra is not None and extra.days[0] < unit * (low or 0) and norms[end + 1] not in ("the",):
                extra_days = extra.days[0]
                return TimeSpan(
                    (round((low or 0) * unit) + extra_days, round((high or 0) * unit) + (extra.days[1] or extra_days)),
                    at,
                    extra.end,
                    "bare",
                )
        assert low is not None and high is not None
        before = set(norms[max(0, at - 3) : at])
        least, most = low * unit, high * unit
        days: Days = (int(least), int(round(most)))
        if (
            norms[at - 1 : at] in (("over",), ("than",), ("least",))
            and "less" not in before
            or norms[end : end + 1] == ("plus",)
        ):
            days = (int(least), int(round(most * 1.5)) + 1)
        elif (
            norms[at - 1 : at] in (("under",),)
            or {"less", "than"} <= before
            or {"not", "even"} <= before
            or norms[at - 1 : at] == ("barely",)
        ):
            days = (int(least * 0.6), int(round(most)))
        elif before & _ABOUT or approx:
            slack = max(1.0, 0.15 * most)
            days = (max(0, int(least - slack)), int(round(most + slack)))
        return TimeSpan(days, at, end, "bare")

    # -- calendar: "since thanksgiving", "tuesday", "in march 2024", "3/14", "since i was 30"

    def _calendar(self, at: int) -> TimeSpan | None:
        norms = self._norms
        word = norms[at]
        lead_words = set(norms[max(0, at - 3) : at])
        if word in _WEEKDAYS and (len(word) > 3 or lead_words & {"since", "on", "last", "this"}):
            back = (self._today.weekday() - _WEEKDAYS[word]) % 7
            back = back or (0 if "this" in lead_words else 7)
            if norms[at + 1 : at + 2] in (("week",),) or lead_words >= {"a", "week", "ago"}:
                back += 7
            if "last" in lead_words and back < 4:
                return TimeSpan((back, back + 7), at, at + 1, "bare")
            return TimeSpan((back, back), at, at + 1, "bare")
        if word in _MONTHS and (
            word not in ("may", "mar", "march")
            or lead_words & {"since", "in", "last", "early", "late", "mid", "of"}
            or self._digits(at + 1)
        ):
            return self._month(at)
        if word in _SEASONS and lead_words & {"since", "last", "this", "early", "late", "in"}:
            month, _ = _SEASONS[word]
            start = self._latest(month, 1)
            days = (self._today - start).days
            if "last" in lead_words and days < 92:
                days += 365
            return TimeSpan((max(0, days - 92), days), at, at + 1, "bare")
        holiday = word if word in _HOLIDAYS else None
        end = at + 1
        if norms[at : at + 2] in (("new", "years"), ("new", "year")):
            holiday, end = "newyears", at + 2
        elif norms[at : at + 4] == ("4", "th", "of", "july") or norms[at : at + 3] == ("fourth", "of", "july"):
            holiday, end = "july4th", at + (4 if word == "4" else 3)
        elif holiday in ("memorial", "labor", "mothers", "fathers", "mother", "father"):
            holiday, end = (holiday, at + 2) if norms[at + 1 : at + 2] == ("day",) else (None, end)
        if holiday is not None:
            of_year = _HOLIDAYS[holiday]
            when = of_year(self._today.year)
            if when > self._today or ("last" in lead_words and (self._today - when).days < 60):
                when = of_year(self._today.year - 1)
            days = (self._today - when).days
            return TimeSpan((max(0, days - 2), days + 2), at, end, "bare")
        match = re.fullmatch(r"(19|20)\d\d", word)
        if match and lead_words & {"since", "in", "around", "back", "about", "of", "from", "until"}:
            year = int(word)
            if year <= self._today.year:
                return TimeSpan(
                    (max(0, (self._today - date(year, 12, 31)).days), (self._today - date(year, 1, 1)).days),
                    at,
                    at + 1,
                    "bare",
                )
        if (
            word.isdigit()
            and 1 <= int(word) <= 12
            and norms[at + 1 : at + 2]
            and norms[at + 1].isdigit()
            and 1 <= int(norms[at + 1]) <= 31
            and lead_words & {"since", "on", "from", "around"}
        ):
            when = self._latest(int(word), min(28, int(norms[at + 1])))
            return TimeSpan(((self._today - when).days, (self._today - when).days), at, at + 2, "bare")
        if word == "was" and norms[at - 1 : at] == ("i",) and at + 1 < len(norms):
            then = _number(norms[at + 1])
            if then is not None and 5 <= then <= 90 and norms[at + 2 : at + 3] not in (("weeks",), ("months",)):
                if self._age is not None and self._age >= then:
                    span = (self._age - then) * 365
                    return TimeSpan((int(max(0, span - 365)), int(span + 365)), at - 1, at + 2, "bare")
                return TimeSpan((365, None), at - 1, at + 2, "bare")
        if word in _LIFE and lead_words & {"since", "in", "a", "was", "my", "high", "from"}:
            return TimeSpan(_LIFE[word], at, at + 1, "bare")
        return None

    def _digits(self, at: int) -> bool:
        return at < len(self._norms) and self._norms[at].isdigit()

    def _latest(self, month: int, day: int) -> date:
        when = date(self._today.year, month, day)
        return when if when <= self._today else date(self._today.year - 1, month, day)

    def _month(self, at: int) -> TimeSpan:
        norms = self._norms
        month = _MONTHS[norms[at]]
        end = at + 1
        day = None
        if self._digits(end) and int(norms[end]) <= 31:
            day, end = int(norms[end]), end + 1
            if norms[end : end + 1] in (("st",), ("nd",), ("rd",), ("th",)):
                end += 1
        year = None
        if end < len(norms) and re.fullmatch(r"20\d\d|19\d\d", norms[end]):
            year, end = int(norms[end]), end + 1
        elif norms[end : end + 2] == ("last", "year"):
            year, end = self._today.year - 1, end + 2
        first = date(year, month, 1) if year else self._latest(month, 1)
        if day is not None:
            exact = date(first.year, month, min(day, 28))
            gone = (self._today - exact).days
            return TimeSpan((max(0, gone), max(0, gone)), at, end, "bare")
        gone = (self._today - first).days
        return TimeSpan((max(0, gone - 31), gone), at, end, "bare")

    # -- fixed spells: "yesterday", "for ages"

    def _spell(self, at: int) -> TimeSpan | None:
        for length in range(_LONGEST_SPELL, 0, -1):
            key = self._norms[at : at + length]
            if len(key) == length and key in _SPELLS:
                if (
                    key in _BARE_SPELLS
                    and not set(self._norms[max(0, at - 2) : at])
                    & {"for", "since", "of", "like", "past", "last", "been", "by", "several"}
                    and self._norms[at + length : at + length + 1] != ("ago",)
                    and self._norms[at + length : at + length + 1] != ("now",)
                ):
                    continue
                return TimeSpan(_SPELLS[key], at, at + length, "bare")
        return None

    # -- what leads the expression in

    def _led(self, span: TimeSpan) -> TimeSpan:
        norms = self._norms
        before = norms[max(0, span.start - 4) : span.start]
        following = norms[span.end : span.end + 1]
        lead: Lead = "bare"
        end = span.end
        if following in (("ago",), ("back",), ("earlier",)):
            lead, end = "ago", span.end + 1
        elif following == ("old",) or norms[span.end : span.end + 2] == ("of", "age"):
            lead = "other"
        elif (
            "times" in before[-3:]
            and self._norms[span.start] in ("a", "an")
            or set(before[-1:]) & {"once", "twice"}
            or set(before[-1:]) & {"every", "each", "in", "within", "per", "another", "next"}
            and not set(before) & {"since", "early", "late", "back"}
            or following in (("each",), ("pregnant",), ("preg",), ("along",), ("gestation",))
        ):
            lead = "every" if span.days[1] is not None and not self._is_date(span) else "bare"
        elif "since" in before or "desde" in before:
            lead = "since"
        elif set(before) & {"for", "past", "last", "hace", "por"}:
            lead = "for"
        return TimeSpan(span.days, span.start, end, lead)

    def _is_date(self, span: TimeSpan) -> bool:
        word = self._norms[span.start]
        return word in _MONTHS or word in _SEASONS or bool(re.fullmatch(r"(19|20)\d\d", word))


_UNIT_WORDS = {
    **UNITS,
    **{word + "s": size for word, size in UNITS.items() if len(word) > 2 and not word.endswith("s")},
}

_NOT_PAIN = frozenset(
    """nurse teacher married clean sober work working worked job drive driving waited waiting wait drove retired living lived smoked smoking quit old appointment took taking take
    taken dose pregnant postpartum flight surgery fusion injection epidural operation ablation remission chemo cancer divorced employed career carpenter trucker roofer
    mechanic insurance slept sleep lasts lasting shift shifts hospital therapy pt chiropractor prednisone tylenol ibuprofen pills meds medication gabapentin oxy norco""".split()
)
_PAIN = frozenset(
    """pain pains hurt hurts hurting hurted ache aches aching sore soreness painful sciatica spasm spasms back neck stiff tight discomfort bothering bother bothers killing
    started start began begun dealing suffering suffered had having been flared flare acting lasted going throbbing burning dolor duele lower issue issues problem problems trouble tweaked threw wrenched strained
    hip leg buttock shoulder tailbone this it its happening happened""".split()
)


_STARTED = frozenset("started start began begun onset starting beginning comenzo empezo".split())
_OTHERS = frozenset("brother sister mom mother dad father wife husband son daughter friend his hers her".split())


def pain_duration(words: Words, spans: list[TimeSpan], asked: bool, starts: list[int]) -> Days | None:
    """The time expression that says how long the pain has lasted; `starts` = words where an injury or a start is named."""
    best: tuple[float, Days] | None = None
    for span in spans:
        if span.lead in ("every", "other"):
            continue
        score = _likelihood(words, span, starts) + (3.0 if asked else 0.0)
        # A message that is little more than a time answers "how long?" even when nobody asked.
        alone = len(words) - (span.end - span.start) <= 5 or len(spans) == 1 and len(words) <= 9
        if score < (1.0 if alone else 2.0):
            continue
        if best is None or score > best[0]:
            best = (score, span.days)
    return best[1] if best else None


def _likelihood(words: Words, span: TimeSpan, starts: list[int]) -> float:
    """How much speaks for a time expression being the duration of the pain."""
    first, last = span.start, span.end
    while first > 0 and words.breaks[first] < CLAUSE and span.start - first < 12:
        first -= 1
    while last < len(words) and words.breaks[last] < CLAUSE and last - span.end < 8:
        last += 1
    around = {*words.norms[first : span.start], *words.norms[span.end : last]}
    near = {*words.norms[max(first, span.start - 5) : span.start], *words.norms[span.end : min(last, span.end + 4)]}
    score = {"since": 2.5, "for": 2.0, "ago": 1.5, "bare": 1.0, "every": -9.0, "other": -9.0}[span.lead]
    score += 1.5 if around & _PAIN else 0.0
    score += 1.5 if near & _STARTED else 0.0
    score += 1.0 if any(first <= at < last for at in starts) else 0.0
    score += 0.5 if span.days[1] is not None else 0.0
    score += 0.5 if words.norms[span.end : span.end + 1] in (("now",), ("straight",)) else 0.0
    score -= 3.0 if near & _NOT_PAIN else 0.0
    score -= 2.0 if near & _OTHERS else 0.0
    score -= 1.0 if near & {"worse", "worsened", "numb", "numbness", "fever"} else 0.0
    return score


def age_in(words: Words) -> int | None:
    """An age in years said of the patient ("im 72", "72 yo", "72 years old"), or None."""
    norms = words.norms
    for at, word in enumerate(norms):
        if not re.fullmatch(r"\d{1,3}", word) or int(word) > 110:
            continue
        following = norms[at + 1 : at + 4]
        if (
            following[:1] in (("yo",), ("yrs",), ("y",))
            and following[:2] not in (("yrs", "ago"),)
            and (following[:1] == ("yo",) or following[1:2] in (("old",), ("o",)))
        ):
            return int(word)
        if following[:2] in (("years", "old"), ("year", "old"), ("yr", "old"), ("yrs", "old"), ("years", "young")):
            return int(word)
        if norms[at - 1 : at] in (("im",), ("age",), ("aged",), ("turned",)) or norms[max(0, at - 2) : at] in (
            ("i", "am"),
            ("am", "now"),
            ("shes", "now"),
        ):
            if (
                following[:1]
                in (
                    (),
                    ("and",),
                    ("n",),
                    ("with",),
                    ("female",),
                    ("male",),
                    ("f",),
                    ("m",),
                    ("now",),
                    ("but",),
                    ("so",),
                    ("now",),
                )
                or words.breaks[min(at + 1, len(words) - 1)] > 0
            ):
                return int(word)
    return None
