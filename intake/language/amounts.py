"""Amounts of time in words: "about 3 weeks", "2-3 months", "a year and a half", "6w", "hace como dos meses"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.language.text import COMMA, Words

Days = tuple[int, int | None]

UNITS = {
    **{"hour": 1 / 24, "hr": 1 / 24, "hrs": 1 / 24, "minute": 1 / 1440, "min": 1 / 1440, "mins": 1 / 1440},
    **{"day": 1, "night": 1, "week": 7, "wk": 7, "wks": 7, "weekend": 7, "fortnight": 14},
    **{"month": 30.4, "mo": 30.4, "mos": 30.4, "mth": 30.4, "mths": 30.4, "year": 365, "yr": 365, "yrs": 365},
    **{"decade": 3650, "dia": 1, "dias": 1, "semana": 7, "semanas": 7, "mes": 30.4, "meses": 30.4, "ano": 365},
    **{"winters": 365, "summers": 365, "sleeps": 1},  # counted: "three winters"
    **{"anos": 365, "hora": 1 / 24, "horas": 1 / 24, "quincena": 15},
}
UNIT_WORDS = {
    **UNITS,
    **{word + "s": size for word, size in UNITS.items() if len(word) > 2 and not word.endswith("s")},
}
_LETTERS = {"d": 1.0, "w": 7.0, "y": 365.0, "m": 30.4}
NUMBERS: dict[str, float] = {
    **{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16},
    **{"seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
    **{"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "dozen": 12, "half": 0.5},
    **{"un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9},
    **{"diez": 10, "quince": 15, "veinte": 20},
}
_VAGUE: dict[str, tuple[float, float]] = {
    **{"couple": (2, 2.5), "few": (2.5, 4.5), "several": (3, 8), "many": (4, 12), "some": (2, 8), "lot": (4, 12)},
    **{
        "handful": (3, 6),
        "multiple": (3, 8),
        "number": (3, 8),
        "bunch": (4, 10),
        "various": (3, 8),
        "numerous": (4, 12),
    },
    **{"unos": (2, 4.5), "unas": (2, 4.5), "varios": (3, 8), "varias": (3, 8), "par": (2, 2.5)},
}
_FILL = frozenset(
    "ish plus odd or so long full whole solid good more straight calendar short entire something very mas".split()
)
_ABOUT = frozenset(
    "about around roughly approximately approx maybe probably like ish circa como unos unas perhaps guess guessing".split()
)
_NEARLY = frozenset({"almost", "nearly", "pushing", "near", "casi", "shy"})
_LITTLE = frozenset({"little", "just", "bit", "slightly", "tad", "barely", "hair"})
_DURING = frozenset({"gradual", "gradually", "slowly", "crept", "built", "spread", "progressively", "build"})


@dataclass(frozen=True)
class Amount:
    """`low` to `high` days, and the words `start` to `end` that say so."""

    low: float
    high: float
    start: int
    end: int

    @property
    def days(self) -> Days:
        """Whole days."""
        return int(self.low), round(self.high)


def number(word: str) -> float | None:
    """The number a word stands for, in digits or letters, or None."""
    if re.fullmatch(r"\d{1,4}(\.\d+)?", word):
        return float(word)
    return NUMBERS.get(word)


class AmountReader:
    """Reads the amount of time that begins at a word."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._norms = words.norms

    def _at(self, at: int) -> str:
        return self._norms[at] if 0 <= at < len(self._norms) else ""

    def _raw(self, at: int) -> str:
        return self._words.text[self._words.starts[at] : self._words.ends[at]].lower()

    def read(self, at: int) -> Amount | None:
        """The amount of time that begins at word `at`, or None."""
        counted = self._counted(at)
        if counted is None and self._at(at + 1) in ("and", "n") and self._at(at) in ("week", "month", "year"):
            counted = (1, 1, at, False)  # "week and a half"
            if self._norms[at + 2 : at + 4] != ("a", "half"):
                return None
        if counted is None:
            return None
        low, high, unit_at, loose = counted
        size = self._unit(unit_at, at)
        if size is None:
            return None
        end = unit_at + 1
        low, high, end, loose = self._after_unit(low, high, end, loose)
        low, high = low * size, high * size
        slack = self._give_or_take(end)
        if slack is not None:
            return Amount(max(0.0, low - slack.high), high + slack.high, at, slack.end)
        more = self._and_more(end, size)
        if more is not None:
            low, high, end = low + more.low, high + more.low, more.end
        low, high = self._bent(at, end, low, high, loose)
        return Amount(low, high, at, end)

    def _give_or_take(self, end: int) -> Amount | None:
        """The slack of "two weeks, give or take a day"."""
        if self._norms[end : end + 3] == ("give", "or", "take"):
            return self.read(end + 3)
        return None

    # -- how many

    def _counted(self, at: int) -> tuple[float, float, int, bool] | None:
        """(least, most, next word, loose) of "2", "two or three", "a few", "2 1/2"."""
        next_at = at
        while self._at(next_at) in ("a", "the", "an") and self._at(next_at + 1) in (
            *_VAGUE,
            "good",
            "solid",
            "whole",
            "half",
            "full",
            "dozen",
            "hundred",
        ):
            next_at += 1
        while self._at(next_at) in ("good", "solid", "full", "whole"):
            next_at += 1
        vague = self._vague(next_at)
        if vague is not None:
            return vague
        if next_at > at and number(self._at(next_at)) is None:
            low: float | None = 1.0  # "a good month"
        else:
            low, next_at = self._one_number(next_at)
        if low is None:
            return None
        high = low
        if (
            self._at(next_at) == "and"
            and self._at(next_at + 1) in ("a", "1", "one")
            and self._at(next_at + 2) == "half"
        ):
            return low + 0.5, low + 0.5, next_at + 3, False
        upper, after = self._upper(next_at, low)
        if upper is not None:
            high, next_at = upper, after
        elif (
            self._at(next_at) in UNIT_WORDS
            and self._at(next_at + 1) in ("to", "or", "maybe")
            and number(self._at(next_at + 2))
        ):
            upper, after = self._upper(next_at + 1, low)  # "10 days or 11 days"
            if upper is not None and self._at(after) == self._at(next_at):
                high, next_at = upper, after
        loose = False
        odd = self._at(next_at) in ("odd", "something")
        while self._at(next_at) in _FILL:
            loose, next_at = True, next_at + 1
        return low, high * 1.3 if odd else high, next_at, loose and not odd

    def _vague(self, at: int) -> tuple[float, float, int, bool] | None:
        word = self._at(at)
        if word not in _VAGUE or word in ("lot", "number", "bunch") and self._at(at + 1) != "of":
            return None
        low, high = _VAGUE[word]
        at += 1
        while self._at(at) in ("of", "or", "few", "good", "three", "de", "more", "short", "long"):
            if self._at(at) in ("few", "three"):
                low, high = 2, 4
            at += 1
        return low, high, at, False

    def _one_number(self, at: int) -> tuple[float | None, int]:
        word = self._at(at)
        value = number(word)
        if value is None:
            return None, at
        following = self._at(at + 1)
        if (
            self._at(at + 2) == "2"
            and following == "1"
            and "/" in self._words.text[self._words.ends[at + 1] : self._words.starts[at + 2]]
        ):
            return value + 0.5, at + 3  # "2 1/2"
        if (
            word == "1"
            and following == "2"
            and "/" in self._words.text[self._words.ends[at] : self._words.starts[at + 1]]
        ):
            return 0.5, at + 2
        if word in NUMBERS:
            ones = NUMBERS.get(following)
            if value == 0.5:
                while self._at(at + 1) in ("a", "an", "of", "the"):
                    at += 1
                return (6.0, at + 2) if self._at(at + 1) == "dozen" else (0.5, at + 1)
            if value >= 20 and value < 100 and ones is not None and 1 <= ones <= 9 and following not in ("a", "an"):
                return value + ones, at + 2
            if following == "hundred":
                return value * 100, at + 2
            if following == "dozen":
                return value * 12, at + 2
        return value, at + 1

    def _upper(self, at: int, low: float) -> tuple[float | None, int]:
        """The upper end of "2-3", "two or three", "10 maybe 12", "between 2 and 3"."""
        joined = self._at(at) in ("to", "or", "maybe", "thru", "o", "a", "y", "through", "possibly", "until") or (
            self._at(at) == "and" and "between" in self._norms[max(0, at - 3) : at]
        )
        if joined and self._at(at + 1) in ("maybe", "even", "possibly", "like"):
            at += 1
        other = at + 1 if joined else at
        if other >= len(self._norms) or self._words.breaks[other] > COMMA or self._at(other) in ("a", "an", "half"):
            return None, at
        upper, after = self._one_number(other)
        if upper is None or not low < upper <= max(3 * low, low + 5):
            return None, at
        return upper, after

    # -- the unit

    def _unit(self, at: int, start: int) -> float | None:
        word = self._at(at)
        if word in UNIT_WORDS:
            return UNIT_WORDS[word]
        if at >= len(self._norms) or not self._norms[at - 1][-1:].isdigit():
            return None
        raw = self._raw(at)
        if raw not in _LETTERS:
            return None
        alone = (
            len(self._norms) <= 5
            or self._at(at + 1) in ("ago", "now", "of")
            or self._at(start - 1) in ("for", "past", "last", "x", "about")
        )
        return _LETTERS[raw] if alone or raw == "w" and self._words.starts[at] == self._words.ends[at - 1] else None

    def _after_unit(self, low: float, high: float, end: int, loose: bool) -> tuple[float, float, int, bool]:
        """What follows the unit: "or two", "or so", "and a half", "plus"."""
        following = self._norms[end : end + 2]
        if (
            following[:1] == ("or",)
            and len(following) == 2
            and (upper := number(following[1])) is not None
            and upper > low
        ):
            if self._at(end + 2) not in UNIT_WORDS:
                return low, upper, end + 2, False
        if following == ("give", "or") and self.read(end + 3) is not None:
            return low, high, end, loose
        if following in (("or", "so"), ("or", "thereabouts"), ("give", "or"), ("mas", "o"), ("more", "or")):
            end += 3 if following[0] in ("give", "mas", "more") else 2
            return low, high, end, True
        if following[:1] == ("ish",):
            return low, high, end + 1, True
        if self._norms[end : end + 3] in (
            ("and", "a", "half"),
            ("and", "1", "half"),
            ("y", "medio", ""),
            ("n", "a", "half"),
        ):
            return low + 0.5, high + 0.5, end + 3, loose
        if self._norms[end : end + 2] in (("y", "medio"), ("y", "media"), ("and", "half")):
            return low + 0.5, high + 0.5, end + 2, loose
        return low, high, end, loose

    def _and_more(self, end: int, size: float) -> Amount | None:
        """The smaller unit of "1 year and 3 months", "2 yrs 4 mos"."""
        start = end + 1 if self._at(end) in ("and", "y") else end
        if (
            start >= len(self._norms)
            or self._words.breaks[start] > COMMA
            or self._at(start) in ("the", "a", "an")
            and start == end
        ):
            return None
        counted = self._counted(start)
        if counted is None:
            return None
        low, high, unit_at, _ = counted
        smaller = UNIT_WORDS.get(self._at(unit_at))
        if (
            smaller is None
            or smaller >= size
            or smaller < 1
            or low * smaller >= size
            or self._at(unit_at + 1) == "ago"
            and start == end
        ):
            return None
        return Amount(low * smaller, high * smaller, start, unit_at + 1)

    # -- what bends it: over, almost, about

    def _bent(self, at: int, end: int, low: float, high: float, loose: bool) -> tuple[float, float]:
        before = self._norms[max(0, at - 3) : at]
        last = before[-1:]
        near = set(before)
        if (
            last in (("than",), ("over",), ("least",), ("past",))
            and "less" not in near
            or self._at(end) in ("plus", "easy", "minimum", "easily")
        ):
            if (
                last == ("past",)
                and before[-2:-1] in (("the",), ("for",), ("this",))
                or last == ("over",)
                and _DURING & set(self._norms[max(0, at - 6) : at])
            ):
                return low, high
            return low, high * (1.15 if _LITTLE & near else 1.5) + 1
        if "+" in self._words.text[self._words.starts[at] : self._words.ends[end - 1] + 1]:
            return low, high * 1.5 + 1
        if (
            last == ("under",)
            or {"less", "than"} <= near
            or {"not", "even"} <= near
            or last == ("barely",)
            or {"no", "ni"} <= near
        ):
            return low * 0.6, high
        if _NEARLY & near or before[-2:] in (("going", "on"), ("close", "to"), ("up", "on"), ("coming", "on")):
            return low * 0.88, high
        if _ABOUT & near or loose:
            slack = max(0.5, 0.12 * high)
            return max(0.0, low - slack), high + slack
        return low, high
