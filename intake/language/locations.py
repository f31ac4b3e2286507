"""Where it hurts: of the places a message names, those that its words of pain belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
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
_PASSED |= {"bone": "leg", "heel": "leg", "heels": "leg", "sole": "leg", "soles": "leg"}
_REACHED = {"foot": "leg", "hand": "arm"}  # what pain from the spine passes on its way there
_ABOVE = {"leg": ("lower_back", "buttock", "hip", "sacrum_tailbone"), "arm": ("neck", "upper_back", "shoulder")}
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
    "in my the of on at to across around down up into left right lower upper low both his her a also is sits mostly really just".split()
)
_OWN = frozenset({"my", "the", "in", "really", "near", "so", "a", "your"})
_BOTHERS = frozenset(
    "hurt hurts hurting pain painful ache aches sore bother bothers bad tender involved affected included".split()
)
_ELSE = "_else"  # places that count only when no other part of the spine is named
_WELL = frozenset("fine ok okay good great quiet normal clear alright perfect".split())
_FULL = ("neck", "upper_back", "mid_back", "lower_back", "sacrum_tailbone")  # the spine from top to bottom
_ALL = frozenset("whole entire all everything everywhere".split())
_SHORT_ANSWER = 12  # words of a message that answers where it hurts
_SHORT = 20  # words of a message in which a place is named because it hurts
_NEAR = 9  # words between a place and the word of pain that belongs to it
_FAR = 14  # the same, said of a place after something else was: "my foot went cold an hour ago, really sore"
_NEXT_SENTENCE = 6
# These say that a pain moves or changes, and of a numb place that the numbness does.
_MOVES = frozenset(
    """goes runs run running moves travels travel traveling spreads spread spreading wraps wrapping wrap climbs snakes better
    worse out acting pressure dull pinched pinch""".split()
)

Marked = list[tuple[str, str, int, int]]  # entity, value, start, end


class LocationReader:
    """Reads where it hurts.

    `phrases` = location id -> phrases, with `none` (no place), `back` (no part named), `hurt` and `odd` (words of pain and
    of other feelings, beside those of the word classes).
    """

    def __init__(self, phrases: Mapping[str, Any]) -> None:
        self._places = PhraseMatcher(phrases)

    def read(self, words: Words, tags: Tags, mentions: list[Mention], asked: bool) -> tuple[list[str], Marked]:
        """The places that hurt in the order named, and where the words stand."""
        said = self._places.find(words, tags)
        matches = _longest(one for one in said if one.name not in ("odd", "hurt"))
        if any(match.name == "back" for match in matches):
            matches = [_bottom(match, words) for match in matches]
        odd, hurt = (
            {at for match in said if match.name == name for at in range(match.start, match.end)}
            for name in ("odd", "hurt")
        )
        message = _Message(words, tags, mentions, odd, hurt, StatusReader(words, tags, matches, Speaker(words, tags)))
        places = [match for match in matches if match.name != "none"]
        for match in places:
            message.named.setdefault(match.name, []).append(match)
        hurting: list[Match] = []
        for match in places:
            if match.name == "back" or message.is_painless(match):
                continue
            if not (asked and len(words) <= _SHORT_ANSWER and not message.is_denied(match, places)):
                if not self._hurts(match, places, message) and not self._follows_on(match, hurting, places, message):
                    continue
            hurting.append(match)
        hurting = [match for match in hurting if not _of_picture(match, hurting, words)]
        hurting = [match for match in hurting if match.name != "flank" or not _on_a_side(match, hurting, words)]
        found: list[str] = []
        marked: Marked = []
        for match in hurting:
            if match.name in found:
                continue
            found.extend([*_other_part(match, words), match.name])
            site = match.name.removesuffix(_ELSE)
            marked.append(("pain_location", site, words.starts[match.start], words.ends[match.end - 1]))
        for mention in mentions:
            site = _OF_FINDING.get(mention.id, "")
            if (
                site
                and mention.status is Status.present
                and (mention.explicit or mention in message.told)
                and not any(
                    place.name == site and message.is_within(place, mention) and message.is_denied(place, places)
                    for place in places
                )
                and site not in found
                and not _of_other(mention, site, places, words)
                and not (site == "flank" and _is_laterality(mention, found, places, words))
            ):
                found.append(site)
        if not any(site.removesuffix(_ELSE) in _SPINE for site in found) and (
            asked and not found or "where" in words.norms or any(match.name == "back" for match in matches)
        ):
            found.extend(_part_of_back(words, asked))
        return _settled(_filled(found, places, words), hurting, words), marked

    def _hurts(self, match: Match, places: list[Match], message: _Message) -> bool:
        """The place hurts, by the words of pain around it and by what else is said of it."""
        words = message.words
        start, end = words.starts[match.start], words.ends[match.end - 1]
        inside = [one for one in message.told if one.start < end and start < one.end]
        own = _PAIN_OF.get(match.name)
        if any(one.id == own and one.status in _NOT_THERE for one in inside) or message.is_denied(match, places):
            return False
        near = range(max(0, match.start - 2), min(len(words), match.end + 2))
        strict = any(message.is_of_else(one) for one in inside) or bool(message.odd & set(near))
        belongs = self._pain_beside(match, places, message, strict)
        if match.name.removesuffix(_ELSE) in _SPINE:
            return belongs or not any(one.status is Status.other_person for one in inside)
        if belongs or any(one.id == own or one.id in OF_PAIN and not message.has_odd(one) for one in inside):
            return True
        if message.feels_it(match):
            return True
        first, last = self._clause(match, words)
        if inside or message.odd & set(range(first, last)):
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
        if message.is_denied(match, places):
            return False
        if any(one.start < end and start < one.end and message.is_of_else(one) for one in message.told):
            return False
        if message.odd & set(near):
            return False
        after = next((other for other in places if other.start >= match.end and other.name in _SPINE), None)
        if after is not None and after.start - match.end <= 4 and self._chained(match.end, after.start, places, words):
            if all(words.breaks[at] < CLAUSE for at in range(match.end, after.start + 1)) and not message.is_denied(
                after, places
            ):
                return self._hurts(after, places, message)  # "both my heels and the low back"
        if not hurting:
            return False
        if words.norms[match.end : match.end + 1] in (("too",), ("also",)):
            return True  # "now the arm too"
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
        beside = message.odd & set(range(match.start - 2, match.end + 2))
        for at in message.pain:
            if match.start <= at < match.end:
                return True
            if strict and words.norms[at] in _MOVES:
                continue
            before = at < match.start
            first, last = (at + 1, match.start) if before else (match.end, at)
            if last - first > (_FAR if strict and not before else _NEAR) or self._parted(
                first, last, before, rivals, words
            ):
                continue
            if strict and before and words.breaks[match.start] >= COMMA:
                continue
            if strict and before and last > first and (beside or not self._chained(first, last, places, words)):
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
    def _parted(first: int, last: int, before: bool, rivals: list[Match], words: Words) -> bool:
        """A sentence ends between, unless the next one names no place of its own ("foot went blue. really sore")."""
        ends = [at for at in range(first, last + 1) if at < len(words) and words.breaks[at] >= SENTENCE]
        if not ends:
            return False
        if before or len(ends) > 1 or ends[0] > last or last - first > _NEXT_SENTENCE:
            return True
        stop = last + 1
        while stop < len(words) and words.breaks[stop] < SENTENCE:
            stop += 1
        return any(first <= other.start < stop for other in rivals)

    @staticmethod
    def _points_on(first: int, at: int, rivals: list[Match], words: Words) -> bool:
        """Such as "numb foot and pain in my back": a new item whose word of pain points to the next place."""
        if words.norms[at - 1] in ("it", "its", "they"):
            return False  # "cold and it aches up to the elbow"
        if not {"and", "plus", "also", "with", "then", "y"} & set(words.norms[first:at]) and not any(
            words.breaks[near] >= COMMA for near in range(first, at + 1)
        ):
            return False
        return any(
            at < other.start <= at + 5
            and set(words.norms[at + 1 : other.start]) <= _POINTING | _BOTHERS | {"cramps", "spasms"}
            for other in rivals
        )

    @staticmethod
    def _chained(first: int, last: int, places: list[Match], words: Words) -> bool:
        """Between stand only places and small words: "pain in my neck, arm and hand", "hip and back ache"."""
        covered = {near for place in places for near in range(place.start, place.end)}
        return {words.norms[near] for near in range(first, last) if near not in covered} <= _SMALL


def _bottom(match: Match, words: Words) -> Match:
    """Beside the back "the bottom" (mended to "butt") is the low back; "my bottom" is the buttock."""
    raw = words.text[words.starts[match.start] : words.ends[match.end - 1]].lower()
    own = match.start and words.norms[match.start - 1] in ("my", "his", "her", "on", "left", "right")
    return replace(match, name="lower_back" + _ELSE) if raw == "bottom" and not own else match


def _longest(matches: Iterable[Match]) -> list[Match]:
    """Of overlapping matches the longest, the plain back after any other."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda one: (one.start - one.end, one.name == "back", one.start)):
        if not any(match.start < other.end and other.start < match.end for other in kept):
            kept.append(match)
    return sorted(kept, key=lambda match: match.start)


class _Message:
    """What the decisions about one message's places look at."""

    def __init__(
        self,
        words: Words,
        tags: Tags,
        mentions: list[Mention],
        odd: set[int],
        hurt: set[int],
        reader: StatusReader,
    ) -> None:
        self.words = words
        self.tags = tags
        # what covers the whole message (the second net) says nothing about one place
        whole = words.starts[1] if len(words) > 8 else -1
        self.told = [
            one for one in mentions if not one.explicit and not (one.start < whole and one.end >= words.ends[-1])
        ]
        self.pain = hurt | {at for at in range(len(words)) if "hurt_word" in tags[at]}
        # feels otherwise: numb, weak; "heavy" only when something feels so
        self.odd = odd | {
            at
            for at in range(len(words))
            if "odd_feeling" in tags[at]
            and (words.norms[at] != "heavy" or _FEELS_SO & set(words.norms[max(0, at - 3) : at]))
        }
        self.named: dict[str, list[Match]] = {}  # the places by name
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
            or {"nor", "skips", "skip", "skipping", "skipped", "spares", "misses"} & set(before)
            or before[-2:-1] in (("not",), ("isnt",))
            and before[-1] in _OWN
            or before[-1:] == ("not",)
        ):
            return True
        if {"his", "her", "their"} & set(before) and self._others(match):
            return True
        if before and "family" in self.tags[match.start - 1] and self._others(match):
            return True
        if self._is_well(match.end) or any(
            self._is_well(other.end) for other in places if self._is_listed(match.end, other.start)
        ):
            return True
        after = norms[match.end : match.end + 4]
        ends = match.end + 1 >= len(norms) or breaks[match.end + 1] > 0
        if after[:1] in (("dont",), ("doesnt",), ("isnt",), ("arent",), ("no",)) and ends and breaks[match.end] == 0:
            return True  # "feet dont"
        if "used" in norms[max(0, match.start - 6) : match.start] and {"be", "hurt", "have", "get"} & set(before):
            return True
        if self._is_limit(match):
            return False  # "no radiation past the glute" reaches it
        if "started" in before and "in" in before and self._moved_on(match):
            return True
        for at in range(match.end, min(len(norms), match.end + 9)):
            if at >= match.end + 5 and norms[at] not in ("doesnt", "dont", "didnt"):
                continue
            if any(place.start <= at < place.end for place in places) or breaks[at] >= SENTENCE:
                break
            if (
                norms[at] == "gone"
                and (at + 1 == len(norms) or breaks[at + 1] > 0)
                and norms[at - 1] not in ("not", "hasnt")
            ):
                return True  # "whiplash in 1996 (gone)"
            if norms[at] in _NOT and _BOTHERS & set(norms[at + 1 : at + 3]):
                return norms[at + 1 : at + 2] != ("only",)
        return self._is_source(match) or self._is_operated(match) or self._reader.denied(match)

    def is_of_else(self, mention: Mention) -> bool:
        """What a finding tells of a place is no pain; "pain down both legs" is, whatever the finding."""
        words = self.words
        return mention.id not in OF_PAIN and not any(
            mention.start <= words.starts[at] < mention.end for at in self.pain
        )

    def is_within(self, place: Match, mention: Mention) -> bool:
        """The place is named by words of the finding."""
        return self.words.starts[place.start] < mention.end and mention.start < self.words.ends[place.end - 1]

    def has_odd(self, mention: Mention) -> bool:
        """Among the words of a finding is one of another feeling: "leg went numb under it"."""
        return any(mention.start <= self.words.starts[at] < mention.end for at in self.odd)

    def feels_it(self, match: Match) -> bool:
        """Such as "I get it across the shoulders", "I feel it mostly in my hip"."""
        before = self.words.norms[max(0, match.start - 6) : match.start]
        got = [at for at in range(len(before) - 1) if before[at] in _FEELS and before[at + 1] in ("it", "this", "that")]
        if before[-3:-1] in (("its", "in"), ("worst", "is"), ("is", "in")) or before[-2:] in (
            ("its", "in"),
            ("worst", "is"),
            ("its", "my"),
        ):
            return True
        rest = set(before[got[-1] + 2 :]) if got else set()
        return bool(_WITHIN & rest) and rest <= _WITHIN | _SMALL | {"mostly", "more", "mainly", "worst", "just"}

    def is_painless(self, match: Match) -> bool:
        """Elsewhere in the message it is said that the place does not hurt: "numb shin. no pain in the shin"."""
        norms = self.words.norms
        side = norms[match.start - 1] if match.start and norms[match.start - 1] in _SIDES else ""
        if not side and any(
            self._is_well(other.end) and not _AT_TIMES & set(norms[other.end : other.end + 6])
            for other in self.named.get(match.name, ())
            if other.start and norms[other.start - 1] not in _SIDES
        ):
            return True
        for at in range(len(norms) - 3):
            if norms[at] != "no" or norms[at + 1 : at + 3] not in (("pain", "in"), ("pain", "down"), ("ache", "in")):
                continue
            rest = norms[at + 3 : at + 6]
            if norms[match.end - 1] in rest and (not side or not _SIDES & set(rest) or side in rest):
                return True
        return False

    def _is_source(self, match: Match) -> bool:
        """Where it may come from, as asked or as a doctor thinks: "would that come from the low back?"."""
        norms = self.words.norms
        before = norms[max(0, match.start - 5) : match.start]
        if "from" not in before[-3:] or not {"come", "comes", "coming", "all", "its", "caused"} & set(before):
            return False
        said = norms[max(0, match.start - 10) : match.start]
        return self.words.asks[match.start] or bool({"thinks", "think", "says", "said", "reckons", "told"} & set(said))

    def _is_operated(self, match: Match) -> bool:
        """The place of an operation, an injection or a scan: "my neck fusion", "an MRI of my knee"."""
        norms, breaks = self.words.norms, self.words.breaks
        last = match.end
        while norms[last : last + 1] == ("c",) or norms[last : last + 1] == ("l",):
            last += 2  # "c5-c6 was fused"
        after = norms[last : last + 2]
        if (
            after[:1]
            and breaks[last] == 0
            and (after[0] in _PROCEDURES or after[:1] == ("joint",) and after[1:] and after[1] in _PROCEDURES)
        ):
            return True
        if after[:1] in (("was",), ("were",), ("got",), ("is",)) and after[1:] in (
            ("fused",),
            ("operated",),
            ("replaced",),
        ):
            return True
        before = norms[max(0, match.start - 3) : match.start]
        return any(
            word in _PROCEDURES and _INTO & set(before[at + 1 : at + 2]) and set(before[at + 1 :]) <= _ONTO
            for at, word in enumerate(before)
        )

    def _is_limit(self, match: Match) -> bool:
        """The place up to which it goes: "does not go past the knee"."""
        before = self.words.norms[max(0, match.start - 6) : match.start]
        return bool({"past", "beyond"} & set(before[-3:])) and bool(
            {"no", "not", "never", "doesnt", "dont", "isnt"} & set(before)
        )

    def _is_well(self, at: int) -> bool:
        """What ends before word `at` is said to be well: "my leg is totally fine", "chest ok"."""
        norms, breaks = self.words.norms, self.words.breaks
        after = norms[at : at + 4]
        if after[:1] in (("is",), ("are",), ("feels",), ("feel",), ("s",), ("r",)):
            return bool(set(after[1:3]) & _WELL)
        ends = at + 1 >= len(norms) or breaks[at + 1] > 0
        not_at_all = after[:2] in (("dont", "hurt"), ("doesnt", "hurt"))
        return after[:1] != () and after[0] in _WELL and ends and breaks[at] == 0 or not_at_all

    def _is_listed(self, end: int, start: int) -> bool:
        """Between two places stands no more than "and" or "or"."""
        between = self.words.norms[end:start]
        return 0 < len(between) <= 2 and between[0] in ("and", "or")

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


def _settled(found: list[str], hurting: list[Match], words: Words) -> list[str]:
    """Without what pain down a limb only passes, and with the vague parts of the spine only where no other is named."""
    result = list(found)
    for place in hurting:
        last = words.norms[place.end - 1]
        limb = _PASSED.get(last) or _REACHED.get(place.name)
        if (
            limb is None
            or place.name not in result
            or not _PATH & set(words.norms[max(0, place.start - 5) : place.start])
        ):
            continue
        if limb not in result and place.name in _REACHED and _comes_from_above(place, limb, hurting, words):
            result.insert(result.index(place.name), limb)
        others = [other for other in hurting if other.name == place.name and other is not place]
        if last in _PASSED and limb in result and place.name != limb and not others:
            result.remove(place.name)
    named = any(site in _SPINE for site in result)
    apart = {
        place.name
        for place in hurting
        if {"then", "pain", "ache", "also"} & set(words.norms[max(0, place.start - 2) : place.start])
    }
    sites = [site.removesuffix(_ELSE) for site in result if not (named and site.endswith(_ELSE) and site not in apart)]
    return list(dict.fromkeys(sites))


def _of_picture(match: Match, hurting: list[Match], words: Words) -> bool:
    """A level that a scan or a doctor names, beside places that the patient says hurt: "MRI shows L5-S1"."""
    before = words.norms[max(0, match.start - 5) : match.start]
    on = max((at for at, word in enumerate(before) if word == "on"), default=-1)
    fell = on >= 0 and bool({"landed", "fell", "landing"} & set(before[:on])) and set(before[on:]) <= _ONTO
    if fell and any(other.name in _SPINE and other.name != match.name for other in hurting):
        return match.name not in _SPINE
    bulge = bool(_BULGES & set(words.norms[max(0, match.start - 4) : match.start]))
    disc = words.norms[match.end : match.end + 1] in (("disc",), ("discs",), ("disk",), ("disks",))
    if (
        not (bulge or disc)
        and words.norms[match.start] not in _LEVELS
        or all(other.name == match.name for other in hurting)
    ):
        return False
    if bulge:
        return True
    before, after = words.norms[max(0, match.start - 6) : match.start], words.norms[match.end : match.end + 4]
    return bool(_PICTURES & {*before}) or after[:2] == ("on", "the") or after[1:3] == ("on", "the")


_LEVELS = frozenset("l c t s l3 l4 l5 s1".split())
_PICTURES = frozenset("mri scan xray ct disc discs disk say said says prolapse removed fragment herniation".split())
_FEELS_SO = frozenset("feel feels felt is are so go goes went gets legs leg arm arms like too".split())
_FEELS = frozenset("get gets feel feels have has got felt".split())
_WITHIN = frozenset("in across at down along around into through up".split())
_BULGES = frozenset("bulge bulges protrusion protrusions herniations stenosis narrowing".split())
_AT_TIMES = frozenset("when if until today now then in during once unless".split())
_SIDES = frozenset({"left", "right"})
_PROCEDURES = frozenset(
    """surgery surgeries operation op fusion fusions fused injection injections shot shots laminectomy discectomy mri scan scans
    xray xrays emg replacement ablation block bandage biopsy decompression epidural epidurals""".split()
)
_INTO = frozenset("on in of for at".split())
_ONTO = _INTO | frozenset("my the his her left right both".split())
_SMALL = frozenset(
    """and or my the in on of both left right side plus also n to down into from through all over across around up a his her
    then it goes y en la el mi de hasta desde whole entire half lower upper inner outer outside inside front back that out
    along part bone again""".split()
)


def _comes_from_above(place: Match, limb: str, hurting: list[Match], words: Words) -> bool:
    """Such as "from my low back to the foot": it runs down the whole limb."""
    before = [other for other in hurting if other.end <= place.start and other.name in _ABOVE[limb]]
    if not before:
        return False
    between = range(before[-1].end, place.start)
    near = words.norms[max(before[-1].end, place.start - 5) : place.start]
    return bool(_TOWARDS & set(near)) and all(words.breaks[at] < SENTENCE for at in between)


_TOWARDS = frozenset("to into down hasta toward towards until till reaches".split())


def _of_other(mention: Mention, site: str, places: list[Match], words: Words) -> bool:
    """The pain of a finding is that of another place which its words name: "pain in my knee" is no pain of the leg."""
    inside = {
        place.name
        for place in places
        if words.starts[place.start] < mention.end and mention.start < words.ends[place.end - 1]
    }
    return bool(inside) and site not in inside and not inside <= {"back", "flank", "buttock", "chest", "abdomen"}


def _on_a_side(match: Match, hurting: list[Match], words: Words) -> bool:
    """Such as "elbow to wrist on the left side hurts"."""
    norms, start = words.norms, match.start
    on = norms[max(0, start - 2) : start] in (("on", "the"), ("on", "my")) or norms[start : start + 2] in (
        ("on", "the"),
        ("on", "my"),
    )
    near = any(0 < start - other.end <= 6 for other in hurting if other is not match)
    return on and near and all(words.breaks[at] < CLAUSE for at in range(max(0, start - 2), start + 1))


def _other_part(match: Match, words: Words) -> list[str]:
    """The first of two parts of the back: "middle and lower back"."""
    if match.name not in _SPINE or match.start < 2 or words.norms[match.start - 1] not in ("and", "to", "or"):
        return []
    site = _PARTS.get(words.norms[match.start - 2], match.name)
    return [] if site == match.name or words.breaks[match.start - 1] else [site]


def _is_laterality(mention: Mention, found: list[str], places: list[Match], words: Words) -> bool:
    """A side that only says which side of another place: "my low back hurts, left side", "ribs hurt on the right side"."""
    flank = any(place.name == "flank" and words.starts[place.start] < mention.end for place in places)
    if found and not flank:
        return True
    parted = any(
        words.breaks[at] >= COMMA for at in range(len(words)) if mention.start < words.starts[at] < mention.end
    )
    return parted and not flank and any(place.name in _SPINE or place.name == "back" for place in places)


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
