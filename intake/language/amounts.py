"""Amounts of time in words: "about 3 weeks", "2-3 months", "a year and a half", "6w", "hace como dos meses"."""

from __future__ import annotations

from dataclasses import dataclass

from intake.language.bending import bend
from intake.language.text import COMMA, Words
from intake.language.time_words import (
    FILL,
    LETTERS,
    NUMBERS,
    UNIT_WORDS,
    VAGUE,
    Days,
    number,
)


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
        if counted is None:
            return None
        low, high, unit_at, loose = counted
        size = self._unit(unit_at, at)
        if size is None:
            return None
        end = unit_at + 1
        low, high, end, loose = self._after_unit(low, high, end, loose)
        low, high = low * size, high * size
        more = self._and_more(end, size)
        if more is not None:
            low, high, end = low + more.low, high + more.low, more.end
        low, high = bend(self._words, at, end, low, high, loose)
        return Amount(low, high, at, end)

    # -- how many

    def _counted(self, at: int) -> tuple[float, float, int, bool] | None:
        """(least, most, next word, loose) of "2", "two or three", "a few", "2 1/2"."""
        next_at = at
        while self._at(next_at) in ("a", "the", "an") and self._at(next_at + 1) in (
            *VAGUE,
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
        while self._at(next_at) in FILL:
            loose, next_at = True, next_at + 1
        return low, high * 1.3 if odd else high, next_at, loose and not odd

    def _vague(self, at: int) -> tuple[float, float, int, bool] | None:
        word = self._at(at)
        if word not in VAGUE or word in ("lot", "number", "bunch") and self._at(at + 1) != "of":
            return None
        low, high = VAGUE[word]
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
        if raw not in LETTERS:
            return None
        alone = (
            len(self._norms) <= 5
            or self._at(at + 1) in ("ago", "now", "of")
            or self._at(start - 1) in ("for", "past", "last", "x", "about")
        )
        return LETTERS[raw] if alone or raw == "w" and self._words.starts[at] == self._words.ends[at - 1] else None

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
