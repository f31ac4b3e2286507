"""Where it hurts: of the places a message names, those that its words of pain belong to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake.language.phrases import Match, PhraseMatcher, Tags
from intake.language.reading import Mention
from intake.language.speaker import Speaker
from intake.language.status import StatusReader
from intake.language.text import CLAUSE, COMMA, SENTENCE, Words
from intake.protocol.model import Status

# These places are hardly ever named unless they hurt; any other needs a word of pain or a message of nothing else.
_SPINE = frozenset({"neck", "upper_back", "mid_back", "lower_back", "sacrum_tailbone"})
_LIKELY = frozenset({"buttock", "hip"})  # nor these, unless something else is said of them
_OF_FINDING = {
    "leg_pain": "leg",
    "arm_pain": "arm",
    "chest_pain": "chest",
    "flank_pain": "flank",
    "abdominal_pain": "abdomen",
    "bilateral_leg_pain": "leg",
    "stiff_neck": "neck",
}
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
_PAIN_OF = {site: finding for finding, site in _OF_FINDING.items() if finding != "bilateral_leg_pain"}
# A place inside one of these findings hurts.
OF_PAIN = frozenset(
    """night_pain constant_pain tearing_pain upper_belly_to_back urinary_colic pregnancy_belly_pain midline_pain
    worse_with_strain pleuritic_pain morning_stiffness lift_twist minor_fall major_trauma overuse pain_bending_back
    bilateral_leg_pain leg_pain arm_pain chest_pain flank_pain abdominal_pain contractions new_stoop stiff_neck violence""".split()
)
_NOT_THERE = (Status.absent, Status.other_person, Status.hypothetical)
_NOT = frozenset("doesnt dont isnt no not never arent hardly barely without didnt".split())
_PATH = frozenset(
    "upto before stops down into to past through until till reaches along from hasta toward towards over past above below".split()
)
_POINTING = frozenset(
    "in my the of on at to across around down up into left right lower upper low both his her a also".split()
)
_OWN = frozenset({"my", "the", "in", "really", "near", "so", "a", "your"})
_BOTHERS = frozenset("hurt hurts hurting pain painful ache aches sore bother bothers bad tender".split())
_ELSE = "_else"  # places that count only when no other part of the spine is named
_WELL = frozenset("fine ok okay good great quiet normal clear alright perfect".split())
_FULL = ("neck", "upper_back", "mid_back", "lower_back", "sacrum_tailbone")  # the spine from top to bottom
_ALL = frozenset("whole entire all everything everywhere".split())
_SHORT_ANSWER = 12  # words of a message that answers where it hurts
_SHORT = 20  # words of a message in which a place is named because it hurts
_NEAR = 9  # words between a place and the word of pain that belongs to it
_NEXT_SENTENCE = 6

Marked = list[tuple[str, str, int, int]]  # entity, value, start, end


class LocationReader:
    """Reads where it hurts; `phrases` = location id -> phrases, with `none` (no place) and `back` (no part named)."""

    def __init__(self, phrases: Mapping[str, Any]) -> None:
        self._places = PhraseMatcher(phrases)

    def read(self, words: Words, tags: Tags, mentions: list[Mention], asked: bool) -> tuple[list[str], Marked]:
        """The places that hurt in the order named, and where the words stand."""
        matches = self._longest(words, tags)
        message = _Message(words, tags, mentions, StatusReader(words, tags, matches, Speaker(words, tags)))
        places = [match for match in matches if match.name != "none"]
        found: list[str] = []
        marked: Marked = []
        hurting: list[Match] = []
        for match in places:
            if match.name == "back" or match.name in found:
                continue
            if not (asked and len(words) <= _SHORT_ANSWER and not message.is_denied(match, places)):
                if not self._hurts(match, places, message) and not self._follows_on(match, hurting, places, message):
                    continue
            hurting.append(match)
            found.append(match.name)
            site = match.name.removesuffix(_ELSE)
            marked.append(("pain_location", site, words.starts[match.start], words.ends[match.end - 1]))
        for mention in mentions:
            site = _OF_FINDING.get(mention.id, "")
            if (
                site
                and mention.status is Status.present
                and site not in found
                and not _of_other(mention, site, places, words)
            ):
                found.append(site)
        if not any(site.removesuffix(_ELSE) in _SPINE for site in found) and (
            asked and not found or "where" in words.norms or any(match.name == "back" for match in matches)
        ):
            found.extend(_part_of_back(words, asked))
        return _settled(_filled(found, places, words), places, words), marked

    def _longest(self, words: Words, tags: Tags) -> list[Match]:
        """Of overlapping matches the longest, the plain back after any other."""
        kept: list[Match] = []
        for match in sorted(
            self._places.find(words, tags),
            key=lambda match: (match.start - match.end, match.name == "back", match.start),
        ):
            if not any(match.start < other.end and other.start < match.end for other in kept):
                kept.append(match)
        return sorted(kept, key=lambda match: match.start)

    def _hurts(self, match: Match, places: list[Match], message: _Message) -> bool:
        """The place hurts, by the words of pain around it and by what else is said of it."""
        words, tags = message.words, message.tags
        start, end = words.starts[match.start], words.ends[match.end - 1]
        inside = [one for one in message.mentions if one.start < end and start < one.end and not one.explicit]
        own = _PAIN_OF.get(match.name)
        if any(one.id == own and one.status in _NOT_THERE for one in inside) or message.is_denied(match, places):
            return False
        near = range(max(0, match.start - 2), min(len(words), match.end + 2))
        strict = any(one.id not in OF_PAIN for one in inside) or any("odd_feeling" in tags[at] for at in near)
        belongs = self._pain_beside(match, places, message, strict)
        if match.name.removesuffix(_ELSE) in _SPINE:
            return belongs or not any(one.status is Status.other_person for one in inside)
        if belongs or any(one.id == own or one.id in OF_PAIN for one in inside):
            return True
        first, last = self._clause(match, words)
        if inside or any("odd_feeling" in tags[at] for at in range(first, last)):
            return False
        near_path = bool(_PATH & set(words.norms[max(0, match.start - 4) : match.start]))
        return (
            near_path or match.name in _LIKELY or len(words) <= _SHORT or bool(message.pain & set(range(first, last)))
        )

    def _follows_on(self, match: Match, hurting: list[Match], places: list[Match], message: _Message) -> bool:
        """Such as "my lower back and my left cheek": named in one breath with a place that hurts, and nothing else is said of it."""
        words = message.words
        start, end = words.starts[match.start], words.ends[match.end - 1]
        near = range(max(0, match.start - 2), min(len(words), match.end + 4))
        if not hurting or message.is_denied(match, places):
            return False
        if any(one.start < end and start < one.end for one in message.mentions if one.id not in OF_PAIN):
            return False
        if any("odd_feeling" in message.tags[at] for at in near):
            return False
        before = hurting[-1]
        whole = all(words.breaks[at] < CLAUSE for at in range(before.end, match.start + 1))
        return whole and self._chained(before.end, match.start, places, words)

    @staticmethod
    def _clause(match: Match, words: Words) -> tuple[int, int]:
        first, last = match.start, match.end
        while first > 0 and words.breaks[first] < CLAUSE:
            first -= 1
        while last < len(words) and words.breaks[last] < CLAUSE:
            last += 1
        return first, last

    def _pain_beside(self, match: Match, places: list[Match], message: _Message, strict: bool) -> bool:
        """A word of pain belongs to this place: no other place is nearer, none is pointed at.

        `strict`: something else is said of the place ("weak legs"), so the pain must be said of it afterwards.
        """
        words = message.words
        rivals = [other for other in places if other is not match]
        for at in message.pain:
            if match.start <= at < match.end:
                return True
            before = at < match.start
            first, last = (at + 1, match.start) if before else (match.end, at)
            if last - first > _NEAR or self._parted(first, last, rivals, words):
                continue
            if strict and before and last > first:
                continue
            if any(first <= other.start < last for other in rivals):
                if not strict and self._chained(first, last, places, words):
                    return True
                continue
            if not before and self._points_on(first, at, rivals, words):
                continue
            return True
        return False

    @staticmethod
    def _parted(first: int, last: int, rivals: list[Match], words: Words) -> bool:
        """A sentence ends between, unless the next one names no place of its own ("foot went blue. really sore")."""
        ends = [at for at in range(first, last + 1) if at < len(words) and words.breaks[at] >= SENTENCE]
        if not ends:
            return False
        if len(ends) > 1 or ends[0] > last or last - first > _NEXT_SENTENCE:
            return True
        return any(first <= other.start <= last + _NEXT_SENTENCE for other in rivals)

    @staticmethod
    def _points_on(first: int, at: int, rivals: list[Match], words: Words) -> bool:
        """Such as "numb foot and pain in my back": a new item whose word of pain points to the next place."""
        if not {"and", "plus", "also", "with", "then", "y"} & set(words.norms[first:at]) and not any(
            words.breaks[near] >= COMMA for near in range(first, at + 1)
        ):
            return False
        return any(
            at < other.start <= at + 5 and set(words.norms[at + 1 : other.start]) <= _POINTING for other in rivals
        )

    @staticmethod
    def _chained(first: int, last: int, places: list[Match], words: Words) -> bool:
        """Between stand only places and small words: "pain in my neck, arm and hand", "hip and back ache"."""
        covered = {near for place in places for near in range(place.start, place.end)}
        return {words.norms[near] for near in range(first, last) if near not in covered} <= _SMALL


class _Message:
    """What the decisions about one message's places look at."""

    def __init__(self, words: Words, tags: Tags, mentions: list[Mention], reader: StatusReader) -> None:
        self.words = words
        self.tags = tags
        self.mentions = mentions
        self.pain = {at for at in range(len(words)) if "hurt_word" in tags[at]}
        self._reader = reader

    def is_denied(self, match: Match, places: list[Match]) -> bool:
        """The place does not hurt, or is somebody else's."""
        norms, breaks = self.words.norms, self.words.breaks
        first = match.start
        while first > 0 and match.start - first < 3 and breaks[first] < CLAUSE:
            first -= 1
        before = norms[first : match.start]
        if (
            "nowhere" in before
            or before[-2:-1] in (("not",), ("isnt",))
            and before[-1] in _OWN
            or before[-1:] == ("not",)
        ):
            return True
        if {"his", "her", "their"} & set(before) and self._others(match):
            return True
        if before and "family" in self.tags[match.start - 1] and self._others(match):
            return True
        after = norms[match.end : match.end + 4]
        if after[:1] in (("is",), ("are",), ("feels",), ("feel",), ("s",)) and set(after[1:3]) & _WELL:
            return True
        ends = match.end + 1 >= len(norms) or breaks[match.end + 1] > 0
        if after[:1] in (("dont",), ("doesnt",), ("isnt",), ("arent",), ("no",)) and ends and breaks[match.end] == 0:
            return True  # "feet dont"
        if norms[max(0, match.start - 5) : match.start].count("used") and "be" in before:
            return True
        if "started" in before and "in" in before and self._moved_on(match):
            return True
        for at in range(match.end, min(len(norms), match.end + 5)):
            if any(place.start <= at < place.end for place in places) or breaks[at] >= SENTENCE:
                break
            if norms[at] in _NOT and _BOTHERS & set(norms[at + 1 : at + 3]):
                return norms[at + 1 : at + 2] != ("only",)
        return self._reader.denied(match)

    def _moved_on(self, match: Match) -> bool:
        """Such as "started in my low back, now its only my foot"."""
        norms = self.words.norms
        return any(
            norms[at] in ("only", "just") and "now" in norms[max(match.end, at - 2) : at]
            for at in range(match.end, len(norms))
        )

    def _others(self, match: Match) -> bool:
        """The place belongs to a third person while the writer has a complaint of their own."""
        first = max(0, match.start - 10)
        family = any("family" in self.tags[at] for at in range(first, match.start))
        return family and bool(
            {"i", "my", "im", "ive", "mine"} & set(self.words.norms[:first] + self.words.norms[match.end :])
        )


def _settled(found: list[str], places: list[Match], words: Words) -> list[str]:
    """Without what pain down a limb only passes, and with the vague parts of the spine only where no other is named."""
    result = list(found)
    for place in places:
        limb = _PASSED.get(words.norms[place.end - 1])
        if limb is None or limb not in result or place.name not in result or place.name == limb:
            continue
        others = [other for other in places if other.name == place.name and other is not place]
        if _PATH & set(words.norms[max(0, place.start - 5) : place.start]) and not others:
            result.remove(place.name)
    named = any(site in _SPINE for site in result)
    sites = [site.removesuffix(_ELSE) for site in result if not (named and site.endswith(_ELSE))]
    return list(dict.fromkeys(sites))


_SMALL = frozenset(
    """and or my the in on of both left right side plus also n to down into from through all over across around up a his her
    then it goes y en la el mi de hasta desde whole entire half lower upper inner outer outside inside front back that out
    along part bone""".split()
)


def _of_other(mention: Mention, site: str, places: list[Match], words: Words) -> bool:
    """The pain of a finding is that of another place which its words name: "pain in my knee" is no pain of the leg."""
    inside = {
        place.name
        for place in places
        if words.starts[place.start] < mention.end and mention.start < words.ends[place.end - 1]
    }
    return bool(inside) and site not in inside and not inside <= {"back", "flank", "buttock", "chest", "abdomen"}


def _filled(found: list[str], places: list[Match], words: Words) -> list[str]:
    """With all of the spine between, for "the whole back from neck to tailbone", and the whole back itself."""
    norms = words.norms
    ends = [place for place in places if place.name in _SPINE and place.name in found]
    if _ALL & set(norms) and len({place.name for place in ends}) == 2:
        first, last = ends[0], ends[-1]
        order = sorted((_FULL.index(first.name), _FULL.index(last.name)))
        if "to" in norms[first.end : last.start] and last.start - first.end <= 5:
            return [*found, *(site for site in _FULL[order[0] : order[1] + 1] if site not in found)]
    top_to_bottom = (("top", "to", "bottom"), ("top", "to", "butt"))  # "bottom" is mended so
    if any(norms[at : at + 3] in top_to_bottom for at in range(len(norms))) and "back" in norms:
        return list(dict.fromkeys([*found, "upper_back", "mid_back", "lower_back"]))
    return found


_PARTS = {
    **dict.fromkeys(("lower", "low", "butt", "bottom", "down", "abajo", "baja"), "lower_back"),
    **dict.fromkeys(("middle", "mid", "center", "centre"), "mid_back"),
    **dict.fromkeys(("top", "upper", "high", "arriba"), "upper_back"),
}
_BESIDE_PART = frozenset(
    """left right side sides the a its is in on it of part bit half end dead area one ok well mostly just both my and more hand
    back really pain hurts kind kinda sort real down""".split()
)


def _part_of_back(words: Words, asked: bool) -> list[str]:
    """The part of the back that a few words between two breaks name: "top part", "low, dead center", "the low bit".

    `asked` where it hurts: then a short answer may hold other words.
    """
    if asked and len(words) <= 6:
        return list(dict.fromkeys(_PARTS[word] for word in words.norms if word in _PARTS))
    at = 0
    while at < len(words):
        last = at + 1
        while last < len(words) and words.breaks[last] < COMMA:
            last += 1
        piece = words.norms[at:last]
        named = [_PARTS[word] for word in piece if word in _PARTS and word != "butt"]
        if named and all(word in _PARTS or word in _BESIDE_PART for word in piece):
            return named[:1]
        at = last
    return []
