"""Whether a finding is there now: denial, the past, other people, questions, hedges, and how it moved.

The idea is ConText's (Chapman 2007): cues with a direction, a scope and terminators; rewritten for how patients type,
with lists, missing punctuation, double negatives and people who write for somebody else. Cues are data:
protocol/language/status.yml.
"""

from __future__ import annotations

from collections.abc import Iterable

from intake.language.bygone import was
from intake.language.cues import SUBJECTS, Cues
from intake.language.imagined import doubted, imagined
from intake.language.phrases import Match, Tags
from intake.language.speaker import Speaker
from intake.language.text import CLAUSE, COMMA, Words
from intake.protocol.model import Course, Finding, Status

_DOUBTING = frozenset({"think", "believe", "feel", "doubt", "say"})  # "I don't think it is numb"
_CARRYING_ENDINGS = ("ness", "tion", "tions", "ence", "ing", "ings", "ache", "aches", "itis", "ema", "ia")
_CARRYING_NOUNS = frozenset(
    """fever fevers chill chills pain pains problem problems issue issues trouble troubles symptom symptoms loss accident
    accidents sweat sweats cancer cancers infection infections injury injuries fall falls trauma rash rashes cough blood
    bleed leak leaks weight fracture fractures surgery surgeries steroid steroids drug drugs drop spasm spasms thinner
    thinners diabetes hiv tb pins tingle tingles crash wreck breath plan plans thoughts tumor tumors chest bladder bowel
    leg legs arm arms urine headache dysfunction""".split()
)
_LIST_HEADS = frozenset({"deny", "denies", "denying", "for", "neither"})  # "negative for: ...", "I deny fever, ..."
_NEVER_LISTED = frozenset({"numb", "weak", "cant", "unable"})
# A match that says one of these is a statement of its own and no item of a list: "no fever, legs have no power".
_STATING = frozenset(
    "have has had is are was feel feels felt went gone cant wont dont doesnt didnt havent hasnt no not also keeps".split()
)
_REACH = 5  # words a denial reaches over that are neither cue, list word nor another finding
_REACH_OF_NO = 3  # "no" belongs to the noun it stands by


class StatusReader:
    """Reads status and course of each match from the cues around it."""

    def __init__(self, words: Words, tags: Tags, matches: Iterable[Match], speaker: Speaker) -> None:
        self._words, self._tags, self._speaker = words, tags, speaker
        self._cues = Cues(words, tags, matches)

    def status(self, match: Match, finding: Finding) -> Status:
        """The status of one match of a finding."""
        if self.denied(match, _REACH if finding.hedges else 4, finding.kind == "history"):
            return Status.absent
        if self._cues.comes_back(match, "denied_later"):
            return Status.absent
        if self._speaker.is_others(match, finding, self._cues.bounds(match, CLAUSE)):
            return Status.other_person
        if imagined(self._cues, match, finding.hedges):
            return Status.hypothetical
        if finding.kind != "history" and was(self._cues, match, finding):
            return Status.past
        if finding.hedges and doubted(self._cues, match):
            return Status.unsure
        return Status.present

    def denied(self, match: Match, reach: int = _REACH, noun: bool = False) -> bool:
        """A denial before the finding reaches it, or one right after it closes it; a `noun` stands in any list."""
        return self._denied_before(match, reach, noun) or self._cues.follows(match, "denied_after")

    def course(self, match: Match) -> Course:
        """How the finding moved, from the words of its clause."""
        first, last = self._cues.bounds(match, CLAUSE)
        said = {name for at in range(first, last) for name in self._tags[at]}
        if "course_worse" in said:
            return Course.worse
        if "course_new" in said:
            return Course.new
        return Course.old_unchanged if "course_old" in said else Course.unknown

    def _denied_before(self, match: Match, reach: int, noun: bool) -> bool:
        """Walks back from the finding to a denial that reaches it."""
        norms, breaks = self._words.norms, self._words.breaks
        idle = 0
        listed = False  # a comma or "and" lies between, so only a bare noun can still be meant
        at = match.start
        while at > 0 and breaks[at] < CLAUSE:
            if breaks[at] == COMMA:
                listed, idle = True, 0
            at -= 1
            if self._cue_ends(at + 1) and not self._cues.neutral[at]:
                if norms[at] == "no" and idle > (_REACH_OF_NO if reach >= _REACH else 1):
                    return False
                if norms[at] == "nothing" and idle > 1:
                    return False
                return not listed or noun or norms[at] in _LIST_HEADS or self._can_be_listed(match)
            word = norms[at]
            if word in ("or", "nor", "any", "ni"):
                listed, idle = False, 0
            elif word == "and":
                listed, idle = True, 0
            elif word in SUBJECTS:
                if not (
                    word in ("it", "its", "i", "im", "my", "there", "that")
                    and norms[at - 1 : at]
                    and norms[at - 1] in _DOUBTING
                ):
                    return False
            elif not self._cues.inside[at]:
                idle += 1
                if idle > reach:
                    return False
        return False

    def _can_be_listed(self, match: Match) -> bool:
        words = self._words.norms[match.start : match.end]
        if words[0] in _NEVER_LISTED or words[0] in SUBJECTS or _STATING & set(words):
            return False
        return any(word.endswith(_CARRYING_ENDINGS) or word in _CARRYING_NOUNS for word in words)

    def _cue_ends(self, end: int) -> bool:
        """A denial cue ends at word `end`, outside every finding."""
        return any(
            end in self._tags[start].get("negation", ()) and not any(self._cues.inside[start:end])
            for start in range(max(0, end - 7), end)
        )
