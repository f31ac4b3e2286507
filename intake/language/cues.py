"""The words of a message with what says how they are meant: which belong to findings, which cues stand where."""

from __future__ import annotations

from collections.abc import Iterable

from intake.language.phrases import Match, Tags
from intake.language.speaker import FIRST_PERSON
from intake.language.text import CLAUSE, SENTENCE, Words

# A new subject or assertion ends the reach of a denial: "no fever my leg is numb".
SUBJECTS = FIRST_PERSON | frozenset(
    "its it he she hes shes his her we they there theres this that both just only now since because today suddenly "
    "still then".split()
)
_CLOSE_BY = 4  # "numb after the block but it wore off": a cause named close by does not part the two
_LATER = 16  # words after a finding in which the message may come back to it ("... i dont have that", "normal now")
_AFTER = {"denied_after": 4, "over_after": 7}  # words after a finding in which such a cue is looked for
_LEADING_ON = frozenset("and or at but after".split())


class Cues:
    """One message and the cues in it."""

    def __init__(self, words: Words, tags: Tags, matches: Iterable[Match]) -> None:
        self.words = words
        self.tags = tags
        self.inside = [False] * (len(words) + 1)  # the word belongs to a finding
        for match in matches:
            if not match.name.startswith("not "):
                self.inside[match.start : match.end] = [True] * (match.end - match.start)
        self.neutral = self._covered("not_a_negation")

    def _covered(self, name: str) -> list[bool]:
        covered = [False] * (len(self.words) + 1)
        for at in range(len(self.words)):
            for end in self.tags[at].get(name, ()):
                covered[at:end] = [True] * (end - at)
        return covered

    def closes(self, end: int) -> bool:
        """What stands before word `end` is said: a break, a new subject or a word that leads on."""
        return (
            end >= len(self.words)
            or self.words.breaks[end] > 0
            or self.words.norms[end] in SUBJECTS
            or self.words.norms[end] in _LEADING_ON
        )

    def bounds(self, match: Match, strength: int) -> tuple[int, int]:
        """The clause (or sentence) of a match: first word and the end."""
        breaks = self.words.breaks
        first, last = match.start, match.end
        while first > 0 and breaks[first] < strength:
            first -= 1
        while last < len(breaks) and breaks[last] < strength:
            last += 1
        return first, last

    def follows(self, match: Match, name: str) -> bool:
        """A cue shortly after the finding, before the next finding, that closes its phrase ("fever? no", "but it wore off")."""
        breaks, norms = self.words.breaks, self.words.norms
        at = match.end
        for _ in range(_AFTER[name]):
            if at >= len(norms) or self.inside[at]:
                return False
            answered = at == match.end and self.words.asks[match.end - 1] and breaks[at] == SENTENCE
            if breaks[at] >= CLAUSE and not answered and not (norms[at] == "but" and name == "over_after"):
                return False
            for end in self.tags[at].get(name, ()):
                if self.closes(end) and not self.neutral[at]:
                    return True
            at += 1
        return False

    def comes_back(self, match: Match, name: str) -> bool:
        """Later words of the message, before the next finding, take the finding back or say that it is over."""
        for at in range(match.end, min(len(self.words), match.end + _LATER)):
            if self.inside[at] and at >= match.end + _CLOSE_BY:
                return False
            if name in self.tags[at] and not self.neutral[at]:
                if name != "denied_later" or any(self.closes(end) for end in self.tags[at][name]):
                    return True
        return False
