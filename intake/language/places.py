"""From the places found to the location ids: what a limb's pain only passes, vague parts of the back, bare answers."""

from __future__ import annotations

from intake.language.phrases import Match
from intake.language.text import Words

# What pain down a limb passes or reaches without being named for itself: "down my leg past the knee to the ankle".
_PASSED = {
    "knee": "leg",
    "knees": "leg",
    "ankle": "leg",
    "ankles": "leg",
    "wrist": "arm",
    "wrists": "arm",
    "thumb": "arm",
}
_PASSED |= {"bone": "leg"}
PATH = frozenset(
    "down into to past through until till reaches along from hasta toward towards over past above below".split()
)
ELSE = "_else"  # places that count only when no other part of the spine is named
# These places are hardly ever named unless they hurt; any other needs a word of pain or a message of nothing else.
SPINE = frozenset({"neck", "upper_back", "mid_back", "lower_back", "sacrum_tailbone"})


def settled(found: list[str], places: list[Match], words: Words) -> list[str]:
    """Without what pain down a limb only passes, and with the vague parts of the spine only where no other is named."""
    result = list(found)
    for place in places:
        limb = _PASSED.get(words.norms[place.end - 1])
        if limb is None or limb not in result or place.name not in result or place.name == limb:
            continue
        others = [other for other in places if other.name == place.name and other is not place]
        if PATH & set(words.norms[max(0, place.start - 5) : place.start]) and not others:
            result.remove(place.name)
    named = any(site in SPINE for site in result)
    sites = [site.removesuffix(ELSE) for site in result if not (named and site.endswith(ELSE))]
    return list(dict.fromkeys(sites))


def part_of_back(words: Words) -> list[str]:
    """The part of the back that a few words name when where it hurts was asked: "top part", "middle", "lower, left side"."""
    if len(words) > 6:
        return []
    parts = {
        "lower": "lower_back",
        "low": "lower_back",
        "butt": "lower_back",
        "bottom": "lower_back",
        "down": "lower_back",
    }
    parts |= {"middle": "mid_back", "mid": "mid_back", "center": "mid_back", "centre": "mid_back"}
    parts |= {
        "top": "upper_back",
        "upper": "upper_back",
        "high": "upper_back",
        "abajo": "lower_back",
        "arriba": "upper_back",
        "baja": "lower_back",
    }
    return list(dict.fromkeys(parts[word] for word in words.norms if word in parts))
