"""Whether a finding is there now: denial, the past, other people, questions, hedges, and how it moved.

The idea is ConText's (Chapman 2007): cues with a direction, a scope and terminators; rewritten for how patients type,
with lists, missing punctuation, double negatives and people who write for somebody else. Cues are data: protocol/language/status.yml.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from intake.language.phrases import Match, Tags
from intake.language.text import CLAUSE, COMMA, SENTENCE, Words
from intake.protocol.model import Course, Status

# A new subject or assertion ends the reach of a denial: "no fever my leg is numb".
_SUBJECTS = frozenset({"i", "im", "ive", "id", "my", "its", "it", "he", "she", "hes", "shes", "his", "her", "we", "they", "there", "theres", "this", "that",
                       "both", "just", "only", "now", "since", "because", "cuz", "having", "been", "today", "suddenly", "still", "then"})
_LIST_WORDS = frozenset({"or", "nor", "and", "any", "either", "ni", "o"})
_CARRYING_ENDINGS = ("ness", "tion", "tions", "ence", "ing", "ings", "ache", "aches", "itis", "ema", "ia")
_CARRYING_NOUNS = frozenset("""fever fevers chill chills pain pains problem problems issue issues trouble troubles symptom symptoms weakness loss accident accidents sweat
    sweats cancer cancers infection infections injury injuries fall falls trauma rash rashes cough blood bleed leak leaks weight incontinence fracture fractures surgery
    surgeries steroid steroids drug drugs drop swelling spasm spasms thinner thinners diabetes hiv tb pins tingle tingles numbness trouble crash wreck breath
    plan plans thoughts tumor tumors chest bladder bowel leg legs arm arms urine vomiting nausea headache stiffness clumsiness retention dysfunction""".split())
_REACH = 5  # words a denial reaches over that are neither cue, list word nor another finding
_AFTER = 4  # words after a finding in which a denial or an "it is gone" is looked for


@dataclass(frozen=True)
class Situation:
    """What holds for the whole message: who writes for whom."""

    proxy: bool  # the writer speaks for the patient ("my dad can't pee")
    speaks_of_self: bool


class StatusReader:
    """Reads status and course of each match from the cues around it."""

    def __init__(self, words: Words, tags: Tags, matches: list[Match], situation: Situation) -> None:
        self._words = words
        self._tags = tags
        self._situation = situation
        self._inside = [False] * (len(words) + 1)
        for match in matches:
            for at in range(match.start, match.end):
                self._inside[at] = True
        self._neutral = self._covered("not_a_negation")

    def _covered(self, name: str) -> list[bool]:
        covered = [False] * (len(self._words) + 1)
        for at in range(len(self._words)):
            for end in self._tags[at].get(name, ()):
                covered[at:end] = [True] * (end - at)
        return covered

    def status(self, match: Match, kind: Literal["symptom", "event", "history"], hedges: bool) -> Status:
        """The status of one match; `kind` is the finding's, `hedges` whether doubt words make it unsure."""
        first, last = self._sentence(match)
        if self._denied_before(match) or self._cue_after(match, "denied_after", last):
            return Status.absent
        if self._is_others(match, kind, first):
            return Status.other_person
        if self._hypothetical(match, first):
            return Status.hypothetical
        if kind != "history" and self._is_over(match, first, last):
            return Status.past
        if hedges and self._hedged(match, first):
            return Status.unsure
        return Status.present

    def course(self, match: Match) -> Course:
        """How the finding moved, from the words of its clause."""
        first, last = self._clause(match)
        for course, name in ((Course.worse, "course_worse"), (Course.old_unchanged, "course_old"), (Course.new, "course_new")):
            if any(name in self._tags[at] for at in range(first, last)):
                if course is Course.old_unchanged and any("course_new" in self._tags[at] for at in range(first, last)):
                    continue
                return course
        return Course.unknown

    # -- scopes

    def _sentence(self, match: Match) -> tuple[int, int]:
        return self._bounds(match, SENTENCE)

    def _clause(self, match: Match) -> tuple[int, int]:
        return self._bounds(match, CLAUSE)

    def _bounds(self, match: Match, strength: int) -> tuple[int, int]:
        breaks = self._words.breaks
        first, last = match.start, match.end
        while first > 0 and breaks[first] < strength:
            first -= 1
        while last < len(breaks) and breaks[last] < strength:
            last += 1
        return first, last

    # -- denial

    def _denied_before(self, match: Match) -> bool:
        """Walks back from the finding to a denial that reaches it."""
        norms, breaks = self._words.norms, self._words.breaks
        idle = 0
        listed = False  # a comma or "and" lies between, so only a bare noun can still be meant
        at = match.start
        while at > 0 and breaks[at] < CLAUSE:
            if breaks[at] == COMMA:
                listed = True
                idle = 0
            at -= 1
            cue = self._cue_ending(at + 1, "negation")
            if cue is not None and not self._neutral[at]:
                return not listed or self._can_be_listed(match)
            word = norms[at]
            if word in ("or", "nor", "any", "ni"):
                listed, idle = False, 0
                continue
            if word == "and":
                listed, idle = True, 0
                continue
            if word in _SUBJECTS:
                return False
            if not self._inside[at]:
                idle += 1
                if idle > _REACH:
                    return False
        return False

    def _can_be_listed(self, match: Match) -> bool:
        words = self._words.norms[match.start:match.end]
        if words[0] in ("numb", "weak", "cant", "cannot", "unable") or words[0] in _SUBJECTS:
            return False
        return any(word.endswith(_CARRYING_ENDINGS) or word in _CARRYING_NOUNS for word in words)

    def _cue_ending(self, end: int, name: str) -> int | None:
        """Start of a cue of class `name` that ends at word `end` outside every finding, or None."""
        for start in range(max(0, end - 7), end):
            if end in self._tags[start].get(name, ()) and not any(self._inside[start:end]):
                return start
        return None

    def _cue_after(self, match: Match, name: str, last: int) -> bool:
        """A cue shortly after the finding, before the next finding or subject, that closes its phrase ("fever? no", "numbness - gone")."""
        breaks, norms = self._words.breaks, self._words.norms
        at = match.end
        for _ in range(_AFTER):
            if at >= len(norms) or self._inside[at]:
                return False
            answered = at == match.end and self._words.asks[match.end - 1] and breaks[at] == SENTENCE
            if at >= last and not answered and breaks[at] >= CLAUSE and norms[at] != "but":
                return False
            for end in self._tags[at].get(name, ()):
                closes = end >= len(norms) or breaks[end] != 0 or norms[end] in _SUBJECTS or norms[end] in ("and", "or", "now", "at", "but")
                if closes and not self._neutral[at]:
                    return True
            at += 1
        return False

    # -- over, somebody else's, only asked

    def _is_over(self, match: Match, first: int, last: int) -> bool:
        if self._cue_after(match, "over_after", last):
            return True
        tags, norms = self._tags, self._words.norms
        first, last = self._clause(match)
        if any(norms[at] in ("now", "today", "again", "still", "currently") for at in range(match.end, last)):
            return False
        began = ("since", "started", "began", "start", "begin", "starting")
        for at in range(first, last):
            for end in tags[at].get("past", ()):
                if at >= match.start and at < match.end:
                    continue
                if any(norms[near] in began for near in range(max(first, at - 3), at)):
                    continue
                return True
        return False

    def _is_others(self, match: Match, kind: str, first: int) -> bool:
        if self._situation.proxy:
            return False
        norms = self._words.norms
        at = match.start
        while at > first:
            at -= 1
            if norms[at] in ("i", "im", "ive", "my", "me", "mine") and "family" not in self._tags[at]:
                return False
            if any(end <= match.start for end in self._tags[at].get("family", ())):
                # "my wife says I can't feel my groin" is about the writer; "my mom had cancer" is not.
                return True
        return any("family" in self._tags[at] and self._words.norms[match.end:at].count("i") == 0 and at - match.end <= 3
                   and kind == "history" for at in range(match.end, min(len(norms), match.end + 4)))

    def _hypothetical(self, match: Match, first: int) -> bool:
        norms = self._words.norms
        at = match.start
        while at > first:
            at -= 1
            for end in self._tags[at].get("hypothetical", ()):
                if end > match.start or any(self._inside[at:end]):
                    continue
                between = norms[end:match.start]
                mine = any(word in ("my", "i", "im", "ive", "me") for word in between)
                condition = norms[at] == "if"
                if condition:
                    # "if I cough my leg goes numb" asserts; "if my leg goes numb" does not.
                    return not (mine and sum(word in ("i", "my", "im", "it") for word in between) > 1)
                return not mine
            if norms[at] in ("but",):
                return False
        return False

    def _hedged(self, match: Match, first: int) -> bool:
        at = match.start
        for _ in range(5):
            if at <= first:
                break
            at -= 1
            if self._inside[at] or self._words.breaks[at + 1] >= CLAUSE:
                break
            if "hedge" in self._tags[at] and not self._words.breaks[at + 1] >= CLAUSE:
                return True
        norms = self._words.norms
        inner = any("hedge" in self._tags[at] and norms[at] in ("kinda", "kind", "sorta", "sort", "maybe") for at in range(match.start + 1, match.end))
        after = any("hedge" in self._tags[at] for at in range(match.end, min(len(norms), match.end + 2)) if self._words.breaks[at] < SENTENCE
                    and norms[at] in ("maybe", "possibly", "perhaps", "i"))
        return inner or after


def situation(words: Words, tags: Tags) -> Situation:
    """Who the message is about: the writer, or somebody the writer speaks for."""
    norms = words.norms
    own = False
    others = 0
    family = False
    covered = 0
    for at, word in enumerate(norms):
        ends = tags[at].get("family", ())
        if ends:
            family = True
            covered = max(ends)
            continue
        if at < covered:
            continue
        if word in ("i", "im", "ive", "me", "mine", "myself"):
            following = norms[at + 1:at + 3]
            own = own or not (word == "i" and following and following[0] in ("think", "am", "was") and "for" in norms[at:at + 6] or following[:1] == ("need",))
        if word == "my" and not ends:
            own = True
        if word in ("he", "she", "hes", "shes", "his", "her", "him", "hers"):
            others += 1
    proxy_words = any(norms[at:at + 2] in (("for", "my"), ("behalf", "of")) for at in range(len(norms)))
    present_third = any(word in ("cant", "has", "is", "keeps", "says", "wont", "feels", "cannot", "hes", "shes", "isnt", "started", "woke", "fell", "wakes", "gets", "took",
                                 "doesnt", "looks", "complains", "seems", "needs") for word in norms)
    proxy = family and ((not own and (others > 0 or present_third)) or (proxy_words and others > 0))
    return Situation(proxy=proxy, speaks_of_self=own)
