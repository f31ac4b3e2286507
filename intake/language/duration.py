"""Times in a message: how long something has lasted, how long ago it happened, since when.

All lengths are days before the day of writing, as a range (min, max); max None = open-ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from intake.language.age import age_in
from intake.language.amounts import NUMBERS, UNIT_WORDS, UNITS, Amount, AmountReader, Days, number
from intake.language.calendar_days import CalendarReader
from intake.language.text import COMMA, Words

__all__ = ["NUMBERS", "UNITS", "Days", "TimeReader", "TimeSpan", "age_in"]

_SPELLS: dict[str, Days] = {
    **dict.fromkeys(("yesterday", "last night", "ayer", "anoche", "night before"), (1, 1)),
    **dict.fromkeys(("this morning", "this afternoon", "this evening", "this am", "today", "tonight", "hoy"), (0, 0)),
    **dict.fromkeys(("earlier today", "just now", "noon", "lunch", "breakfast", "esta manana", "this instant"), (0, 0)),
    **dict.fromkeys(("hours", "midnight", "lunchtime", "a minute ago", "a moment ago", "supper"), (0, 0)),
    **dict.fromkeys(("all day", "all night", "all morning", "dinner", "overnight", "bedtime"), (0, 1)),
    **dict.fromkeys(("the other day", "the other night", "other day", "other night"), (2, 6)),
    **dict.fromkeys(("day before yesterday", "night before last", "antier", "anteayer", "day before last"), (2, 2)),
    **dict.fromkeys(("last week", "la semana pasada", "semana pasada"), (5, 11)),
    **dict.fromkeys(("this week", "earlier this week", "earlier in the week"), (0, 6)),
    **dict.fromkeys(("all week", "over this week", "past week", "the whole week"), (5, 8)),
    **dict.fromkeys(("week before last", "the other week"), (9, 18)),
    **dict.fromkeys(("last month", "el mes pasado", "mes pasado"), (25, 42)),
    **dict.fromkeys(("all month",), (25, 35)),
    **dict.fromkeys(("this month",), (2, 28)),
    **dict.fromkeys(("past month",), (28, 31)),
    **dict.fromkeys(("month before last",), (45, 75)),
    **dict.fromkeys(("last year", "el ano pasado", "ano pasado"), (320, 440)),
    **dict.fromkeys(("all year",), (200, 365)),
    **dict.fromkeys(("most of the year", "most of this year", "better part of a year"), (180, 365)),
    **dict.fromkeys(("past year",), (330, 400)),
    **dict.fromkeys(("this year",), (30, 330)),
    **dict.fromkeys(("year before last",), (550, 900)),
    **dict.fromkeys(("half a year", "half year"), (170, 195)),
    **dict.fromkeys(("ages", "donkeys years", "yonks", "eons"), (730, None)),
    **dict.fromkeys(("years", "anos", "years and years"), (1095, None)),
    **dict.fromkeys(("decades",), (7300, None)),
    **dict.fromkeys(("months", "meses"), (90, 240)),
    **dict.fromkeys(("weeks", "semanas"), (21, 42)),
    **dict.fromkeys(("weeks and weeks", "weeks on end"), (21, 70)),
    **dict.fromkeys(("months and months", "months on end"), (90, 300)),
    **dict.fromkeys(("days and days", "days on end"), (3, 12)),
    **dict.fromkeys(("days", "dias"), (3, 7)),
    **dict.fromkeys(("forever", "an eternity", "long as i remember", "as long as i can remember"), (1825, None)),
    **dict.fromkeys(("long as i can remember", "far back as i can remember"), (1825, None)),
    **dict.fromkeys(("long time", "long long time", "mucho tiempo", "longest time", "the longest"), (365, None)),
    **dict.fromkeys(("my whole life", "all my life", "my entire life", "whole life", "toda la vida"), (5475, None)),
    **dict.fromkeys(("most of my life", "half my life", "my adult life"), (3650, None)),
    **dict.fromkeys(("a while", "awhile", "quite a while", "some time", "un tiempo", "a good while"), (14, 365)),
    **dict.fromkeys(("a hot minute", "quite some time", "a minute now", "month of sundays"), (30, 365)),
    **dict.fromkeys(("a little while", "a short while", "little bit ago"), (2, 14)),
}
_KEYS = {tuple(key.split()): days for key, days in _SPELLS.items()}
_LONGEST = max(len(key) for key in _KEYS)
# These are lengths only after one of the words below ("for years"), never as bare plurals ("years of smoking").
_NEEDS_LEAD = frozenset(
    "years anos decades months meses weeks semanas days dias hours noon lunch breakfast dinner midnight supper lunchtime bedtime forever".split()
)
_LEADS = frozenset(
    "for since of like past last been by at before around desde hace por llevo about over going literally until almost".split()
)
# Times of life and the ages (least, most) they mean.
_LIFE: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("childhood", "kid", "child", "girl", "boy", "little"), (5, 11)),
    **dict.fromkeys(("teenager", "teens", "teen", "adolescence", "teenage"), (13, 19)),
    **dict.fromkeys(("highschool", "highschooler"), (15, 18)),
    **dict.fromkeys(("junior high", "middle school"), (12, 14)),
    **dict.fromkeys(("grade school", "elementary school"), (6, 11)),
    **dict.fromkeys(("college", "university", "undergrad"), (18, 22)),
    **dict.fromkeys(("twenties", "20s", "20 s"), (20, 29)),
    **dict.fromkeys(("thirties", "30 s"), (30, 39)),
    **dict.fromkeys(("forties", "40 s"), (40, 49)),
    **dict.fromkeys(("fifties", "50 s"), (50, 59)),
    **dict.fromkeys(("sixties", "60 s"), (60, 69)),
    "birth": (0, 1),
    "born": (0, 1),
}
_PANDEMIC = (date(2020, 3, 10), date(2021, 3, 1))
_OPEN_FROM = 1095  # "since college", age not known: three years or more

_BIRTHS = frozenset({"born", "birth"})
_BORE = frozenset({"pregnant", "pregnancy", "had", "delivered", "delivery", "one"})
_ONE = frozenset("for last past only just about since ago now of and so".split())
_WELL = frozenset("fine good ok okay great never normal perfect word healthy well".split())
_STILL = frozenset("still and now its it im nothing no".split())
_IS = (("is",), ("hes",), ("shes",), ("im",), ("am",), ("aged",), ("turned",))

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
        self._today = today
        self._age = age
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
            if found and (span.start < found[-1].end or self._is_a_week_before(found[-1], span)):
                found.pop()  # "two" of "two saturdays ago"
            found.append(span)
            at = max(span.end, at + 1)
        return found

    def _is_a_week_before(self, ago: TimeSpan, span: TimeSpan) -> bool:
        """Such as "a week ago" of "a week ago Saturday"; the weekday is read with it."""
        touching = ago.end == span.start and self._norms[ago.start : ago.end] == ("a", "week", "ago")
        return touching and span.end == span.start + 1

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
        life = self._life(at) or self._spell(at)
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
        elif (
            self._word(at) in ordinals
            and self._word(at + 1) in ("day", "week", "month", "year")
            and not (self._word(at + 2) in ("of", "in") and self._calendar.is_month(at + 3))
        ):
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

    def _life(self, at: int) -> tuple[Amount, Days] | None:
        word = self._word(at)
        before = self._norms[max(0, at - 5) : at]
        if word in ("covid", "pandemic", "lockdown", "lockdowns", "quarantine") and {
            "since",
            "during",
            "before",
            "of",
            "from",
        } & set(before):
            near, far = (self._today - _PANDEMIC[1]).days, (self._today - _PANDEMIC[0]).days
            return Amount(near, far, at, at + 1), (near, far)
        of_child = word in _BIRTHS and not {"i", "he", "she"} & set(self._norms[max(0, at - 2) : at]) or word in _BORE
        if of_child and "since" in self._norms[max(0, at - 8) : at]:
            return self._birth(at)
        then, end = self._age_then(at)
        if then is None:
            if word == "high" and self._word(at + 1) == "school":
                word, end = "highschool", at + 2
            elif f"{word} {self._word(at + 1)}" in _LIFE:
                word, end = f"{word} {self._word(at + 1)}", at + 2
            else:
                end = at + 1
            then = _LIFE.get(word)
            leads = (
                {"since", "was", "my", "from", "in", "desde"}
                if word not in ("kid", "child", "girl", "boy", "little", "college")
                else {"since"}
            )
            if (
                then is None
                or not leads & set(before)
                or {"kid", "child", "girl", "boy", "little"} & {word}
                and "was" not in before
            ):
                return None
            if word not in ("birth", "born") and not {
                "since",
                "from",
                "started",
                "back",
                "when",
                "desde",
                "began",
            } & {*self._norms[max(0, at - 8) : at], *self._norms[end : end + 3]}:
                return None
        start = end - 1
        if then[1] - then[0] == 9:  # "in my early 20s"
            thirds = {"early": (0, 3), "mid": (3, 6), "late": (6, 9)}
            part = next((thirds[one] for one in before[-2:] if one in thirds), (0, 9))
            then = (then[0] + part[0], then[0] + part[1])
        if self._age is not None and self._age > then[0]:
            days: Days = (max(0, self._age - then[1]) * 365, (self._age - then[0]) * 365)
        else:
            days = (_OPEN_FROM if then[1] > 1 else 5475, None)
        return Amount(days[0], days[1] or days[0], start, end), days

    def _birth(self, at: int) -> tuple[Amount, Days] | None:
        """Since a child was born whose age is told: "since i had my son, he just turned 4"."""
        for near, word in enumerate(self._norms):
            value = number(word)
            if value is None or not 0 < value <= 50 or word in ("a", "an"):
                continue
            before, after = self._norms[max(0, near - 3) : near], self._norms[near + 1 : near + 3]
            if before[-1:] in (("turns",), ("turning",)):
                return self._of_years(at, value - 1, value)
            if before[-1:] == ("turned",):
                return self._of_years(at, value, value + (0.3 if "just" in before else 1))
            old = after[:1] in (("yo",), ("year",), ("yr",), ("years",)) and after[1:] in (("old",), ("ago",), ())
            if old and before[-1:] in (("my",), ("almost",), ("nearly",), ("a",)):
                nearly = before[-1] in ("almost", "nearly")
                return self._of_years(at, value - 0.3, value) if nearly else self._of_years(at, value, value + 1)
            whose = (
                before[-1:] in (("hes",), ("shes",))
                or before[-1:] == ("is",)
                and before[-2:-1] not in (("pain",), ("it",))
            )
            if whose and (not after or self._words.breaks[near + 1] or after[0] in ("now", "years", "and", "so")):
                return self._of_years(at, value, value + 1)
        return None

    @staticmethod
    def _of_years(at: int, low: float, high: float) -> tuple[Amount, Days]:
        days = (int(low * 365), int(high * 365))
        return Amount(days[0], days[1], at, at + 1), days

    def _age_then(self, at: int) -> tuple[tuple[int, int] | None, int]:
        """The age of "since i was 13", "when i was about 30", "since age 20", "at the age of 15"."""
        before = self._norms[max(0, at - 5) : at]
        value = number(self._word(at))
        if value is None or not 4 <= value <= 95 or not before:
            return None, at
        if (
            "was" in before[-3:]
            and before[-1]
            in ("was", "about", "like", "around", "only", "maybe", "oh", "say", "probably", "just", "um", "uh")
            and {"i", "she", "he"} & set(before[-4:])
        ):
            said = self._word(at + 1) not in ("weeks", "months", "feet", "pounds", "days", "lbs")
        else:
            said = before[-1] == "age" or before[-2:] == ("age", "of")
            said = said and bool({"since", "from", "at", "about", "around"} & set(before))
        end = at + 1
        if self._word(end) in ("th", "st", "nd", "rd") and "since" in before and before[-1] in ("my", "his", "her"):
            said, end = True, end + 1  # "since my 40th"
        while self._word(end) in ("years", "yrs", "old", "year", "yo", "ish"):
            end += 1
        return ((int(value) - 1, int(value) + 1) if said else None), end

    def _spell(self, at: int) -> tuple[Amount, Days] | None:
        for length in range(_LONGEST, 0, -1):
            key = self._norms[at : at + length]
            days = _KEYS.get(key) if len(key) == length else None
            if days is None:
                continue
            if (
                length == 1
                and key[0] in _NEEDS_LEAD
                and len(self._norms) > 1
                and not _LEADS & set(self._norms[max(0, at - 2) : at])
                and self._word(at + 1) not in ("ago", "now")
            ):
                continue
            if key == ("half", "my", "life") and self._age is not None:
                days = (int(self._age * 0.45 * 365), int(self._age * 0.55 * 365))
            return Amount(days[0], days[1] or days[0], at, at + length), days
        return None

    # -- what leads the expression in

    def _until(self, amount: Amount) -> tuple[int, int, int] | None:
        """Least and most days until it will have lasted so long, and the word after: "2 years in june"."""
        norms = self._norms
        will = {"be", "makes"} & set(norms[max(0, amount.start - 2) : amount.start])
        for at in range(amount.end, min(len(norms), amount.end + 3)):
            ahead = self._calendar.ahead(at)
            beside = at == amount.end and not self._words.breaks[at] and norms[amount.start] not in ("a", "an")
            if ahead is not None and (will or norms[amount.end] == "in" or beside and ahead[0] == ahead[1]):
                return *ahead, at + 1
        for at in range(max(0, amount.start - 5), amount.start):
            ahead = self._calendar.ahead(at)
            if ahead is not None and will and {"will", "itll", "ll"} & set(norms[at : amount.start]):
                return *ahead, amount.end
        return None

    def _led(self, amount: Amount, days: Days, measured: bool) -> TimeSpan:
        norms, breaks = self._norms, self._words.breaks
        end = amount.end
        joined = end < len(norms) and breaks[end] < COMMA
        following = norms[end : end + 1] if joined else ()
        before = norms[max(0, amount.start - 4) : amount.start]
        lead: Lead = "bare"
        until = self._until(amount) if measured and amount.low >= 1 else None
        if until is not None and amount.high > until[1]:
            days = (int(amount.low - until[1]), int(amount.high - until[0]))
            return TimeSpan(days, amount.start, until[2], "for")
        fine = measured and amount.high < 1 and amount.low < 0.99
        if (
            (
                following in (("ago",), ("earlier",), ("atras",))
                or following == ("old",)
                and measured
                and amount.low < 360
                or following == ("back",)
                and norms[end + 1 : end + 2] not in (("pain",), ("hurts",), ("started",), ("aches",))
            )
            or measured
            and following in (("on",), ("in",))
            and self._goes_on(end + 1)
        ):
            lead, end = "ago", end + 1
        elif measured and norms[amount.start] == "one" and amount.high <= 1 and not _ONE & {*before[-1:], *following}:
            lead = "other"  # "it was just there one day"
        elif measured and self._is_rate(amount.start, before, following):
            lead = "every"
        elif (
            measured
            and (
                following == ("old",)
                and amount.low >= 360
                or norms[end : end + 2] == ("of", "age")
                or before[-1:] == ("tengo",)
                or amount.low >= 15 * 365
                and before[-1:] in _IS
                and following not in (("of",), ("in",), ("with",))
                or following in (("into",), ("after",), ("before",))
                and not (following == ("after",) and {"for", "last", "past"} & set(before[-2:]))
            )
            or before[-1:] in (("til",), ("till",), ("until",), ("before",), ("next",), ("by",))
            and not ({"since", "from"} & set(before) or self._well_until(amount.start))
            or before[-2:] == ("not", "from")
            or before[-2:] in (("usually", "a"), ("usually", "for"))
        ):
            lead = "other"
        elif (
            "since" in before
            or "desde" in before
            or self._well_until(amount.start)
            or not measured
            and ("from" in before[-2:] or self._since(amount.start))
        ):
            lead = "since"
        elif {"for", "past", "last", "hace", "por", "llevo", "been"} & set(before):
            lead = "for"
        return TimeSpan(days, amount.start, end, lead, fine)

    def _well_until(self, start: int) -> bool:
        """Such as "i was fine until last friday", "never had back pain until may"."""
        if not {"until", "til", "till"} & set(self._norms[max(0, start - 2) : start]):
            return False
        return bool(_WELL & set(self._norms[max(0, start - 10) : start]))

    def _goes_on(self, at: int) -> bool:
        """After "4 months on", "a week in": the words of one who tells how it is now."""
        return at >= len(self._norms) or self._words.breaks[at] > 0 or self._norms[at] in _STILL

    def _since(self, start: int) -> bool:
        """Such as "since i moved house in 2023"."""
        first = start
        while first > 0 and start - first < 8 and self._words.breaks[first] < COMMA:
            first -= 1
        return "since" in self._norms[first:start]

    def _is_rate(self, start: int, before: tuple[str, ...], following: tuple[str, ...]) -> bool:
        """Such as "twice a week", "every 3 days", "in 2 weeks", "28 weeks pregnant": no length of time gone."""
        last = before[-1:]
        if following == ("a",) and self._norms[start + 3 : start + 4] in (("week",), ("day",), ("month",), ("year",)):
            return True  # "7 days a week"
        if self._norms[start] in ("some", "most", "many") and last not in (("for",), ("past",), ("last",)):
            return following != ("ago",)  # "some days a 6"
        if following and following[0] in ("every", "each") or self._norms[start - 2 : start] == ("give", "or"):
            return True  # "twenty minutes every morning"
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
