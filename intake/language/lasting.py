"""Which of the times in a message says how long the pain has lasted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.language.amounts import number
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
    cancel cancelled visit appt reschedule slot book booking weighed lost patch patches lidocaine shot shots pregnancy marathon flew fly flying refill scan mri xray biopsy booked scheduled moved""".split()
)
_PAIN = frozenset(
    """pain pains hurt hurts hurting hurted ache aches achy aching sore soreness painful sciatica spasm spasms back neck
    stiff tight discomfort bothering bother bothers killing started start began begun dealing suffering suffered flared flare acting lasted going throbbing burning dolor duele lower issue issues problem problems
    trouble lumbar complaint episode disc disk injury tweaked threw wrenched strained hip leg legs buttock shoulder tailbone happened mine
    tender butt glute glutes knee arm arms thigh calf ribs rib shoulders neck groin spine twinge niggle
    espalda cuello lumbago lbp lastimo gave locked crept twisted hurting fell slipped lifted injured pulled same""".split()
)
_ACHES = frozenset(
    "pain pains hurt hurts hurting ache aches achy aching sore back backache mine sciatica lumbago lbp dolor duele".split()
)
_WEAK = frozenset("had having have been this it its happening".split())
_STARTED = frozenset(
    "started start began begun onset starting beginning comenzo empezo flared crept came locked popped hit new ongoing slipped".split()
)
_NOW = frozenset(
    {"constant", "now", "flare", "episode", "bout", "round", "straight", "nonstop", "constantly", "present", "current"}
)
_STEADY = frozenset({"usual", "unchanged", "before", "used", "previous", "prior", "earlier", "clean", "original"})
_OTHERS = frozenset(
    "brother sister mom mother dad father wife husband son daughter friend his hers her cousin aunt uncle coworker".split()
)
_WORSE = frozenset({"worse", "worsened", "numb", "numbness", "fever", "double", "tingling", "weak", "swollen"})
_LEADS = {"since": 2.5, "for": 2.0, "ago": 1.5, "bare": 1.0, "every": -9.0, "other": -9.0}
_LITTLE = 3
_THIS = frozenset("about one time flare spell bout episode round attack".split())
_ADMIN = frozenset("cancel cancelled late reschedule appointment appt slot book booking push refill".split())
_AGAIN = frozenset("flare flared flaring relapse relapsed returned flareup recurred".split())
_NEWER = frozenset({"new", "newer", "latest", "newest"})
_OLD_ONE = frozenset({"old", "ignore"})
_OVER = frozenset("away healed resolved fixed better cleared good fine recovered stopped vanished".split())
_GONE_ON = (("numb",), ("worse",), ("up",), ("down",), ("on",), ("dead",), ("from",), ("by",), ("since",), ("to",))
_TODAY = frozenset("yesterday today tonight morning afternoon evening instant".split())
_WHOLE = (("all", "day"), ("all", "night"), ("all", "morning"))
_PLAIN, _SURE = 1.0, 2.0  # what a message of little else, and any other message, must reach


@dataclass(frozen=True)
class Context:
    """What else bears on the choice.

    `asked` how long, `other_asked` something else, `for_other` = the writer speaks for the patient, `elsewhere` = the characters of findings that are no pain, `alone` = the message is little more than a time.
    """

    asked: bool = False
    for_other: bool = False
    elsewhere: Sequence[tuple[int, int]] = ()
    alone: bool = False
    other_asked: bool = False


def pain_duration(words: Words, spans: list[TimeSpan], starts: list[int], context: Context) -> TimeSpan | None:
    """The time expression that says how long the pain has lasted; `starts` = words where an injury or a start is named."""
    best: tuple[float, TimeSpan] | None = None
    scored: list[tuple[float, TimeSpan]] = []
    usable = [span for span in spans if span.lead not in ("every", "other")]
    for span in usable:
        # A message that is little more than a time answers "how long?" even when nobody asked.
        alone = len(words) - (span.end - span.start) <= 5 or len(usable) == 1 and len(words) <= 9
        first, last = words.starts[span.start], words.ends[span.end - 1]
        elsewhere = [one for one in context.elsewhere if not (first <= one[0] and one[1] <= last)]
        alone = alone and not elsewhere and not context.other_asked and not _ADMIN & set(words.norms)
        score = _likelihood(words, span, starts, replace(context, alone=alone, elsewhere=elsewhere)) + (
            3.0 if context.asked else 0.0
        )
        if score < (_PLAIN if alone else _SURE):
            continue
        closed = span.days[1] is not None
        better = best is None or score > best[0]
        if better or best and closed and best[1].days[1] is None and (context.asked or score > best[0] - 1.5):
            if best and not closed and best[1].days[1] is not None and best[0] > score - 1.5:
                continue  # "since i was 13, so about 4 years": the closed one says more
            best = (score, span)
        scored.append((score, span))
    return _narrowed(best[1], scored, words) if best else None


def _narrowed(best: TimeSpan, scored: list[tuple[float, TimeSpan]], words: Words) -> TimeSpan:
    """The time that says the same more closely, in the same sentence: "this year it began on easter monday"."""
    low, high = best.days
    for score, span in scored:
        first, last = sorted((best.start, span.start))
        whole = all(words.breaks[at] < SENTENCE for at in range(first + 1, last + 1))
        inside = high is not None and span.days[1] is not None and low <= span.days[0] and span.days[1] <= high
        if inside and whole and span.days[0] > 0 and span.days != best.days and score >= _PLAIN:
            return span
    return best


def _likelihood(words: Words, span: TimeSpan, starts: list[int], context: Context) -> float:
    """How much speaks for a time expression being the duration of the pain."""
    first, last = _scope(words, span, CLAUSE, 12, 8)
    around = {*words.norms[first : span.start], *words.norms[span.end : last]}
    near_first, near_last = _scope(words, span, COMMA, 5, 4)
    near = {*words.norms[near_first : span.start], *words.norms[span.end : near_last]}
    line_first, line_last = _scope(words, span, SENTENCE, 30, 30)
    line = {*words.norms[line_first:line_last]}
    again = bool(near & _AGAIN) or _came_back(words, near_first, near_last)
    begun = (
        bool(near & _STARTED)
        or again
        or any(line_first <= at < line_last and abs(at - span.start) < 15 for at in starts)
    )
    lone = near_last - near_first - (span.end - span.start) <= _LITTLE
    told = span.lead in ("for", "since") and (bool(around & _WEAK) and not context.elsewhere or bool(line & _ACHES))
    since = span.lead in ("since", "for") and _after_since(words, span)
    here = _of_this_time(words, span) or _is_of_it(words, span)
    if not (
        around & _PAIN
        or {"its", "been"} <= around
        or _told_after(words, span)
        or begun
        or lone
        or told
        or here
        or since
        or context.asked
        or context.alone
    ):
        return -9.0
    score = _LEADS[span.lead]
    score += 1.5 if around & _PAIN else 0.5 if around & _WEAK else 0.0
    score += 0.5 if near & _ACHES else 0.0
    score += 1.5 if near & _STARTED else 0.0
    score += 1.5 if any(first <= at < last for at in starts) else 0.0
    score += 0.5 if span.days[1] is not None else 0.0
    score += 1.0 if near & _NOW or {"this", "time"} <= near else 0.0
    score += 2.0 if here else 0.0
    score += 1.5 if again else 0.0
    score += 1.0 if "been" in near and "for" in words.norms[max(0, span.start - 3) : span.start] else 0.0
    score += 2.5 if words.norms[span.end - 1] in ("on", "in") or _counting(words, span) else 0.0  # "4 months on, still"
    score -= 2.0 if span.fine and span.lead == "for" and not lone and not begun and not near & _ACHES else 0.0
    score -= 2.0 if _OLD_ONE & set(words.norms[max(0, span.start - 3) : span.start]) else 0.0
    score += 2.0 if _told_after(words, span) else 0.0
    score -= 3.0 if _was_well(words, span) else 0.0
    score -= 3.0 if _is_over(words, span) else 0.0
    score -= 3.0 if not begun and _only_at_hand(words, span, near) else 0.0
    score += 1.0 if lone else 0.0
    score -= 3.0 if near & _NOT_PAIN and not since else 0.0
    score -= 1.0 if near & _WORSE and "been" not in near else 0.0
    score -= 1.5 if near & _STEADY and not {"on", "off"} <= near else 0.0
    if not context.asked and _nearer_to_other(words, span, context.elsewhere):
        score -= 0.5 if begun else 1.0 if line & _ACHES else 2.0
    score -= (
        3.0 if not context.for_other and _of_other_person(words, near_first, span.start) and "mine" not in near else 0.0
    )
    # "12 hours on my feet"
    score -= 2.0 if span.fine and span.lead == "bare" and not lone and not near & _ACHES else 0.0
    score -= 3.0 if "doing" in near and near & {"it", "this", "that"} else 0.0
    return score


def _after_since(words: Words, span: TimeSpan) -> bool:
    """The sentence or the piece between two commas begins with "since": "Since I retired in 2022"."""
    line, _ = _scope(words, span, SENTENCE, 30, 0)
    piece, _ = _scope(words, span, COMMA, 8, 0)
    return "since" in (*words.norms[line : line + 2], *words.norms[piece : min(piece + 2, span.start)])


def _told_after(words: Words, span: TimeSpan) -> bool:
    """Such as "my back said no. That was saturday", said of no operation or the like."""
    before = words.norms[max(0, span.start - 4) : span.start]
    told = any(before[at : at + 2] in (("that", "was"), ("this", "was")) for at in range(len(before) - 1))
    return told and not _NOT_PAIN & set(words.norms[max(0, span.start - 14) : span.start])


def _was_well(words: Words, span: TimeSpan) -> bool:
    """The time of a spell without pain: "went fine for a while", "was good for 14 years"."""
    before = words.norms[max(0, span.start - 4) : span.start]
    return span.lead == "for" and bool({"fine", "good", "ok", "okay", "great", "relief", "free"} & set(before))


def _of_this_time(words: Words, span: TimeSpan) -> bool:
    """Said of the present spell: "this time 9 days", "this one is two weeks old", "current flare 8 days"."""
    first, _ = _scope(words, span, SENTENCE, 14, 0)
    before = words.norms[first : span.start]
    newer = _NEWER & set(words.norms[max(first, span.start - 6) : span.start])
    return bool(newer) or any(
        word in ("this", "current", "present", "latest") and bool(_THIS & set(before[at + 1 : at + 3]))
        for at, word in enumerate(before)
        if before[at + 1 : at + 2] != ("about",)  # "bout" is mended so: "this particular bout"
    )


_COUNTING = frozenset("still its it no counting nothing im now".split())


def _counting(words: Words, span: TimeSpan) -> bool:
    """A sentence that begins with the time and goes on with how it is: "eight days and it's no different"."""
    after = words.norms[span.end : span.end + 2]
    return words.breaks[span.start] >= SENTENCE and after[:1] == ("and",) and bool(_COUNTING & set(after[1:]))


_CAME_BACK = (
    ("got", "me"), ("gave", "up"), ("gave", "out"), ("went", "out"), ("seized", "up"), ("locked", "up"), ("went", "again"),
    ("came", "back"), ("come", "back"), ("worse", "again"), ("bad", "again"), ("started", "again"), ("hurts", "again"),
    ("got", "bad"), ("up", "again"), ("out", "again"),
)  # fmt: skip
_IT = frozenset("it this that pain hurting agony misery hell suffering aching".split())


def _is_of_it(words: Words, span: TimeSpan) -> bool:
    """Such as "eleven months of it", "3 weeks of this pain"."""
    return words.norms[span.end : span.end + 1] == ("of",) and bool(_IT & set(words.norms[span.end + 1 : span.end + 3]))


def _came_back(words: Words, first: int, last: int) -> bool:
    """Such as "came back on friday", "got worse again in may"."""
    return any(words.norms[at : at + 2] in _CAME_BACK for at in range(first, last))


def _of_other_person(words: Words, first: int, last: int) -> bool:
    """Somebody else is named there, not only what is theirs ("my brother's couch")."""
    return any(
        words.norms[at] in _OTHERS
        and not words.text[words.starts[at] : words.ends[at]].endswith("s")
        or words.norms[at] in ("his", "hers")
        for at in range(first, last)
    )


def _is_over(words: Words, span: TimeSpan) -> bool:
    """What lasted then is over: "in 2015 for a year but that went away", "hurt it in 2017, got better"."""
    first, last = span.end, span.end
    while last < len(words) and words.breaks[last] < SENTENCE and last - first < 9:
        last += 1
    after = words.norms[first:last]
    if (
        "gone" in after[:6]
        and (after[0] != "gone" or number(words.norms[span.start]) is not None)
        and after[after.index("gone") + 1 : after.index("gone") + 2] not in _GONE_ON
    ):
        if not {"not", "hasnt", "never", "isnt"} & set(after[: after.index("gone")]):
            return True
    return any(
        word in _OVER
        and bool({"went", "gone", "got", "was", "that", "it", "its", "goes"} & set(after[max(0, at - 3) : at]))
        for at, word in enumerate(after)
        if not {"not", "never", "hasnt", "havent", "no"} & set(after[max(0, at - 4) : at])
    )


def _only_at_hand(words: Words, span: TimeSpan, near: set[str]) -> bool:
    """The present day named for how things are, not since when: "barely a 1 today", "lifting all day"."""
    said = words.norms[span.start : span.end]
    if said in _WHOLE:
        return not ({"been", "hurting", "hurts", "hurt", "ached", "aching"} & near)
    if span.lead != "bare":
        return False
    beside = words.norms[span.end : span.end + 2] if span.end < len(words) and words.breaks[span.end] < COMMA else ()
    figure = beside[1:] if beside[:1] == ("a",) else beside[:1]
    stated = beside[:1] in (("its",), ("is",), ("it",)) or bool(figure) and number(figure[0]) is not None
    level = span.start > 0 and number(words.norms[span.start - 1]) is not None
    return bool(_TODAY & set(said)) and (stated or level) or said[:1] == ("this",) and said[1:] == ("year",)


def _nearer_to_other(words: Words, span: TimeSpan, elsewhere: Sequence[tuple[int, int]]) -> bool:
    """A finding that is no pain stands nearer to the time than any word of pain, in its sentence."""
    first, last = _scope(words, span, SENTENCE, 30, 30)
    pain = min((_gap(span, at, at + 1) for at in range(first, last) if words.norms[at] in _ACHES), default=99)
    for start, end in elsewhere:
        inside = [at for at in range(first, last) if words.starts[at] < end and start < words.ends[at]]
        if inside and _gap(span, inside[0], inside[-1] + 1) < pain:
            return True
    return False


def _gap(span: TimeSpan, start: int, end: int) -> int:
    """Words between a time and the words `start` to `end`."""
    return max(0, start - span.end, span.start - end)


def _scope(words: Words, span: TimeSpan, strength: int, back: int, ahead: int) -> tuple[int, int]:
    """The words around a time up to a break of that strength."""
    first, last = span.start, span.end
    while first > 0 and words.breaks[first] < strength and span.start - first < back:
        first -= 1
    while last < len(words) and words.breaks[last] < strength and last - span.end < ahead:
        last += 1
    return first, last
