"""Whether a finding is there now: denial, the past, other people, questions, hedges, and how it moved.

The idea is ConText's (Chapman 2007): cues with a direction, a scope and terminators; rewritten for how patients type,
with lists, missing punctuation, double negatives and people who write for somebody else. Cues are data:
protocol/language/status.yml.
"""

from __future__ import annotations

from collections.abc import Iterable

from intake.language.phrases import Match, Tags
from intake.language.speaker import FIRST_PERSON, Speaker
from intake.language.text import CLAUSE, COMMA, SENTENCE, Words
from intake.protocol.model import Course, Finding, Status

# A new subject or assertion ends the reach of a denial: "no fever my leg is numb".
_SUBJECTS = FIRST_PERSON | frozenset(
    "its it he she hes shes his her we they there theres this that both just only now since because today suddenly "
    "still then".split()
)
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
_REACH = 5  # words a denial reaches over that are neither cue, list word nor another finding
_REACH_OF_NO = 3  # "no" belongs to the noun it stands by
_CLOSE_BY = 4  # "numb after the block but it wore off": a cause named close by does not part the two
_LATER = 16  # words after a finding in which the message may come back to it ("... i dont have that", "normal now")
_AFTER = {"denied_after": 4, "over_after": 7}  # words after a finding in which such a cue is looked for
_RUNNING = frozenset("now today again still currently lately".split())
_BEGAN = frozenset("since started began begun start begin starting ever".split())
_QUESTION_WORDS = frozenset("is are can could does do what whats how when should will would which any".split())
_MAYBE = frozenset({"maybe", "possibly", "perhaps"})
_MODALS = frozenset({"could", "might", "would"})
_ASKING_ABOUT_SELF = (
    ("i", "should"),
    ("i", "need"),
    ("should", "i"),
    ("do", "i"),
    ("can", "i"),
    ("would", "i"),
    ("will", "i"),
    ("could", "i"),
)
_NO_CONDITION_BEFORE_IF = frozenset("sure know idk as even tell like wonder wondering unsure see dunno certain".split())


class StatusReader:
    """Reads status and course of each match from the cues around it."""

    def __init__(self, words: Words, tags: Tags, matches: Iterable[Match], speaker: Speaker) -> None:
        self._words = words
        self._tags = tags
        self._speaker = speaker
        self._inside = [False] * (len(words) + 1)
        for match in matches:
            if not match.name.startswith("not "):
                self._inside[match.start : match.end] = [True] * (match.end - match.start)
        self._neutral = self._covered("not_a_negation")

    def _covered(self, name: str) -> list[bool]:
        covered = [False] * (len(self._words) + 1)
        for at in range(len(self._words)):
            for end in self._tags[at].get(name, ()):
                covered[at:end] = [True] * (end - at)
        return covered

    def status(self, match: Match, finding: Finding) -> Status:
        """The status of one match of a finding."""
        if self.denied(match, _REACH if finding.hedges else 4, finding.kind == "history"):
            return Status.absent
        if self._comes_back(match, "denied_later"):
            return Status.absent
        if self._speaker.is_others(match, finding, self._bounds(match, CLAUSE)):
            return Status.other_person
        if self._hypothetical(match, finding.hedges):
            return Status.hypothetical
        if finding.kind != "history" and (self._is_over(match) or self._comes_back(match, "over_later")):
            return Status.past
        if finding.hedges and self._hedged(match):
            return Status.unsure
        return Status.present

    def denied(self, match: Match, reach: int = _REACH, noun: bool = False) -> bool:
        """A denial before the finding reaches it, or one right after it closes it; a `noun` stands in any list."""
        return self._denied_before(match, reach, noun) or self._cue_after(match, "denied_after")

    def _comes_back(self, match: Match, name: str) -> bool:
        """Later words of the message, before the next finding, take the finding back or say that it is over."""
        for at in range(match.end, min(len(self._words), match.end + _LATER)):
            if self._inside[at] and at >= match.end + _CLOSE_BY:
                return False
            if name in self._tags[at] and not self._neutral[at]:
                return True
        return False

    def course(self, match: Match) -> Course:
        """How the finding moved, from the words of its clause."""
        first, last = self._bounds(match, CLAUSE)
        said = {name for at in range(first, last) for name in self._tags[at]}
        if "course_worse" in said:
            return Course.worse
        if "course_new" in said:
            return Course.new
        return Course.old_unchanged if "course_old" in said else Course.unknown

    def _bounds(self, match: Match, strength: int) -> tuple[int, int]:
        breaks = self._words.breaks
        first, last = match.start, match.end
        while first > 0 and breaks[first] < strength:
            first -= 1
        while last < len(breaks) and breaks[last] < strength:
            last += 1
        return first, last

    # -- denial

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
            if self._cue_ends(at + 1) and not self._neutral[at]:
                if norms[at] == "no" and idle > (_REACH_OF_NO if reach >= _REACH else 1):
                    return False
                return not listed or noun or norms[at] in _LIST_HEADS or self._can_be_listed(match)
            word = norms[at]
            if word in ("or", "nor", "any", "ni"):
                listed, idle = False, 0
            elif word == "and":
                listed, idle = True, 0
            elif word in _SUBJECTS:
                if not (
                    word in ("it", "its", "i", "im", "my", "there", "that")
                    and norms[at - 1 : at]
                    and norms[at - 1] in _DOUBTING
                ):
                    return False
            elif not self._inside[at]:
                idle += 1
                if idle > reach:
                    return False
        return False

    def _can_be_listed(self, match: Match) -> bool:
        words = self._words.norms[match.start : match.end]
        if words[0] in _NEVER_LISTED or words[0] in _SUBJECTS:
            return False
        return any(word.endswith(_CARRYING_ENDINGS) or word in _CARRYING_NOUNS for word in words)

    def _cue_ends(self, end: int) -> bool:
        """A denial cue ends at word `end`, outside every finding."""
        return any(
            end in self._tags[start].get("negation", ()) and not any(self._inside[start:end])
            for start in range(max(0, end - 7), end)
        )

    def _cue_after(self, match: Match, name: str) -> bool:
        """A cue shortly after the finding, before the next finding, that closes its phrase ("fever? no", "but it wore off")."""
        breaks, norms = self._words.breaks, self._words.norms
        at = match.end
        for _ in range(_AFTER[name]):
            if at >= len(norms) or self._inside[at]:
                return False
            answered = at == match.end and self._words.asks[match.end - 1] and breaks[at] == SENTENCE
            if breaks[at] >= CLAUSE and not answered and not (norms[at] == "but" and name == "over_after"):
                return False
            for end in self._tags[at].get(name, ()):
                closes = (
                    end >= len(norms)
                    or breaks[end]
                    or norms[end] in _SUBJECTS
                    or norms[end] in ("and", "or", "at", "but", "after")
                )
                if closes and not self._neutral[at]:
                    return True
            at += 1
        return False

    # -- over, only asked, doubtful

    def _is_over(self, match: Match) -> bool:
        if self._cue_after(match, "over_after"):
            return True
        norms = self._words.norms
        first, last = self._bounds(match, CLAUSE)
        segment = next((at for at in range(match.end, last) if self._words.breaks[at]), last)
        if _RUNNING & set(norms[match.end : segment]):
            return False
        for at in range(first, last):
            for end in self._tags[at].get("past", ()):
                if at < match.end and end > match.start or _BEGAN & set(norms[max(first, at - 3) : at]):
                    continue
                between = norms[end : match.start] if end <= match.start else norms[match.end : at]
                if len(between) > 6 or end <= match.start and _new_statement(between):
                    continue
                if end > match.end and _new_statement(between):
                    continue
                return True
        return False

    def _hypothetical(self, match: Match, hedges: bool) -> bool:
        norms = self._words.norms
        first, last = self._bounds(match, SENTENCE)
        if not hedges:  # self-harm, overdose: only a plain "what if" is taken for a question
            if any(norms[at : at + 2] == ("what", "if") for at in range(first, match.start)):
                return True
            return self._is_question(match, first, last) and norms[first] in ("can", "could", "does", "do")
        if self._is_question(match, first, last):
            return True
        for at in range(match.start - 1, first - 1, -1):
            if norms[at] == "but":
                return False
            for end in self._tags[at].get("hypothetical", ()):
                if end > match.start or any(self._inside[at:end]):
                    continue
                between = norms[end : match.start]
                mine = FIRST_PERSON & set(between)
                if norms[at] == "if":
                    if norms[at - 1 : at] and norms[at - 1] in _NO_CONDITION_BEFORE_IF:
                        break
                    # "if I cough my leg goes numb" asserts; "if my leg goes numb" does not.
                    return sum(word in FIRST_PERSON or word == "it" for word in between) <= 1
                if not mine or norms[at] == "how":
                    return True
        asks = (
            self._words.asks[match.start] or norms[first] in _QUESTION_WORDS or norms[first : match.start].count("like")
        )
        return bool(asks and _MODALS & set(norms[max(first, match.start - 4) : match.start]))

    def _is_question(self, match: Match, first: int, last: int) -> bool:
        """Such as "Is numbness in the foot common?" asks; "is it bad that my foot is numb?" and "why is my foot numb?" tell."""
        norms = self._words.norms
        asks = self._words.asks[match.start] or norms[first] in (
            "what",
            "whats",
            "how",
            "should",
            "does",
            "can",
            "could",
        )
        if not asks or not _QUESTION_WORDS & set(norms[first : first + 3]) or match.start == first:
            return False
        words = list(norms[first:last])
        for at in range(first, last - 1):
            if norms[at : at + 2] in _ASKING_ABOUT_SELF:
                words[at - first] = words[at - first + 1] = ""
        return not FIRST_PERSON & set(words)

    def _hedged(self, match: Match) -> bool:
        norms, breaks = self._words.norms, self._words.breaks
        if _MAYBE & set(norms[match.start : match.end]):
            return True
        at = match.start
        for _ in range(5):
            if at <= 0 or breaks[at] >= CLAUSE or self._inside[at - 1]:
                break
            at -= 1
            if "hedge" in self._tags[at]:
                return True
        after = range(match.end, min(len(norms), match.end + 2))
        return any(
            "hedge" in self._tags[at] and norms[at] in ("maybe", "possibly", "perhaps", "i") and breaks[at] < SENTENCE
            for at in after
        )


def _new_statement(between: tuple[str, ...]) -> bool:
    """The words between hold a new statement: "... 3 years ago and I ..."."""
    return any(word in FIRST_PERSON or word in _RUNNING or word == "it" for word in between)
