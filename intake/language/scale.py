"""Numbers on the 0-10 scale: values in letters, "7/10", ranges, and what only looks like one."""

from __future__ import annotations

import re

from intake.language.severity_words import SCALE_ENDS, TO_TEN, WORDS
from intake.language.text import COMMA, Words


def value_of(word: str) -> int | None:
    """The number a word stands for, rounded, or None."""
    if re.fullmatch(r"\d{1,4}(\.\d)?", word):
        return int(float(word) + 0.5)
    return WORDS.get(word)


def is_scale(norms: tuple[str, ...], at: int) -> bool:
    """Such as "0 to 10", "1-10" as the name of the scale, not a level."""
    if norms[at] not in ("0", "1", "zero", "one"):
        return False
    rest = norms[at + 1 : at + 3]
    if rest[:1] and rest[0] in SCALE_ENDS:
        return True
    return len(rest) == 2 and rest[0] in ("to", "through", "thru", "a", "al") and rest[1] in SCALE_ENDS


def ratio_end(norms: tuple[str, ...], at: int) -> int | None:
    """End of "/10", "out of 10", "on a scale of 1 to 10" after word `at`, or None."""
    for gap in TO_TEN:
        end = at + 1 + len(gap)
        if norms[at + 1 : end] == gap and end < len(norms) and norms[end] in SCALE_ENDS:
            return end + 1
    # the slash of "7/10" is no word; two numbers side by side with 10 last are a ratio too
    if norms[at + 1 : at + 2] == ("10",) and norms[at].replace(".", "").isdigit():
        return at + 2
    return None


def upper_of(words: Words, at: int) -> tuple[int, int] | None:
    """Upper end and end word of a range: "6-7", "6 or 7", "between 5 and 8"."""
    norms = words.norms
    low = value_of(norms[at])
    wide = bool({"between", "from", "entre"} & set(norms[max(0, at - 3) : at]))
    joiner = norms[at + 1] if at + 1 < len(norms) else ""
    other = at + 1
    if (
        joiner in ("or", "to", "maybe", "y", "o", "a", "thru", "sometimes", "possibly")
        or joiner in ("and", "n")
        and wide
    ):
        other = at + 2
    while norms[other : other + 1] in (("a",), ("an",), ("maybe",), ("even",), ("sometimes",)):
        other += 1
    breaks = [words.breaks[near] for near in range(at + 1, min(other + 1, len(norms)))]
    if other >= len(norms) or any(strength >= COMMA for strength in breaks):
        return None
    high = value_of(norms[other])
    if low is None or high is None or not low < high <= 10 or norms[at - 1 : at] == ("from",):
        return None
    if high - low > (10 if wide or joiner == "to" else 3) or "from" in norms[max(0, at - 2) : at]:
        return None
    return high, other + 1


def is_fraction(words: Words, at: int, end: int) -> bool:
    """A date or fraction: "3/14", "1/2", "5/5 strength"."""
    text = words.text[words.ends[at] : words.ends[at] + 3]
    return bool(re.match(r"/\d", text)) and not re.match(r"/10", text)
