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
_SELF = (("im",), ("am",))
_THEN = frozenset("had was were died passed ago used once years before decades soul".split())
_ACUTE = frozenset(
    "night evening afternoon hour hours minutes now today yesterday since just tonight morning started woke".split()
)
_JUST_NOW = _ACUTE | frozenset("keeps still cant wont says".split())
_PERFECT = frozenset("hes shes has have been theyve".split())  # "shes had back trouble for 2 days"
_FOR_THEM = (("for", "her"), ("for", "him"), ("for", "them"), ("behalf", "of"))


class Speaker:
    """Who speaks of whom in one message."""

    def __init__(self, words: Words, tags: Tags) -> None:
        self._words = words
        self._tags = tags
        self._family = [False] * (len(words) + 1)
        for at in range(len(words)):
            if words.norms[at - 1 : at] in _SELF:
                continue  # "im a woman" names nobody else
            for end in tags[at].get("family", ()):
                self._family[at:end] = [True] * (end - at)
        distant = {place for at in range(len(words)) for end in tags[at].get("distant", ()) for place in range(at, end)}
        others = (at for at in range(len(words)) if self._family[at] and at not in distant and words.norms[at] != "my")
        written_for = any(words.norms[at : at + 2] in _FOR_THEM for at in range(len(words)))
        # "My daughter told her roommate ..." is about the daughter; "my aunt, I type for her" is about the aunt.
        self._distant = set() if written_for or any(others) else distant
        self._is_patient = any("writer_is_patient" in here for here in tags)
        self.own = self._is_patient or any(self._own(at) for at in range(len(words)))
        third = any(self._family) or any(word in _THIRD for word in words.norms)
        self.for_other = third and not self.own

    def _own(self, at: int) -> bool:
        """Word `at` begins a complaint of the writer's own: "my back", "I feel", "mine is"."""
        norms = self._words.norms
        word, following = norms[at], norms[at + 1 : at + 3]
        if self._family[at] or word not in FIRST_PERSON:
            return False
        if word == "my":
            return bool(following) and following[0] in _BODY
        if following[:1] in (("just",), ("only",)):
            following = following[1:]
        return "own_state" in self._tags[at] and not _FRAMES & set(following[:1])

    def is_others(self, match: Match, finding: Finding, clause: tuple[int, int]) -> bool:
        """The finding is that of somebody who is not the patient."""
        who = self._third_person(match)
        if who is None:
            return False
        suffers = finding.group == "safety" and self._suffers(match)
        if self._is_patient and not suffers and not (match.start <= who and finding.kind == "history"):
            return True  # a history in the family may count for the patient: that phrase says so itself
        first, last = clause
        norms = self._words.norms
        around = [at for at in range(first, last) if not match.start <= at < match.end]
        words = {norms[at] for at in around}
        taken = finding.parent == "overdose_concern"  # "mum had two patches" tells what she took
        now = _JUST_NOW & {*words, *norms[match.start : match.end]}
        over = not now and any(
            norms[at] in _THEN and not (norms[at] == "had" and (taken or norms[at - 1] in _PERFECT)) for at in around
        )
        if suffers:
            return over
        if who in self._distant:
            return self.own or not now or bool(_THEN & set(norms) and not _ACUTE & words)
        if not finding.hedges:
            return over  # somebody who may harm themselves or took too much is the patient, whoever writes
        if finding.kind == "history":
            return not self.for_other or not _THIRD & set(norms)
        if finding.tier == 1:
            return over or not self.for_other  # in doubt the one in danger is the patient
        return over or not self.for_other or not (now or _THIRD & set(norms))

    def _suffers(self, match: Match) -> bool:
        """Within the finding the writer is the one to whom it is done: "he hit me", "his hands round my neck"."""
        norms = self._words.norms
        return any(
            norms[at] == "me" or (norms[at] == "my" and norms[at + 1 : at + 2] and norms[at + 1] in _BODY)
            for at in range(match.start, match.end)
        )

    def _third_person(self, match: Match) -> int | None:
        """Where the nearest subject before the finding is somebody else (or, for one who is the patient, named in it)."""
        norms, breaks = self._words.norms, self._words.breaks
        inside = next((at for at in range(match.start, match.end) if self._family[at]), None)
        if inside is not None and self._is_patient:
            return inside
        at = match.start
        while at > 0:
            at -= 1
            if self._family[at]:
                return at
            if norms[at] in _THIRD:
                return next((place for place in range(at, -1, -1) if self._family[place]), at)
            if norms[at] in FIRST_PERSON or breaks[at] >= SENTENCE:
                break
        return None


_BODY = frozenset(
    """back neck leg legs foot feet arm arms hand hands groin crotch butt chest belly stomach spine hip hips knee knees side head bladder bowel bowels privates penis
    vagina pee poop balance lower upper left right mid low thigh thighs calf toes fingers pain sciatica disc surgery whole body shoulder shoulders tailbone ribs skin
    face jaw heart own entire""".split()
)
