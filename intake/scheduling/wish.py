"""What a patient wishes for an appointment: "tuesday after 3", "video", "next week morning", "not on fridays".

Words that are not understood are left out, so that a wish is never refused; `Wish()` fits every offer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from intake.scheduling.clock_words import digits, hours
from intake.scheduling.day_words import days, weekdays, without_dates

VIDEO = r"\b(?:video|online|virtual(?:ly)?|tele[ -]?(?:health|visit|medicine)|zoom|from home|remote(?:ly)?)\b"
IN_PERSON = r"\b(?:in[ -]person|face[ -]to[ -]face|at the (?:clinic|office)|come in|on[ -]?site)\b"
NOT = r"\b(?:not|no|don'?t (?:want|like|do)|rather not|instead of|can'?t do)\s+(?:a |an |by |do |the )*"


class Visit(Protocol):
    """What a wish looks at in an offer."""

    @property
    def mode(self) -> str:
        """in_person | video."""

    @property
    def local_start(self) -> datetime:
        """Start on the clinic's clock."""


@dataclass(frozen=True)
class Wish:
    """Limits on offers, on the clinic's clock; an empty field fits all."""

    weekdays: frozenset[int] = frozenset()  # 0 = Monday
    first_day: date | None = None
    last_day: date | None = None
    after: time | None = None  # earliest start
    before: time | None = None  # the start lies before it
    mode: str | None = None  # in_person | video

    def fits(self, offer: Visit) -> bool:
        """Whether an offer lies within the limits."""
        start = offer.local_start
        return (
            (not self.weekdays or start.weekday() in self.weekdays)
            and (self.first_day is None or start.date() >= self.first_day)
            and (self.last_day is None or start.date() <= self.last_day)
            and (self.after is None or start.time() >= self.after)
            and (self.before is None or start.time() < self.before)
            and (self.mode is None or offer.mode == self.mode)
        )


def parse_wish(text: str, today: date) -> Wish:
    """Read a wish; `today` is the date on the clinic's clock."""
    words = digits(" ".join(text.lower().replace("’", "'").split()))
    first, last = days(words, today)
    after, before = hours(without_dates(words))
    return Wish(weekdays(words), first, last, after, before, _mode(words))


def _mode(words: str) -> str | None:
    """The last one named, unless it is refused: "not video" means in person."""
    if re.search(NOT + VIDEO[2:], words):
        return "in_person"
    if re.search(NOT + IN_PERSON[2:], words):
        return "video"
    if re.search(VIDEO, words):
        return None if re.search(IN_PERSON, words) else "video"
    return "in_person" if re.search(IN_PERSON, words) else None
