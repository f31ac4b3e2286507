"""Whether a finding is only asked about, imagined or feared, and whether it is doubted."""

from __future__ import annotations

from intake.language.cues import Cues
from intake.language.phrases import Match
from intake.language.speaker import FIRST_PERSON
from intake.language.text import CLAUSE, SENTENCE

_QUESTION_WORDS = frozenset("is are can could does do what whats how when should will would which any".split())
_MAYBE = frozenset({"maybe", "possibly", "perhaps"})
_EVER = frozenset("ever did were felt".split())
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
    ("worry", "me"),
    ("concern", "me"),
    ("bother", "me"),
    ("scare", "me"),
)
_NO_CONDITION_BEFORE_IF = frozenset(
    "sure know idk as even tell like wonder wondering unsure see dunno certain check checking".split()
)


def imagined(cues: Cues, match: Match, hedges: bool) -> bool:
    """The finding is a question, a condition or a fear; without `hedges` only the plainest wording counts."""
    norms, tags = cues.words.norms, cues.tags
    first, last = cues.bounds(match, SENTENCE)
    if last < len(norms) and any(cues.closes(end) for end in tags[last].get("came_true", ())):
        return False
    if not hedges:  # self-harm, overdose: only a plain "what if" or "if I ever" is taken for a question
        for at in range(first, match.start):
            if (
                norms[at : at + 2] == ("what", "if")
                or norms[at : at + 2] == ("if", "i")
                and (_EVER & set(norms[at + 2 : match.start]) and not FIRST_PERSON & set(norms[at + 2 : match.start]))
            ):
                return True
        return _is_question(cues, match, first, last) and norms[first] in ("can", "could", "does", "do")
    if _is_question(cues, match, first, last):
        return True
    if norms[match.start].endswith("ing") and any(
        match.start in tags[at].get("feared", ()) for at in range(max(first, match.start - 3), match.start)
    ):
        return True
    for at in range(match.start - 1, first - 1, -1):
        if norms[at] == "but":
            return False
        for end in tags[at].get("hypothetical", ()):
            if end > match.start or any(cues.inside[at:end]):
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
    asks = cues.words.asks[match.start] or norms[first] in _QUESTION_WORDS or norms[first : match.start].count("like")
    return bool(asks and _MODALS & set(norms[max(first, match.start - 4) : match.start]))


def _is_question(cues: Cues, match: Match, first: int, last: int) -> bool:
    """Such as "Is numbness in the foot common?" asks; "is it bad that my foot is numb?" and "why is my foot numb?" tell."""
    norms = cues.words.norms
    asks = cues.words.asks[match.start] or norms[first] in (
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


def doubted(cues: Cues, match: Match) -> bool:
    """A hedge stands by the finding ("maybe", "not sure if"); one inside it belongs to it ("a ripping kind of pain")."""
    norms, breaks = cues.words.norms, cues.words.breaks
    if _MAYBE & set(norms[match.start : match.end]):
        return True
    at = match.start
    for _ in range(5):
        if at <= 0 or breaks[at] >= CLAUSE or cues.inside[at - 1]:
            break
        at -= 1
        if "hedge" in cues.tags[at]:
            return True
    after = range(match.end, min(len(norms), match.end + 2))
    return any(
        "hedge" in cues.tags[at] and norms[at] in ("maybe", "possibly", "perhaps", "i") and breaks[at] < SENTENCE
        for at in after
    )
