"""Facts that are no findings: where it hurts, how it began, how bad it is, which way it goes, whom it is about."""

from __future__ import annotations

import re
from typing import Any, Optional

from intake.language.duration import NUMBERS
from intake.language.text import CLAUSE, COMMA, SENTENCE, Words

_TEN = {word: int(value) for word, value in NUMBERS.items() if value == int(value) and 1 <= value <= 10 and word not in ("a", "an", "un", "una")} | {"zero": 0, "cero": 0, "diez": 10, "ocho": 8, "nueve": 9, "siete": 7}
_RATED = frozenset("pain level scale rate rating severity score hurts bad intensity dolor feels solid easily sitting hovering".split())
_LEVEL_BEFORE = frozenset("a an at about around like is its was to be say id i call currently now maybe probably solid say between level steady easily roughly".split())
_NOT_LEVEL_AFTER = frozenset("""days day weeks week wks wk months month years year yrs yr hours hour hrs minutes min mins mg pills pill times time am pm kids children blocks miles feet ft stairs steps
    lbs pounds percent degrees sessions tablets shots injections of th st nd rd inch inches stories step stair yo old hundred people surgeries discs level levels nights night more or""".split())


def severity(words: Words, asked: bool) -> Optional[int]:
    """Pain now on the 0-10 scale, or None; above 10 counts as 10, a range as its upper end, "was 9 now 4" as 4."""
    norms = words.norms
    found: list[tuple[int, int, bool]] = []  # (word, value, said of now)
    for at, word in enumerate(norms):
        value = _level(word)
        if value is None or (at and norms[at - 1] in ("l", "c", "t", "s", "of") and norms[at - 1] != "of"):
            continue
        if at >= 2 and norms[at - 1] in ("of", "over", "outta") and _level(norms[at - 2]) is not None or at and _ratio(norms, at - 1):
            continue
        end = _ratio(norms, at)
        upper, after = _upper(words, at)
        if end is None and upper is not None:
            end = _ratio(norms, after - 1)
        rated = end is not None or _is_rated(words, at, after)
        if not rated and not (asked and _bare(words, at, after)):
            continue
        now = any(norms[near] in ("now", "today", "currently", "currently", "moment") for near in range(max(0, at - 4), min(len(norms), (end or after) + 3)))
        was = any(norms[near] in ("was", "used", "yesterday", "normally", "usually", "worst", "at", "before", "down", "went", "from") for near in range(max(0, at - 5), at)) and not now
        found.append((at, min(10, max(value, upper or 0)), not was))
    current = [value for _, value, now in found if now]
    if current:
        return current[-1]
    return found[-1][1] if found else None


def _level(word: str) -> Optional[int]:
    if re.fullmatch(r"\d{1,3}(\.\d)?", word):
        return int(float(word) + 0.5)
    return _TEN.get(word)


def _ratio(norms: tuple[str, ...], at: int) -> Optional[int]:
    """End of "/10", "out of 10", "of 10", "outta ten" after word `at`, or None."""
    for gap in (("out", "of"), ("outta",), ("out", "a"), ("on", "a", "scale", "of"), ("over",), ("of",), ()):
        end = at + 1 + len(gap)
        if norms[at + 1:end] == gap and end < len(norms) and norms[end] in ("10", "ten", "diez"):
            return end + 1 if gap or _level(norms[at]) is not None else None
    return None


def _upper(words: Words, at: int) -> tuple[Optional[int], int]:
    """The upper end of "6-7", "6 or 7", "6 to 7"; with the word after it."""
    norms = words.norms
    after = at + 1
    other = at + 2 if norms[after:after + 1] in (("or",), ("to",), ("and",), ("maybe",)) else at + 1
    if norms[other:other + 1] == ("maybe",):
        other += 1
    if other < len(norms) and words.breaks[other] <= COMMA:
        upper = _level(norms[other])
        low = _level(norms[at])
        if upper is not None and low is not None and low < upper <= low + 3:
            return upper, other + 1
    return None, after


def _is_rated(words: Words, at: int, after: int) -> bool:
    norms = words.norms
    value = _level(norms[at])
    if value is None or value > 20 or norms[after:after + 1] and norms[after] in _NOT_LEVEL_AFTER and words.breaks[after] < COMMA:
        return False
    before = norms[max(0, at - 6):at]
    near_before = norms[at - 1:at]
    if not norms[at].isdigit() and near_before not in (("a",), ("an",)) and not set(before) & {"level", "scale", "rate", "rating", "pain"}:
        return False
    if norms[at] == "one" and norms[after:after + 1] not in ((), ("now",)):
        return False
    following = norms[after:after + 4]
    scale = bool(set(before) & {"level", "scale", "rate", "rating", "severity", "score", "lvl"})
    if scale and (not near_before or near_before[0] in _LEVEL_BEFORE | {"pain", "scale", "rating", "score", "lvl", "of"} or near_before[0] in ("it", "as")):
        return True
    if set(before[-4:]) & {"pain", "hurts", "hurting", "dolor"} and near_before and near_before[0] in _LEVEL_BEFORE:
        return True
    if near_before in (("a",), ("an",)) and (at < 2 or norms[at - 2] in ("its", "is", "like", "about", "around", "at", "was", "now", "to", "say", "be", "it", "maybe", "probably", "solid", "of", "id", "been", "from")):
        return True
    if set(following) & {"pain", "scale"} and norms[after:after + 1] in (("on",), ("pain",), ("for",), ("right",), ("in",)):
        return True
    return bool(following[:2] == ("right", "now") or (near_before in (("its",), ("about",), ("at",)) and following[:1] in (("now",), ("today",)) and norms[at].isdigit()))


def _bare(words: Words, at: int, after: int) -> bool:
    norms = words.norms
    value = _level(norms[at])
    if value is None or value > 20 or norms[at] == "one" and len(norms) > 4:
        return False
    return not (after < len(norms) and norms[after] in _NOT_LEVEL_AFTER and words.breaks[after] < COMMA)


def merge(facts: dict[str, Any], fact: str, value: str, several: bool) -> None:
    """Adds a value to a set fact, or sets a single-valued one."""
    if several:
        values = facts.setdefault(fact, [])
        if value not in values:
            values.append(value)
    else:
        facts[fact] = value


def clause_of(words: Words, start: int, end: int, strength: int = CLAUSE) -> tuple[int, int]:
    """Bounds of the clause (or, with SENTENCE, the sentence) around words `start` to `end`."""
    first, last = start, end
    while first > 0 and words.breaks[first] < strength:
        first -= 1
    while last < len(words) and words.breaks[last] < strength:
        last += 1
    return first, last


__all__ = ["severity", "merge", "clause_of", "SENTENCE"]
