"""What bends an amount of time: "over 3 weeks", "almost a year", "about 10 days"."""

from __future__ import annotations

from intake.language.text import Words
from intake.language.time_words import ABOUT, DURING, LITTLE, NEARLY


def bend(words: Words, at: int, end: int, low: float, high: float, loose: bool) -> tuple[float, float]:
    """`low` to `high` days of the words `at` to `end`, made wider or shorter by what stands before them."""
    before = words.norms[max(0, at - 3) : at]
    last = before[-1:]
    near = set(before)
    if (
        last in (("than",), ("over",), ("least",), ("past",))
        and "less" not in near
        or words.norms[end : end + 1] in (("plus",), ("easy",), ("minimum",), ("easily",))
    ):
        if (
            last == ("past",)
            and before[-2:-1] in (("the",), ("for",), ("this",))
            or last == ("over",)
            and DURING & set(words.norms[max(0, at - 6) : at])
        ):
            return low, high
        return low, high * (1.15 if LITTLE & near else 1.5) + 1
    if "+" in words.text[words.starts[at] : words.ends[end - 1] + 1]:
        return low, high * 1.5 + 1
    if (
        last == ("under",)
        or {"less", "than"} <= near
        or {"not", "even"} <= near
        or last == ("barely",)
        or {"no", "ni"} <= near
    ):
        return low * 0.6, high
    if NEARLY & near or before[-2:] in (("going", "on"), ("close", "to"), ("up", "on"), ("coming", "on")):
        return low * 0.88, high
    if ABOUT & near or loose:
        slack = max(0.5, 0.12 * high)
        return max(0.0, low - slack), high + slack
    return low, high
