"""Whether a finding was there once and is over."""

from __future__ import annotations

from intake.language.cues import Cues
from intake.language.phrases import Match
from intake.language.speaker import FIRST_PERSON
from intake.language.text import CLAUSE, SENTENCE
from intake.protocol.model import Finding

_RUNNING = frozenset("now today again still currently lately".split())
_PRESENT = frozenset("cant is am are has have wont dont still".split())
_WAS = frozenset("was were had".split())
_SPANS = frozenset("week weeks wk wks day days hour hours month months mo night nights couple few".split())
_BEGAN = frozenset("since started began begun start begin starting ever".split())


def was(cues: Cues, match: Match, finding: Finding) -> bool:
    """It was there once; a symptom also when it is said to be over, while what happened does not unhappen."""
    if _long_ago(cues, match):
        return True
    if finding.kind == "event":
        return False
    if cues.follows(match, "over_after") or cues.comes_back(match, "over_later"):
        return True
    return finding.tier > 1 and _was_before(cues, match)


def _was_before(cues: Cues, match: Match) -> bool:
    """Such as "the leg that was tingling", or "it was numb in january. its fine"."""
    norms, tags = cues.words.norms, cues.tags
    for at in range(max(0, match.start - 2), match.end):
        if any(match.start <= end < match.end for end in tags[at].get("relative_past", ())):
            return True
    first, last = cues.bounds(match, CLAUSE)
    return (
        last < len(norms)
        and bool(_WAS & set(norms[first : match.end]))
        and any(cues.closes(end) for end in tags[last].get("over_if_before", ()))
    )


def _long_ago(cues: Cues, match: Match) -> bool:
    norms, breaks = cues.words.norms, cues.words.breaks
    first, last = cues.bounds(match, CLAUSE)
    segment = next((at for at in range(match.start + 1, last) if breaks[at]), last)
    if _RUNNING & set(norms[match.end : segment]):
        return False
    for at in range(first, last):
        for end in cues.tags[at].get("past", ()):
            if at < match.end and end > match.start or _BEGAN & set(norms[max(first, at - 3) : at]):
                continue
            if end < len(norms) and norms[at] == "in" and _SPANS & set(norms[end : end + 3]):
                continue  # "in the past two weeks" lasts until today
            between = norms[end : match.start] if end <= match.start else norms[match.end : at]
            if len(between) > 6 or _new_statement(between[1:] if _opens(at, first, between) else between):
                continue
            return True
    # A sentence that is nothing but a time: "Car accident. 8 years ago."
    return last < len(norms) and any(
        end >= len(norms) or breaks[end] >= SENTENCE for end in cues.tags[last].get("past", ())
    )


def _opens(at: int, first: int, between: tuple[str, ...]) -> bool:
    """The time opens the clause and its subject follows: "In 2013 I tried ..."."""
    return at - first <= 1 and between[:1] == ("i",) and not _PRESENT & set(between)


def _new_statement(between: tuple[str, ...]) -> bool:
    """The words between hold a new statement: "... 3 years ago and I ..."."""
    return any(word in FIRST_PERSON or word in _RUNNING or word == "it" for word in between)
