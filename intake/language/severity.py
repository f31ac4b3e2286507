"""How bad the pain is now, on the 0-10 scale; every number of the message competes on the words around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from intake.language.scale import is_fraction, is_scale, ratio_end, upper_of, value_of
from intake.language.severity_words import (
    IS_A,
    LEAD,
    NO_LEVEL_AFTER,
    NO_LEVEL_BEFORE,
    NOW,
    OTHERS,
    PAIN,
    SCALE,
    SMALL,
    THEN,
    WORDS,
    WORST,
)
from intake.language.text import COMMA, SENTENCE, Words
from intake.language.time_words import UNIT_WORDS

_MENDS = frozenset(
    {"no", "wait", "actually", "make", "rather", "meant", "well", "sorry", "but", "down", "nah", "scratch"}
)
_ASLEEP = frozenset(
    {
        "wake",
        "woke",
        "wakes",
        "wakens",
        "rouses",
        "up",
        "sleep",
        "bed",
        "appointment",
        "visit",
        "meet",
        "call",
        "tomorrow",
    }
)

When = Literal["now", "open", "best", "then", "off"]


@dataclass(frozen=True)
class _Level:
    value: int
    score: float
    when: When  # off = taken back ("not a 10")


def severity(words: Words, asked: bool) -> int | None:
    """Pain now, 0-10, or None; more than 10 counts as 10, a range as its upper end, "was 9 now 4" as 4."""
    found: list[_Level] = []
    at = 0
    scaled = False
    while at < len(words):
        level, at, ratio = _read(words, at, asked or scaled)
        if level is not None and (level.score >= 3 or (scaled or found) and level.score >= 2):
            found.append(level)
            scaled = scaled or ratio
    for wanted in ("now", "open", "best", "then"):
        current = [level for level in found if level.when == wanted]
        if current and wanted == "open" and not _MENDS & set(words.norms):
            return max(level.value for level in current)  # "a 7 getting up, a 3 walking"
        if current:
            return current[-1].value
    return None


def _read(words: Words, at: int, asked: bool) -> tuple[_Level | None, int, bool]:
    """The level at word `at` (or None), the word to go on from, and whether the scale was named with it."""
    norms = words.norms
    value = value_of(norms[at])
    if value is None:
        return None, at + 1, False
    end = at + 1
    if is_scale(norms, at):
        return None, end + 2, True
    score = 0.0
    ratio = ratio_end(norms, at)
    upper = upper_of(words, at)
    if ratio is not None:
        score, end = 4.0, ratio
        before = value_of(norms[at - 1]) if at and words.breaks[at] < COMMA else None
        if before is not None and before <= 10:
            value = max(value, before)
    elif upper is not None:
        value, end = upper
        score = 0.5
        ratio = ratio_end(norms, end - 1)
        if ratio is not None:
            score, end = 4.0, ratio
    if value > 10 and ratio is None and not (asked and len(words) <= 3 or norms[at] in WORDS and SCALE & set(norms)):
        return None, end, False
    score += _surroundings(words, at, end, asked)
    return _Level(min(10, value), score, _when(words, at, end)), end, ratio is not None


def _when(words: Words, at: int, end: int) -> When:
    """Whether a level is that of now, of another time, of somebody else, or taken back."""
    norms, breaks = words.norms, words.breaks
    first = at
    while first > 0 and at - first < 5 and breaks[first] < COMMA and value_of(norms[first - 1]) is None:
        first -= 1
    before = norms[first:at]
    last = end
    while last < len(norms) and last - end < 4 and breaks[last] < COMMA and value_of(norms[last]) is None:
        last += 1
    after = norms[end:last]
    if (
        before[-2:] in (("not", "a"), ("not", "an"), ("isnt", "a"), ("not", "quite"))
        or before[-1:] in (("not",), ("from",), ("than",))
        or before[-2:] == ("from", "a")
    ):
        return "off" if "from" not in before[-2:] else "then"
    if before[-2:] in (("from", "an"), ("than", "a"), ("than", "an")):
        return "off"
    if OTHERS & set(before):
        return "off"
    if WORST & set(before) or after[:2] in (
        ("at", "best"),
        ("at", "worst"),
        ("at", "its"),
        ("when", "its"),
        ("on", "bad"),
    ):
        return "best"
    now = bool(NOW & set(before)) or bool(NOW & set(after[:2])) or after[:2] in (("as", "i"), ("at", "this"))
    if after[:1] in (
        ("yesterday",),
        ("before",),
        ("earlier",),
        ("initially",),
        ("originally",),
        ("normally",),
        ("usually",),
    ):
        return "then"
    if THEN & set(before) and not (now and not {"was", "yesterday", "had", "started"} & set(before)):
        return "then"
    return "now" if now else "open"


def _surroundings(words: Words, at: int, end: int, asked: bool) -> float:
    """What the words around a number say for its being a level of pain."""
    norms = words.norms
    score = 3.0 if asked else 0.0
    previous = norms[at - 1] if at and words.breaks[at] < SENTENCE else ""
    following = norms[end] if end < len(norms) and words.breaks[end] < COMMA else ""
    if previous in NO_LEVEL_BEFORE or following in NO_LEVEL_AFTER or following in UNIT_WORDS:
        return -9.0
    if (
        norms[at] == "one"
        and following not in ("", "now", "today")
        or norms[at].isdigit()
        and is_fraction(words, at, end)
    ):
        return -9.0
    first, last = at, end
    while first > 0 and words.breaks[first] < SENTENCE and at - first < 8:
        first -= 1
    while last < len(norms) and words.breaks[last] < SENTENCE and last - end < 6:
        last += 1
    around = {*norms[first:at], *norms[end:last]}
    score += 2.5 if SCALE & around else 0.0
    score += 1.5 if PAIN & around else 0.0
    score += 1.0 if previous in LEAD or previous in PAIN else 0.0
    article = previous in ("a", "an", "un") or norms[max(0, at - 2) : at - 1] in (("a",), ("an",))
    score += 1.0 if article and previous not in ("of",) else 0.0
    score += 0.5 if not following else 0.0
    if (
        following in NOW
        or previous in NOW
        or norms[end : end + 2] in (("right", "now"), ("at", "this"), ("at", "the"), ("or", "so"))
    ):
        score += 1.5 if following in NOW or previous in NOW else 1.0
    if following == "at" and {"moment", "time", "point", "minute"} & set(norms[end : end + 5]):
        score += 2.0
    if following == "for" and {"pain", "back", "it"} & set(norms[end : end + 4]):
        score += 1.5
    if previous == "to" and at > 2 and norms[at - 3] == "from" and value_of(norms[at - 2]) is not None:
        score += 1.5
    if previous in ("at", "around") and _ASLEEP & around:
        score -= 2.0  # "wakes me at four"
    if previous == "to" or norms[max(0, at - 2) : at] in IS_A:
        score += 1.5
    if {"worst", "best"} & set(norms[max(0, at - 4) : at]) or {"worst", "best"} & set(norms[end : end + 3]):
        score += 1.5
    if norms[max(0, at - 2) : at] in (("up", "to"), ("down", "to")) or norms[max(0, at - 3) : at - 1] in (
        ("up", "to"),
        ("down", "to"),
    ):
        score += 1.5
    short = len(norms) <= 8 and all(value_of(word) is not None or word in LEAD or word in SMALL for word in norms)
    score += 2.0 if len(norms) <= 5 or short else 0.0
    score += (
        1.5
        if at == 0 and words.breaks[min(end, len(norms) - 1)] >= COMMA or {"between"} & set(norms[max(0, at - 2) : at])
        else 0.0
    )
    return score
