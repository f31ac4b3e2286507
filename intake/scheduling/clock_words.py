"""Reads times of day in a wish: "after 3", "between 9 and 11", "2:30 pm", "mornings", "not before ten"."""

from __future__ import annotations

import re
from datetime import time

Span = tuple[time | None, time | None]  # earliest start, the start lies before

PARTS: dict[str, Span] = {  # of the day, on the clinic's clock
    r"first thing": (None, time(9, 30)),
    r"early (?:morning|in the morning)": (None, time(10)),
    r"mornings?|before (?:noon|lunch)|a\.?m\.?": (None, time(12)),
    r"late afternoons?|after school": (time(15), time(17)),
    r"lunch(?: ?time| break| hour)?|mid-?day": (time(12), time(14)),
    r"after lunch|afternoons?|p\.?m\.?": (time(12), time(17)),
    r"evenings?|nights?|tonight|after (?:work|hours)": (time(17), None),
}
EXCLUDED: dict[time | None, Span] = {None: (time(12), None), time(12): (None, time(12)), time(17): (None, time(17))}
NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}
CLOCK = r"(?:noon|(?:1\d|2[0-3]|0?[1-9])(?:[:.h][0-5]\d)?\s*(?:[ap]\.?m?\b\.?)?(?:\s*o'?clock)?)"
AFTER = r"\b(?:not before|no earlier than)|(?<!not )(?<!no )\b(?:after|past|later than|from|starting(?: at)?|since)"
BEFORE = r"\b(?:not after|no later than)|(?<!not )(?<!no )\b(?:before|by|until|till|earlier than)"
NOT = (r"(?:not|no|never|except|can'?t(?: do| make| come)?|cannot|don'?t(?: do| want| like)?|avoid)\s+"
       r"(?:in the |any |at )?")


def digits(text: str) -> str:
    """Number words up to twelve as digits; "half past 2" as 2:30."""
    text = re.sub(rf"\b({'|'.join(NUMBERS)})\b", lambda found: str(NUMBERS[found[1]]), text)
    text = re.sub(r"\bhalf past (\d+)", r"\1:30", text)
    return re.sub(r"\bquarter past (\d+)", r"\1:15", text)


def hours(text: str) -> Span:
    """Limits on the start that a text (lower case, `digits` applied, dates taken out) puts."""
    between = re.search(rf"(?:between |from )?\b({CLOCK})\s*(?:-|–|to|and|till|until)\s*({CLOCK})(?!\d)", text)
    if between:
        return _clock(between[1]), _clock(between[2])
    after, before = _limit(text, AFTER), _limit(text, BEFORE)
    if after or before:
        return after, before
    about = re.search(rf"\b(at|around|about|@|ish)\s*({CLOCK})(?!\d)", text) or re.search(
        r"()\b(noon|\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?m\b|\d{1,2}[:.]\d\d|\d{1,2}\s*o'?clock)", text)
    if about:
        at = _clock(about[2])
        early = 1 if about[1] in ("around", "about") else 0
        return time(max(at.hour - early, 0), at.minute), time(min(at.hour + 1, 23), at.minute)
    return _parts(text)


def _limit(text: str, words: str) -> time | None:
    found = re.search(rf"(?:{words})\s+(?:about |around )?({CLOCK})(?!\d)", text)
    return _clock(found[1]) if found else None


def _clock(text: str) -> time:
    """A time of day; hours 1 to 6 without am or pm are in the afternoon, when clinics are open."""
    if "noon" in text:
        return time(12)
    hour, minute = re.match(r"(\d+)(?:[:.h](\d\d))?", text).groups("0")  # type: ignore[union-attr]
    number = int(hour)
    morning, evening = (re.search(rf"\d\s*{half}", text) for half in "ap")
    if (evening or not morning) and number < (12 if evening else 7):
        number += 12
    if morning and number == 12:
        number = 0
    return time(number, int(minute))


def _parts(text: str) -> Span:
    """Named parts of the day; several of them make one stretch from the first to the last."""
    wanted: list[Span] = []
    for words, span in PARTS.items():
        refused = re.search(rf"\b{NOT}(?:{words})(?!\w)", text)
        if refused:
            return EXCLUDED.get(span[0], (None, None))
        if re.search(rf"\b(?:{words})(?!\w)", text):
            wanted.append(span)
            text = re.sub(rf"\b(?:{words})(?!\w)", " ", text)
    if not wanted:
        return None, None
    starts, ends = zip(*wanted, strict=True)
    return (None if None in starts else min(starts)), (None if None in ends else max(ends))
