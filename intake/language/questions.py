"""Whether a message asks something, and whether it tells of symptoms."""

from __future__ import annotations

from intake.language.intent_words import DENIALS, NO_SYMPTOMS, TREATED
from intake.language.reading import Reading
from intake.language.text import SENTENCE, Words
from intake.protocol.model import Status

_ASKS = frozenset(
    """what whats how hows is are can could does do should will would why when where which who whos am did has r isnt
    arent doesnt whens wheres any tell explain describe define info information wondering curious que cual como""".split()
)
_ASKS_TOO = (
    ("tell", "me"),
    ("what", "about"),
    ("how", "about"),
    ("good", "or"),
    ("wondering", "if"),
    ("curious", "about"),
    ("difference", "between"),
    ("is", "that"),
    ("is", "this"),
    ("should", "i"),
    ("do", "i"),
    ("what", "should"),
    ("what", "do"),
    ("what", "happens"),
)
_NO_QUESTION = (
    ("when", "i"),
    ("has", "been"),
    ("did", "pt"),
    ("did", "not"),
    ("is", "what"),
    ("when", "my"),
    ("do", "not"),
    ("did", "physical"),
    ("can", "not"),
    ("are", "fine"),
)


def asks_in_words(words: Words) -> bool:
    """A sentence begins like a question, or asks further on ("..., is that arthritis")."""
    norms = words.norms
    if not norms:
        return False  # only emoji or punctuation
    starts = [at for at in range(len(words)) if words.breaks[at] >= SENTENCE] or [0]
    if any(norms[at] in _ASKS and len(norms) > 1 and norms[at : at + 2] not in _NO_QUESTION for at in starts):
        return True
    return any(norms[at : at + 2] in _ASKS_TOO for at in range(len(norms)))


def tells_symptoms(words: Words, reading: Reading, asks: bool) -> str:
    """Such as "present", "other" (denied, past, somebody's) or "" when no finding is spoken of."""
    kinds = ""
    for mention in reading.mentions:
        if mention.explicit or mention.id in NO_SYMPTOMS or mention.status is Status.declined:
            continue
        if asks and mention.id in TREATED:
            continue
        if mention.status in (Status.present, Status.unsure):
            return "present"
        # "cabin fever" is read as no fever without any denial: an idiom tells of no symptom.
        if mention.status is not Status.absent or DENIALS & set(words.norms):
            kinds = "other"
    return kinds
