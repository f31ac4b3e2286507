"""Where it hurts: of the places a message names, those that its words of pain belong to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from intake.language.phrases import Match, PhraseMatcher, Tags
from intake.language.reading import Mention
from intake.language.speaker import Speaker
from intake.language.status import StatusReader
from intake.language.text import CLAUSE, SENTENCE, Words
from intake.protocol.model import Status

# These places are hardly ever named unless they hurt; any other needs a word of pain or a message of nothing else.
_SPINE = frozenset({"neck", "upper_back", "mid_back", "lower_back", "sacrum_tailbone"})
_OF_FINDING = {
    "leg_pain": "leg",
    "arm_pain": "arm",
    "chest_pain": "chest",
    "flank_pain": "flank",
    "abdominal_pain": "abdomen",
    "bilateral_leg_pain": "leg",
    "stiff_neck": "neck",
}
# What lies along a limb that hurts: "down my leg to the foot" is the leg.
_ALONG = {"foot": "leg", "knee": "leg", "hand": "arm"}
_PAIN_OF = {site: finding for finding, site in _OF_FINDING.items() if finding != "bilateral_leg_pain"}
_THERE = (Status.present, Status.unsure)
_PATH = frozenset("down into to past through until till reaches along from hasta".split())
_AWAY = frozenset({"nowhere", "not", "isnt", "never", "no", "stops", "used"})
_BARE_MESSAGE = 5  # words around a place in a message that does little but name it
_NEAR = 6  # words between a place and the word of pain that belongs to it

Marked = list[tuple[str, str, int, int]]  # entity, value, start, end


class LocationReader:
    """Reads where it hurts; `phrases` = location id -> phrases, with `none` (no place) and `back` (no part named)."""

    def __init__(self, phrases: Mapping[str, Any]) -> None:
        self._places = PhraseMatcher(phrases)

    def read(self, words: Words, tags: Tags, mentions: list[Mention], asked: bool) -> tuple[list[str], Marked]:
        """The places that hurt in the order named, and where the words stand."""
        matches = self._longest(words, tags)
        reader = StatusReader(words, tags, matches, Speaker(words, tags))
        places = [match for match in matches if match.name != "none"]
        pain = {at for at in range(len(words)) if "hurt_word" in tags[at]}
        found: list[str] = []
        marked: Marked = []
        for match in places:
            if match.name == "back" or match.name in found:
                continue
            if not (asked and len(words) <= 12) and not self._hurts(match, places, words, tags, mentions, pain, reader):
                continue
            if reader.denied(match):
                continue
            found.append(match.name)
            marked.append(("pain_location", match.name, words.starts[match.start], words.ends[match.end - 1]))
        for mention in mentions:
            site = _OF_FINDING.get(mention.id)
            if site and mention.status is Status.present and site not in found:
                found.append(site)
        if asked and not found:
            found = _part_of_back(words)
        return self._without_reached(found, places, words), marked

    def _longest(self, words: Words, tags: Tags) -> list[Match]:
        """Of overlapping matches the longest, the plain back after any other."""
        kept: list[Match] = []
        for match in sorted(
            self._places.find(words, tags), key=lambda match: (match.start - match.end, match.name == "back", match.start)
        ):
            if not any(match.start < other.end and other.start < match.end for other in kept):
                kept.append(match)
        return sorted(kept, key=lambda match: match.start)

    def _hurts(
        self, match: Match, places: list[Match], words: Words, tags: Tags, mentions: list[Mention], pain: set[int], reader: StatusReader
    ) -> bool:
        """The place hurts, by the words of pain around it and by what else is said of it."""
        start, end = words.starts[match.start], words.ends[match.end - 1]
        inside = [mention for mention in mentions if mention.start < end and start < mention.end and not mention.explicit]
        own = _PAIN_OF.get(match.name)
        if any(mention.id == own and mention.status not in _THERE for mention in inside):
            return False
        if any(mention.id == own for mention in inside):
            return True
        belongs = self._pain_beside(match, places, words, pain)
        if match.name in _SPINE:
            other = any(mention.status is Status.other_person for mention in inside) and not belongs
            return not other
        if belongs:
            return True
        odd = any(mention.id != own and mention.id not in ("lift_twist", "overuse") for mention in inside)
        first, last = self._clause(match, words)
        if odd or any("odd_feeling" in tags[at] for at in range(first, last)):
            return False
        listed = any(other.name in _SPINE and abs(other.start - match.start) <= 6 for other in places if other is not match)
        return listed and self._joined(match, places, words) or len(words) - (match.end - match.start) <= _BARE_MESSAGE or self._only_places(words, tags, places)

    @staticmethod
    def _clause(match: Match, words: Words) -> tuple[int, int]:
        first, last = match.start, match.end
        while first > 0 and words.breaks[first] < CLAUSE:
            first -= 1
        while last < len(words) and words.breaks[last] < CLAUSE:
            last += 1
        return first, last

    @staticmethod
    def _joined(match: Match, places: list[Match], words: Words) -> bool:
        """ "low back and hip", "neck, shoulder": a list with another place."""
        for other in places:
            low, high = sorted((match, other), key=lambda one: one.start)
            between = words.norms[low.end : high.start]
            if other is not match and len(between) <= 3 and set(between) <= {"and", "my", "the", "or", "plus", "also", "left", "right", "both", "y", "into", "to", "down", "around", "on", "in", "all"}:
                return True
        return False

    @staticmethod
    def _only_places(words: Words, tags: Tags, places: list[Match]) -> bool:
        """The message does little but name places."""
        covered = sum(place.end - place.start for place in places)
        return len(words) <= 14 and len(words) - covered <= 2 * len(places) + 2

    def _pain_beside(self, match: Match, places: list[Match], words: Words, pain: set[int]) -> bool:
        """A word of pain whose nearest place is this one, in the same sentence."""
        for at in pain:
            if match.start <= at < match.end:
                return True
            gap = match.start - at - 1 if at < match.start else at - match.end
            first, last = (at, match.start) if at < match.start else (match.end, at)
            if gap > _NEAR or any(words.breaks[near] >= SENTENCE for near in range(first + (at < match.start), last + 1) if near < len(words)):
                continue
            rivals = [other for other in places if other is not match]
            if any(first <= other.start < last for other in rivals) and not self._chain(match, places, words, at):
                continue
            # "numb foot and pain in my back": the word points ahead to another place
            if at >= match.end and any(at < other.start <= at + 4 and words.breaks[other.start] < CLAUSE and self._points(words, at, other.start) for other in rivals):
                continue
            if at >= match.end and any(other.start - at == 0 for other in rivals):
                continue
            if at >= match.end and any(0 <= at - other.end <= gap - 1 for other in rivals):
                continue
            return True
        return False

    @staticmethod
    def _points(words: Words, at: int, place: int) -> bool:
        """ "pain IN my back", "stabbing MY hip"."""
        between = words.norms[at + 1 : place]
        return not {"and", "but", "when", "if"} & set(between)

    def _chain(self, match: Match, places: list[Match], words: Words, at: int) -> bool:
        """Between the word of pain and the place stand only places and small words: "pain in my neck, arm and hand"."""
        low, high = (at + 1, match.start) if at < match.start else (match.end, at)
        covered = {near for place in places for near in range(place.start, place.end)}
        rest = [words.norms[near] for near in range(low, high) if near not in covered]
        return set(rest) <= _SMALL

    @staticmethod
    def _without_reached(found: list[str], places: list[Match], words: Words) -> list[str]:
        """Without the places that pain down a limb only passes or reaches."""
        result = list(found)
        for place in places:
            limb = _ALONG.get(place.name)
            if limb in result and place.name in result:
                reached = _PATH & set(words.norms[max(0, place.start - 5) : place.start])
                same = any(other.name == limb and abs(other.start - place.start) <= 10 for other in places)
                if reached and same:
                    result.remove(place.name)
        # a side says which half, not the flank, beside another place of the back
        return result


_SMALL = frozenset(
    """and or my the in on of both left right side plus also n to down into from through all over across around up a his her
    then it goes y en la el mi de hasta desde whole entire half lower upper inner outer outside inside front back that out
    along part bone""".split()
)


def _part_of_back(words: Words) -> list[str]:
    """The part of the back that a few words name when where it hurts was asked: "top part", "middle", "lower, left side"."""
    if len(words) > 6:
        return []
    parts = {"lower": "lower_back", "low": "lower_back", "butt": "lower_back", "bottom": "lower_back", "down": "lower_back"}
    parts |= {"middle": "mid_back", "mid": "mid_back", "center": "mid_back", "centre": "mid_back"}
    parts |= {"top": "upper_back", "upper": "upper_back", "high": "upper_back", "abajo": "lower_back", "arriba": "upper_back", "baja": "lower_back"}
    return list(dict.fromkeys(parts[word] for word in words.norms if word in parts))


