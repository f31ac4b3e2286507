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
_COMPLAINING = frozenset(
    "hurt ache feel felt pain numb weak sore have had got get cant wet pee leak fell lifted slipped hurting aching".split()
)
_THEN = frozenset("had was were died passed ago used once years before decades".split())
_JUST_NOW = frozenset(
    "night evening afternoon hour hours minutes now today yesterday since just tonight morning keeps still cant wont says started woke".split()
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
        """Word `at` begins a complaint of the writer's own: "my back", "I feel", "mine is"."""
        norms = self._words.norms
        word, following = norms[at], norms[at + 1 : at + 3]
        if self._family[at] or word not in FIRST_PERSON:
            return False
        if word == "mine":
            return True
        if word == "my":
            return bool(following) and following[0] in _BODY
        if word in ("i", "im", "ive"):
            return bool(_COMPLAINING & set(following)) and not _FRAMES & set(following[:1])
        return False

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
        if finding.tier == 1:
            return over or not self.for_other  # in doubt the one in danger is the patient
        return over or not self.for_other or not (_JUST_NOW & around or _THIRD & set(norms))

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
