"""Whom a message is about: the writer, somebody the writer speaks for (then that person is the patient), or neither."""

from __future__ import annotations

from intake.language.phrases import Match, Tags
from intake.language.text import SENTENCE, Words
from intake.protocol.model import Finding

FIRST_PERSON = frozenset("i im ive id ill my me mine myself".split())
_THIRD = frozenset("he she hes shes his her him hers himself herself".split())
# "I think", "I am worried about", "what do I do": the writer speaks, but not of a complaint of their own
_FRAMES = frozenset(
    "think thought worried scared know dont found called call need want writing asking am gave just see saw can should do "
    "tried guess believe hope wonder wondering figure noticed help tell told came got was text texting live take".split()
)
_THEN = frozenset("had was were died passed ago back used once years before decades".split())
_JUST_NOW = frozenset(
    "now today yesterday since just tonight morning keeps still cant wont says is has hes shes started woke".split()
)
_LEADS_TO_OTHERS = (("for", "my"), ("about", "my"), ("behalf", "of"))


class Speaker:
    """Who speaks of whom in one message."""

    def __init__(self, words: Words, tags: Tags) -> None:
        self._words = words
        self._tags = tags
        self._family = [False] * (len(words) + 1)
        for at in range(len(words)):
            for end in tags[at].get("family", ()):
                self._family[at:end] = [True] * (end - at)
        self.own = any(self._own(at) for at in range(len(words)))
        third = any(self._family) or any(word in _THIRD for word in words.norms)
        self.for_other = third and not self.own

    def _own(self, at: int) -> bool:
        """Word `at` speaks of the writer's own body or state."""
        norms = self._words.norms
        word = norms[at]
        if word not in FIRST_PERSON or self._family[at]:
            return False
        following = norms[at + 1 : at + 3]
        if word == "i" and _FRAMES & set(following) and not set(following) & {"pain", "numb", "hurt"}:
            return False
        if word == "me":
            return norms[at - 1 : at] not in (
                ("tell",),
                ("help",),
                ("told",),
                ("to",),
                ("gave",),
                ("with",),
                ("let",),
                ("and",),
                ("scaring",),
                ("calling",),
            )
        if word in ("my", "mine"):
            return not following[:1] or following[0] in _BODY
        if word == "im":
            return not (
                following[:1]
                and following[0] in ("worried", "scared", "writing", "asking", "his", "her", "the", "texting", "not")
            )
        return word != "i" or following[:1] not in (("dont",),)

    def is_others(self, match: Match, finding: Finding, clause: tuple[int, int]) -> bool:
        """The finding is that of somebody who is not the patient."""
        if not self._third_person(match):
            return False
        first, last = clause
        norms = self._words.norms
        around = {*norms[first : match.start], *norms[match.end : last]}
        over = bool(_THEN & around) and not _JUST_NOW & around
        if not finding.hedges:
            return over  # somebody who may harm themselves or took too much is the patient, whoever writes
        if finding.kind == "history":
            return not self.for_other or not _THIRD & set(norms)
        return over or not self.for_other

    def _third_person(self, match: Match) -> bool:
        """The nearest subject before the finding is somebody else (a family word inside it belongs to the finding)."""
        norms, breaks = self._words.norms, self._words.breaks
        at = match.start
        while at > 0:
            at -= 1
            if self._family[at] or norms[at] in _THIRD:
                return True
            if norms[at] in FIRST_PERSON or breaks[at] >= SENTENCE:
                break
        return False


_BODY = frozenset(
    """back neck leg legs foot feet arm arms hand hands groin crotch butt chest belly stomach spine hip hips knee knees side head bladder bowel bowels privates penis
    vagina pee poop balance lower upper left right mid low thigh thighs calf toes fingers pain sciatica disc surgery whole body shoulder shoulders tailbone ribs skin
    face jaw heart own entire""".split()
)
