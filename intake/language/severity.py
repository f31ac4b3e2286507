"""How bad the pain is now, on the 0-10 scale; every number of the message competes on the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from intake.language.duration import NUMBERS
from intake.language.text import CLAUSE, COMMA, SENTENCE, Words

_WORDS = {
    word: int(value)
    for word, value in NUMBERS.items()
    if value == int(value) and 1 <= value <= 10 and word not in ("a", "an", "un", "una")
} | {
    "zero": 0,
    "cero": 0,
    "siete": 7,
    "ocho": 8,
    "nueve": 9,
    "diez": 10,
    "million": 10,
    "thousand": 10,
    "hundred": 10,
    "billion": 10,
}
_SCALE = frozenset("scale level lvl rate rated rating severity score nrs vas intensity number rank".split())
_PAIN = frozenset(
    "pain pains painful hurt hurts hurting ache aches aching sore soreness dolor duele back neck hip leg feels feel throbbing burning discomfort agony shoulder".split()
)
_LEAD = frozenset(
    "a an at about around like its is to be say id call now currently maybe probably solid between steady easily roughly was been with near under over only dull sharp strong constant "
    "good bad hard como un go steady high low definitely honestly mostly usually today still im feeling hovering sits sitting standing rest moving up down just".split()
)
_SCALE_ENDS = frozenset({"10", "ten", "diez"})
_NO_LEVEL_BEFORE = frozenset(
    "l c t s grade stage phase size age turned aged option number apt room gate bus day week level type june july august april march may january february december november october september".split()
) - {"number", "level"}
_NO_LEVEL_AFTER = frozenset(
    """days day weeks week wks wk months month mos years year yrs yr hours hour hrs minutes min mins mg mcg ml pills pill times time am pm kids children blocks miles mile feet ft foot stairs steps lbs pounds
    pound kg kilos percent degrees sessions session tablets tabs shots injections injection th st nd rd inch inches stories story step yo old people surgeries surgery operations discs disc nights night x years doses beers
    babies weeks grandkids dogs stitches screws rods doctors percocets norcos oxys tylenol advil ibuprofen aleve gummies back week's semanas dias meses anos horas veces weekends hundred thousand""".split()
)
_NOT_NOW = frozenset(
    "was used yesterday normally usually worst best lowest highest before were earlier originally wife husband mom mother friend doctor normal never above until".split()
)
_NOW = frozenset("now today currently moment presently ahora hoy still rn".split())


@dataclass(frozen=True)
class _Level:
    value: int
    score: float
    now: bool
    before: bool  # said of another time or by somebody else


def severity(words: Words, asked: bool) -> Optional[int]:
    """Pain now, 0-10, or None; more than 10 counts as 10, a range as its upper end, "was 9 now 4" as 4."""
    found: list[_Level] = []
    at = 0
    while at < len(words):
        level, at = _read(words, at, asked)
        if level is not None and level.score >= 3:
            found.append(level)
    current = [level for level in found if level.now] or [level for level in found if not level.before] or found
    return current[-1].value if current else None


def _value(word: str) -> Optional[int]:
    if re.fullmatch(r"\d{1,4}(\.\d)?", word):
        return int(float(word) + 0.5)
    return _WORDS.get(word)


def _read(words: Words, at: int, asked: bool) -> tuple[Optional[_Level], int]:
    """The level at word `at` (or None) and the word to go on from."""
    norms = words.norms
    value = _value(norms[at])
    if value is None or norms[at] in ("may",):
        return None, at + 1
    end = at + 1
    if _is_scale(norms, at):
        return None, end + 2
    score = 0.0
    ratio = _ratio(norms, at)
    upper = _upper(words, at)
    if ratio is not None:
        score, end = 4.0, ratio
        if norms[at - 1 : at] and _value(norms[at - 1]) is not None and words.breaks[at] < COMMA:
            value = max(value, _value(norms[at - 1]) or 0)
    elif upper is not None:
        value, end = upper
        ratio = _ratio(norms, end - 1)
        if ratio is not None:
            score, end = 4.0, ratio
    if value > 10 and ratio is None or "." in norms[at] and value > 10:
        return None, end
    score += _surroundings(words, at, end, asked)
    near_before = [
        norms[near]
        for near in range(max(0, at - 4), at)
        if not any(words.breaks[after] >= CLAUSE for after in range(near + 1, at + 1))
    ]
    near_after = [
        norms[near]
        for near in range(end, min(len(norms), end + 3))
        if words.breaks[near] < SENTENCE and not any(words.breaks[b] >= COMMA for b in range(end, near + 1))
    ]
    now = bool(_NOW & {*near_before, *near_after})
    elsewhen = (
        bool(_NOT_NOW & set(near_before))
        or near_before[-2:] == ["not", "a"]
        or near_before[-1:] == ["not"]
        or "from" in near_before[-2:]
    )
    return _Level(
        min(10, value),
        score,
        now
        and not elsewhen
        or now
        and near_before[-1:] != ["was"]
        and "worst" not in near_before
        and "best" not in near_before,
        elsewhen,
    ), end


def _is_scale(norms: tuple[str, ...], at: int) -> bool:
    """ "0 to 10", "1-10" as the name of the scale, not a level."""
    if norms[at] not in ("0", "1", "zero", "one"):
        return False
    rest = norms[at + 1 : at + 3]
    return (
        rest[:1]
        and rest[0] in _SCALE_ENDS
        or len(rest) == 2
        and rest[0] in ("to", "through")
        and rest[1] in _SCALE_ENDS
    )  # type: ignore[return-value]


def _ratio(norms: tuple[str, ...], at: int) -> Optional[int]:
    """End of "/10", "out of 10", "on a scale of 1 to 10" after word `at`, or None."""
    for gap in (
        ("out", "of"),
        ("outta",),
        ("out", "a"),
        ("of",),
        ("over",),
        ("from",),
        ("de",),
        ("on", "a", "scale", "to"),
        ("on", "a", "scale", "of", "1", "to"),
        ("on", "a", "scale", "of"),
    ):
        end = at + 1 + len(gap)
        if norms[at + 1 : end] == gap and end < len(norms) and norms[end] in _SCALE_ENDS:
            return end + 1
    # the slash of "7/10" is no word; two numbers side by side with 10 last are a ratio too
    if at + 1 < len(norms) and norms[at + 1] in ("10",) and norms[at].isdigit():
        return at + 2
    return None


def _upper(words: Words, at: int) -> Optional[tuple[int, int]]:
    """Upper end and end word of a range: "6-7", "6 or 7", "between 5 and 8"."""
    norms = words.norms
    low = _value(norms[at])
    joiner = norms[at + 1] if at + 1 < len(norms) else ""
    other = (
        at + 2
        if joiner in ("or", "to", "maybe", "y", "o") or joiner == "and" and "between" in norms[max(0, at - 2) : at]
        else at + 1
    )
    if other >= len(norms) or any(words.breaks[near] >= COMMA for near in range(at + 1, other + 1)):
        return None
    high = _value(norms[other])
    wide = "between" in norms[max(0, at - 2) : at]
    if (
        low is None
        or high is None
        or not low < high <= 10
        or high - low > (10 if wide else 3)
        or norms[at - 1 : at] == ("from",)
    ):
        return None
    return high, other + 1


def _surroundings(words: Words, at: int, end: int, asked: bool) -> float:
    norms = words.norms
    score = 3.0 if asked else 0.0
    previous = norms[at - 1] if at and words.breaks[at] < SENTENCE else ""
    following = norms[end] if end < len(norms) and words.breaks[end] < COMMA else ""
    if previous in _NO_LEVEL_BEFORE and previous not in ("level",) or following in _NO_LEVEL_AFTER:
        return -9.0
    if norms[at] == "one" and following not in ("", "now", "today"):
        return -9.0
    first, last = at, end
    while first > 0 and words.breaks[first] < SENTENCE and at - first < 8:
        first -= 1
    while last < len(norms) and words.breaks[last] < SENTENCE and last - end < 6:
        last += 1
    around = {*norms[first:at], *norms[end:last]}
    if _SCALE & around:
        score += 2.5
    if _PAIN & around:
        score += 1.5
    if previous in _LEAD or previous in _PAIN:
        score += 1.0
    if previous in ("a", "an", "un"):
        score += 0.5
    if not following:
        score += 0.5
    if (
        following in _NOW
        or previous in _NOW
        or norms[end : end + 2] == ("right", "now")
        or norms[end : end + 2] == ("at", "this")
    ):
        score += 1.0
    if previous == "to" or norms[max(0, at - 2) : at] in (
        ("to", "a"),
        ("to", "an"),
        ("be", "a"),
        ("is", "a"),
        ("its", "a"),
        ("its", "an"),
        ("about", "a"),
        ("i", "say"),
        ("like", "a"),
    ):
        score += 1.5
    if (
        len(norms) <= 5
        or all(
            _value(word) is not None or word in _LEAD or word in ("or", "no", "can", "i", "it", "so")
            for word in norms[:8]
        )
        and len(norms) <= 8
    ):
        score += 2.0
    return score
