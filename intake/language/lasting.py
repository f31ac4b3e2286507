"""Which of the times in a message says how long the pain has lasted."""

from __future__ import annotations

from collections.abc import Sequence

from intake.language.duration import TimeSpan
from intake.language.text import CLAUSE, COMMA, SENTENCE, Words

# Near one of these a time is that of a wait, a job, a medicine, an operation: not of the pain.
_NOT_PAIN = frozenset(
    """nurse teacher married clean sober working worked job drive driving waited waiting wait drove retired living lived
    smoked smoking smoke quit appointment took taking take taken dose pregnant postpartum flight surgery fusion injection
    injections epidural operation ablation remission chemo cancer divorced employed career carpenter trucker roofer
    mechanic insurance slept sleep lasts lasting shift shifts hospital therapy pt chiropractor prednisone
    tylenol ibuprofen pills meds medication gabapentin oxy norco stroke tumor diabetic warfarin plavix eliquis
    implant pump stimulator chiro visits sessions exercises drip infection antibiotic antibiotics amoxicillin cleared steroids hospitalized prostate stent uti needle tested
    weighed lost pregnancy marathon flew fly flying refill scan mri xray biopsy booked scheduled moved""".split()
)
_PAIN = frozenset(
    """pain pains hurt hurts hurting hurted ache aches achy aching sore soreness painful sciatica spasm spasms back neck
    stiff tight discomfort bothering bother bothers killing started start began begun dealing suffering suffered flared flare acting lasted going throbbing burning dolor duele lower issue issues problem problems
    trouble tweaked threw wrenched strained hip leg legs buttock shoulder tailbone happened mine
    espalda cuello lastimo gave locked crept twisted hurting fell slipped lifted injured bad out pulled numb tingling""".split()
)
_ACHES = frozenset("pain pains hurt hurts hurting ache aches achy aching sore back backache mine sciatica dolor duele".split())
_WEAK = frozenset("had having have been this it its happening".split())
_STARTED = frozenset(
    "started start began begun onset starting beginning comenzo empezo flared crept came locked popped hit new ongoing".split()
)
_NOW = frozenset({"constant", "now", "flare", "episode", "bout", "round", "straight", "nonstop", "constantly", "present", "current"})
_STEADY = frozenset({"usual", "unchanged", "before", "used", "previous", "prior", "earlier", "clean", "off", "original"})
_OTHERS = frozenset("brother sister mom mother dad father wife husband son daughter friend his hers her cousin aunt uncle coworker".split())
_WORSE = frozenset({"worse", "worsened", "numb", "numbness", "fever", "double", "tingling", "weak", "swollen"})
_LEADS = {"since": 2.5, "for": 2.0, "ago": 1.5, "bare": 1.0, "every": -9.0, "other": -9.0}
_LITTLE = 3
_PLAIN, _SURE = 1.0, 2.0  # what a message of little else, and any other message, must reach


def pain_duration(words: Words, spans: list[TimeSpan], asked: bool, starts: list[int], for_other: bool = False, elsewhere: Sequence[tuple[int, int]] = ()) -> TimeSpan | None:
    """The time expression that says how long the pain has lasted.

    `starts` = words where an injury or a start is named; `for_other` = the writer speaks for the patient; `elsewhere` =
    the characters of findings that are no pain.
    """
    best: tuple[float, TimeSpan] | None = None
    usable = [span for span in spans if span.lead not in ("every", "other")]
    for span in usable:
        score = _likelihood(words, span, starts, for_other, elsewhere) + (3.0 if asked else 0.0)
        # A message that is little more than a time answers "how long?" even when nobody asked.
        alone = len(words) - (span.end - span.start) <= 5 or len(usable) == 1 and len(words) <= 9
        if score < (_PLAIN if alone else _SURE):
            continue
        closed = span.days[1] is not None
        if best is None or score > best[0] or closed and best[1].days[1] is None and (asked or alone or score > best[0] - 1.5):
            best = (score, span)
    return best[1] if best else None


def _likelihood(words: Words, span: TimeSpan, starts: list[int], for_other: bool, elsewhere: Sequence[tuple[int, int]]) -> float:
    """How much speaks for a time expression being the duration of the pain."""
    first, last = _scope(words, span, CLAUSE, 12, 8)
    around = {*words.norms[first : span.start], *words.norms[span.end : last]}
    near_first, near_last = _scope(words, span, COMMA, 5, 4)
    before = words.norms[near_first : span.start]
    near = {*before, *words.norms[span.end : near_last]}
    score = _LEADS[span.lead]
    score += 1.5 if around & _PAIN else 0.5 if around & _WEAK else 0.0
    score += 0.5 if near & _ACHES else 0.0
    score += 1.5 if near & _STARTED else 0.0
    score += 1.5 if any(first <= at < last for at in starts) else 0.0
    score += 0.5 if span.days[1] is not None else 0.0
    score += 1.0 if near & _NOW or {"this", "time"} <= near else 0.0
    score -= 3.0 if near & _NOT_PAIN else 0.0
    score -= 1.0 if near & _WORSE else 0.0
    score -= 1.5 if near & _STEADY else 0.0
    if not for_other and near & _OTHERS and "mine" not in near:
        score -= 3.0
    if near_last - near_first - (span.end - span.start) <= _LITTLE:
        score += 1.0  # a clause of little but a time
    line_first, line_last = _scope(words, span, SENTENCE, 30, 20)
    if not {*words.norms[line_first:line_last]} & _ACHES:
        low, high = words.starts[near_first], words.ends[near_last - 1]
        if any(start < high and low < end for start, end in elsewhere):
            score -= 2.0  # the time of a finding that is no pain
    if span.fine and span.lead == "bare":
        score -= 2.0  # "12 hours on my feet"
    return score


def _scope(words: Words, span: TimeSpan, strength: int, back: int, ahead: int) -> tuple[int, int]:
    """The words around a time up to a break of that strength."""
    first, last = span.start, span.end
    while first > 0 and words.breaks[first] < strength and span.start - first < back:
        first -= 1
    while last < len(words) and words.breaks[last] < strength and last - span.end < ahead:
        last += 1
    return first, last

