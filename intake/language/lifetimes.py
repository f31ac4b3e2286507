"""Times of life: "since i was 13", "since high school", "since covid"."""

from __future__ import annotations

from datetime import date

from intake.language.amounts import Amount
from intake.language.spells import LIFE, OPEN_FROM, PANDEMIC
from intake.language.text import Words
from intake.language.time_words import Days, number


class LifeReader:
    """Reads a time of life that begins at a word; `age` = the patient's, when said."""

    def __init__(self, words: Words, today: date, age: int | None) -> None:
        self._norms = words.norms
        self._today = today
        self._age = age

    def _word(self, at: int) -> str:
        return self._norms[at] if 0 <= at < len(self._norms) else ""

    def read(self, at: int) -> tuple[Amount, Days] | None:
        """The time of life that begins at word `at`, or None."""
        word = self._word(at)
        before = self._norms[max(0, at - 5) : at]
        if word in ("covid", "pandemic", "lockdown", "quarantine") and {
            "since",
            "during",
            "before",
            "of",
            "from",
        } & set(before):
            near, far = (self._today - PANDEMIC[1]).days, (self._today - PANDEMIC[0]).days
            return Amount(near, far, at, at + 1), (near, far)
        then, end = self._age_then(at)
        if then is None:
            if word == "high" and self._word(at + 1) == "school":
                word, end = "highschool", at + 2
            elif f"{word} {self._word(at + 1)}" in LIFE:
                word, end = f"{word} {self._word(at + 1)}", at + 2
            else:
                end = at + 1
            then = LIFE.get(word)
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
            } & set(self._norms[max(0, at - 8) : at]):
                return None
        start = end - 1
        if self._age is not None and self._age > then[1]:
            days: Days = ((self._age - then[1]) * 365, (self._age - then[0]) * 365)
        else:
            days = (OPEN_FROM if then[1] > 1 else 5475, None)
        return Amount(days[0], days[1] or days[0], start, end), days

    def _age_then(self, at: int) -> tuple[tuple[int, int] | None, int]:
        """The age of "since i was 13", "when i was about 30", "since age 20", "at the age of 15"."""
        before = self._norms[max(0, at - 5) : at]
        value = number(self._word(at))
        if value is None or not 4 <= value <= 95 or not before:
            return None, at
        if (
            "was" in before[-3:]
            and before[-1] in ("was", "about", "like", "around", "only", "maybe")
            and {"i", "she", "he"} & set(before[-4:])
        ):
            said = self._word(at + 1) not in ("weeks", "months", "feet", "pounds", "days", "lbs")
        else:
            said = before[-1] == "age" or before[-2:] == ("age", "of")
            said = said and bool({"since", "from", "at", "about", "around"} & set(before))
        end = at + 1
        while self._word(end) in ("years", "yrs", "old", "year", "yo", "ish"):
            end += 1
        return ((int(value) - 1, int(value) + 1) if said else None), end
