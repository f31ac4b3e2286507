"""How bad the pain is now, on the 0-10 scale; every number of the message competes on the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from intake.language.amounts import NUMBERS, UNIT_WORDS
from intake.language.text import CLAUSE, COMMA, SENTENCE, Words

_NOT_LEVELS = ("a", "an", "un", "una", "half", "hundred", "dozen")
_PLURALS = {"twos": 2, "threes": 3, "fours": 4, "fives": 5, "sixes": 6, "sevens": 7, "eights": 8, "nines": 9}
_WORDS = {
    **{word: int(value) for word, value in NUMBERS.items() if value <= 20 and word not in _NOT_LEVELS},
    **{"zero": 0, "cero": 0, "nil": 0, "million": 11, "thousand": 11, "hundred": 11, "billion": 11, "gazillion": 11},
    **{"zillion": 11, "infinity": 11},
    **_PLURALS,
}
_SCALE = frozenset(
    "scale level lvl rate rated rating severity score nrs vas intensity number rank ranks answer".split()
)
_PAIN = frozenset(
    """pain pains painful hurt hurts hurting ache aches aching sore soreness dolor duele back neck hip leg feels feel
    throbbing burning discomfort agony shoulder achy stiff spasm spasms shooting tender""".split()
)
_LEAD = frozenset(
    """a an at about around like its is to be say id call now currently maybe probably solid between steady easily roughly
    was been with near under over only dull sharp strong constant good bad hard como un go high low definitely honestly
    mostly usually today still im feeling hovering sits sitting standing rest moving up down just another easy least
    almost nearly mild light nagging stays stay running hit hits hitting reaching peaks right night morning fat big meant mid but use so then""".split()
)
_SCALE_ENDS = frozenset({"10", "ten", "diez"})
_NO_LEVEL_BEFORE = frozenset(
    """l c t s grade stage phase size age turned aged option apt room gate bus day week type june july august april march may
    january february december november october september other another second chapter figure part page top no hip knees
    these those his her first last next""".split()
) - {"no", "hip", "knees"}
_NO_LEVEL_AFTER = frozenset(
    """times time am pm mg mcg ml pills pill kids children blocks miles mile feet ft foot stairs steps lbs pounds pound kg
    kilos percent degrees sessions session tablets tabs shots injections injection th st nd rd inch inches stories story
    step yo old people surgeries surgery operations discs disc x doses beers babies grandkids dogs stitches screws rods
    doctors percocets norcos oxys tylenol advil ibuprofen aleve gummies d w y hundred thousand horas veces weekends of
    different things things cats rounds visits bottles boxes levels falls brothers sisters sons daughters legs arms feet
    page pages sides spots places position positions thing more pack packs cups drinks count hour oclock a""".split()
) - {"of"}
_WORST = frozenset("worst best lowest highest max most least goal peak peaks spikes spike spiking spiked".split())
_USUAL = frozenset("usually normally mostly average typically generally otherwise".split())
# Said of a level, these make it the level of some hours, postures or doings only: "a 6 after practice", "sitting 7".
_AT_TIMES_BEFORE = frozenset(
    """when whenever if after once sometimes morning mornings evening evenings night nights sitting sat sit standing stood stand
    rest resting walking walk lying laying lie bending bend moving move driving stairs getting lifting""".split()
)
_AT_TIMES_AFTER = frozenset(
    """when whenever if after while during once sometimes sitting standing walking lying laying bending moving getting
    lifting driving with""".split()
)
_SPELLS = frozenset(
    """mornings evenings nights night morning evening afternoon afternoons days stairs gym work mondays tuesdays wednesdays
    thursdays fridays saturdays sundays weekends""".split()
)
_THEN = frozenset("was used yesterday before were earlier originally initially started start began had".split())
_NEVER = frozenset({"normal", "never"})
_OTHERS = frozenset(
    """wife husband mom mother friend doctor dad sister brother boyfriend girlfriend partner boss coworker kid kids son daughter
    nurse physio therapist chiro dr""".split()
)
_RATES = frozenset("rates rated says said calls called gave gives wrote put puts reckons thinks".split())
_ONE_AFTER = frozenset(  # "one" after any other word is no number: "this one", "the low one"
    "a an is its at about around like barely only maybe to was say level now today currently hardly".split()
)
_NOW = frozenset("now today currently moment presently ahora hoy still rn tonight present this".split()) - {"this"}

_MENDS = frozenset(
    """no wait actually make rather meant well sorry but down nah scratch seriously realistically kidding joking jk
    honestly mean""".split()
)
_ASLEEP = frozenset(
    {
        "wake",
        "woke",
        "wakes",
        "wakens",
        "rouses",
        "up",
        "sleep",
        "bed",
        "appointment",
        "visit",
        "meet",
        "call",
        "tomorrow",
    }
)

When = Literal["now", "open", "usual", "at times", "best", "then", "other", "off"]


@dataclass(frozen=True)
class _Level:
    value: int
    score: float
    when: When  # off = taken back ("not a 10")
    mends: bool = False  # takes back the level before it ("10/10 lol. seriously, a six")


def severity(words: Words, asked: bool, for_other: bool = False) -> int | None:
    """Pain now, 0-10, or None; more than 10 counts as 10, a range as its upper end, "was 9 now 4" as 4.

    `for_other`: the writer speaks for the patient, so what "she says" counts.
    """
    found: list[_Level] = []
    unsure: list[_Level] = []
    earlier: list[_Level] = []
    at = last = 0
    scaled = False
    while at < len(words):
        start = at
        level, at, ratio = _read(words, at, asked or scaled)
        if level is None:
            continue
        if _by_other(words, start):
            level = replace(level, when="other")
        if _mends(words, last, start):
            level = replace(level, mends=True)
            if level.when == "open" and found and found[-1].when == "now":
                level = replace(level, when="now")
        if level.score >= 3 or (scaled or found) and level.score >= 2:
            found.append(level)
            last = at
            scaled = scaled or ratio
        elif level.when == "now" and level.score >= 2:
            earlier.append(level)
        elif level.when in ("at times", "open") and level.score >= 2:
            unsure.append(level)
    if not found and len(unsure) > 1 and any(level.when == "at times" for level in unsure):
        found = unsure  # "in the morning is 2, in the night is 6"
    if found:
        found = earlier + found  # "right now zero, at 4am it was a solid 8"
        if not any(level.when in ("now", "open", "usual") for level in found):
            found = [level for level in unsure if level.when == "open"] + found  # "four. maybe five on stairs"
    for wanted in ("now", "open", "usual", "at times", "best", "then", *(("other",) if for_other else ())):
        current = [level for level in found if level.when == wanted]
        if not current:
            continue
        if wanted not in ("open", "at times") or any(level.mends for level in current[1:]):
            return current[-1].value
        return max(level.value for level in current)  # "a 7 getting up, a 3 walking"
    return None


def _mends(words: Words, last: int, at: int) -> bool:
    """Between the level that ends at `last` and the one at `at`, the first is taken back."""
    between = words.norms[last:at]
    return bool(_MENDS & set(between)) or between[-1:] == ("so",)


def _by_other(words: Words, at: int) -> bool:
    """Such as "she rates it a 2", "my kid is 8": a number of somebody else's."""
    first = at
    while first > 0 and at - first < 6 and words.breaks[first] < CLAUSE and _value(words.norms[first - 1]) is None:
        first -= 1
    before = words.norms[first:at]
    named = [near for near, word in enumerate(before) if word in _OTHERS or word in ("she", "he", "they")]
    return bool(named) and bool(_RATES & set(before[named[-1] :]) or before[named[-1] + 1 :] in (("is",), ("turned",)))


def _value(word: str) -> int | None:
    if re.fullmatch(r"\d{1,4}(\.\d)?", word):
        return int(float(word) + 0.5)
    return _WORDS.get(word)


def _read(words: Words, at: int, asked: bool) -> tuple[_Level | None, int, bool]:
    """The level at word `at` (or None), the word to go on from, and whether the scale was named with it."""
    norms = words.norms
    share = _share(norms, at)
    if share is not None and (asked or "worst" in norms[at : at + 5] or _share_of_pain(norms, at)):
        return _Level(min(10, round(share / 10)), 3.0, _when(words, at, at + 1)), at + 1, False
    value = _value(norms[at])
    if value is None:
        return None, at + 1, False
    end = at + 1
    if _is_scale(norms, at):
        return None, end + 2, True
    if _is_date(words, at):
        return None, end + 1, False
    score = 0.0
    ratio = _ratio(norms, at)
    upper = _upper(words, at)
    if ratio is not None:
        score, end = 4.0, ratio
        before = _value(norms[at - 1]) if at and words.breaks[at] < COMMA else None
        if before is not None and before <= 10:
            value = max(value, before)
    elif upper is not None:
        value, end = upper
        score = 0.5
        ratio = _ratio(norms, end - 1)
        if ratio is not None:
            score, end = 4.0, ratio
    elif norms[at + 1 : at + 4] == ("and", "a", "half"):
        value, end, score = value + 1, at + 4, 1.0
    elif norms[at + 1 : at + 2] == ("point",) and (tenths := _value(" ".join(norms[at + 2 : at + 3]))) is not None:
        value, end = value + (tenths >= 5), at + 3  # "six point five"
        ratio = _ratio(norms, end - 1)
        score, end = (4.0, ratio) if ratio is not None else (1.0, end)
    elif norms[end : end + 1] == ("s",) and words.starts[end] == words.ends[at]:
        end += 1  # "7s"
    if norms[end : end + 1] == ("ish",):
        score, end = score + 1.0, end + 1
    if value > 10 and ratio is None and not (asked and len(words) <= 3 or norms[at] in _WORDS and _SCALE & set(norms)):
        return None, end, False
    score += _surroundings(words, at, end, asked, ratio is not None)
    when = _when(words, at, end)
    score += 1.0 if when in ("usual", "at times") else 0.0
    return _Level(min(10, value), score, when), end, ratio is not None


def _when(words: Words, at: int, end: int) -> When:
    """Whether a level is that of now, of another time, of somebody else, or taken back."""
    norms, breaks = words.norms, words.breaks
    first = at
    while first > 0 and at - first < 7 and breaks[first] < COMMA and _value(norms[first - 1]) is None:
        first -= 1
    before = norms[first:at]
    last = end
    while last < len(norms) and last - end < 4 and breaks[last] < COMMA and _value(norms[last]) is None:
        last += 1
    after = norms[end:last]
    if (
        before[-2:] in (("not", "a"), ("not", "an"), ("isnt", "a"), ("isnt", "the"), ("not", "the"), ("not", "quite"))
        or before[-1:] in (("not",), ("from",), ("than",))
        or before[-2:] == ("from", "a")
    ):
        return "off" if "from" not in before[-2:] else "then"
    if before[-2:] in (("from", "an"), ("than", "a"), ("than", "an")):
        return "off"
    if _NEVER & set(before):
        return "off"
    now = bool(_NOW & set(before)) or bool(_NOW & set(after[:2])) or after[:2] in (("as", "i"), ("at", "this"))
    if before[-1:] and before[-1] in _NOW:
        return "now"  # "worst now 8"
    if _WORST & set(before) or after[:2] in (
        ("at", "best"),
        ("at", "worst"),
        ("at", "its"),
        ("when", "its"),
        ("on", "bad"),
    ):
        return "best"
    if after[:1] in (
        ("yesterday",),
        ("before",),
        ("earlier",),
        ("initially",),
        ("originally",),
    ):
        return "then"
    if _THEN & set(before) and not (now and not {"was", "yesterday", "had", "started"} & set(before)):
        return "then"
    if now or at == first and at and words.asks[at - 1] and norms[at - 1] in _NOW:  # "Today? 5."
        return "now"
    if _USUAL & {*before, *after[:2]} or ("most", "days") in (before[-2:], after[:2], before[-3:-1]):
        return "usual"
    if {"these", "most"} & set(before) and "days" in before or after[:2] == ("most", "of"):
        return "usual"
    if norms[end : end + 1] == ("otherwise",):
        return "usual"
    joined = max((near for near, word in enumerate(before) if word in ("and", "then")), default=-1)
    return "at times" if _is_at_times(before[joined + 1 :], after) else "open"


def _is_at_times(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """The words around a level bind it to some hours, postures or doings."""
    hovering = before[-2:-1] in (("sitting",), ("standing",)) or before[-1:] in (("at",), ("around",), ("about",))
    if _AT_TIMES_BEFORE & set(before) and not (hovering and {"sitting", "standing"} & set(before)):
        return True
    if {"some", "other", "bad", "good"} & set(before) and "days" in before:
        return True
    if after[:1] in (("in",), ("on",), ("at",), ("some",), ("by",)):
        return bool(_SPELLS & set(after[1:]))
    return bool(_AT_TIMES_AFTER & set(after[:1]))


_LESS = frozenset("better gone less improved relief reduced reduction recovered of worse chance".split())


def _share(norms: tuple[str, ...], at: int) -> int | None:
    """The percentage of "60%" and "60 percent", or None."""
    if re.fullmatch(r"\d{1,3}%", norms[at]):
        return int(norms[at][:-1])
    return _value(norms[at]) if norms[at + 1 : at + 2] == ("percent",) else None


def _share_of_pain(norms: tuple[str, ...], at: int) -> bool:
    """Such as "70 percent pain", "pain is at 80%", but not "the pain is 70% better"."""
    around = {*norms[max(0, at - 4) : at], *norms[at + 1 : at + 4]}
    return bool({"pain", "painful", "dolor"} & around) and not _LESS & around


def _is_scale(norms: tuple[str, ...], at: int) -> bool:
    """Such as "0 to 10", "1-10" as the name of the scale, not a level."""
    if norms[at] not in ("0", "1", "zero", "one"):
        return False
    rest = norms[at + 1 : at + 3]
    if rest[:1] and rest[0] in _SCALE_ENDS:
        return True
    return len(rest) == 2 and rest[0] in ("to", "through", "thru", "a", "al") and rest[1] in _SCALE_ENDS


_TO_TEN = (
    ("out", "of"), ("outta",), ("out", "a"), ("of",), ("over",), ("from",), ("de",), ("sobre",), ("on", "a", "scale", "to"),
    ("on", "a", "scale", "of", "1", "to"), ("on", "the", "scale", "of", "1", "to"), ("on", "a", "scale", "of"),
    ("on", "the",), ("on", "a", "1", "to"), ("on", "the", "1", "to"), ("of", "the"), ("in", "a", "scale", "of"),
    ("on", "a", "scale", "from", "1", "to"), ("on", "scale", "of", "1", "to"), ("on", "a", "0", "to"),
)  # fmt: skip


def _ratio(norms: tuple[str, ...], at: int) -> int | None:
    """End of "/10", "out of 10", "on a scale of 1 to 10" after word `at`, or None."""
    for gap in _TO_TEN:
        end = at + 1 + len(gap)
        if norms[at + 1 : end] == gap and end < len(norms) and norms[end] in _SCALE_ENDS:
            return end + 1
    # the slash of "7/10" is no word; two numbers side by side with 10 last are a ratio too
    if norms[at + 1 : at + 2] == ("10",) and norms[at].replace(".", "").isdigit():
        return at + 2
    return None


def _upper(words: Words, at: int) -> tuple[int, int] | None:
    """Upper end and end word of a range: "6-7", "6 or 7", "between 5 and 8"."""
    norms = words.norms
    low = _value(norms[at])
    wide = bool({"between", "from", "entre"} & set(norms[max(0, at - 3) : at]))
    joiner = norms[at + 1] if at + 1 < len(norms) else ""
    other = at + 1
    if (
        joiner in ("or", "to", "maybe", "y", "o", "a", "thru", "sometimes", "possibly")
        or joiner in ("and", "n")
        and wide
    ):
        other = at + 2
    while norms[other : other + 1] in (("a",), ("an",), ("maybe",), ("even",), ("sometimes",)):
        other += 1
    breaks = [words.breaks[near] for near in range(at + 1, min(other + 1, len(norms)))]
    if other >= len(norms) or any(strength >= COMMA for strength in breaks):
        return None
    high = _value(norms[other])
    if low is None or high is None or not low < high <= 10 or norms[at - 1 : at] == ("from",):
        return None
    if high - low > (10 if wide or joiner == "to" else 3) or "from" in norms[max(0, at - 2) : at]:
        return None
    return high, other + 1


def _surroundings(words: Words, at: int, end: int, asked: bool, ratio: bool) -> float:
    """What the words around a number say for its being a level of pain."""
    norms = words.norms
    score = 3.0 if asked else 0.0
    previous = norms[at - 1] if at and words.breaks[at] < SENTENCE else ""
    following = norms[end] if end < len(norms) and words.breaks[end] < COMMA else ""
    no_level_after = following in _NO_LEVEL_AFTER and not (ratio and following == "x")  # "7/10 x 6 days"
    named = previous in _NO_LEVEL_BEFORE and not (ratio and words.breaks[at] >= COMMA)  # "since june, 3/10"
    if named or no_level_after or following in UNIT_WORDS or _of_unit(words, end):
        return -9.0
    one = norms[at] == "one" and (following not in ("", "now", "today") or previous not in ("", *_ONE_AFTER))
    # asked for a number, "4/5" is a range
    fraction = norms[at].isdigit() and _fraction(words, at, end) and not (asked and end > at + 1)
    if one and not ratio and not (asked and len(norms) <= 3) or fraction or _names(norms, at, end):
        return -9.0
    first, last = at, end
    while first > 0 and words.breaks[first] < SENTENCE and at - first < 8:
        first -= 1
    while last < len(norms) and words.breaks[last] < SENTENCE and last - end < 6:
        last += 1
    around = {*norms[first:at], *norms[end:last]}
    score += 2.5 if _SCALE & around else 0.0
    score += 1.5 if _PAIN & around else 0.0
    score += 1.0 if previous in _LEAD or previous in _PAIN else 0.0
    article = previous in ("a", "an", "un") or norms[max(0, at - 2) : at - 1] in (("a",), ("an",))
    score += 1.0 if article and previous not in ("of",) else 0.0
    score += 0.5 if not following or following in ("since", "for") else 0.0
    score += 2.0 if _is_qualified(words, at, end) else 0.0
    score += 1.0 if norms[at] in _PLURALS else 0.0
    if previous == "its" and (at == 1 or words.breaks[at - 1] >= COMMA):
        score += 1.0
    if not at and end < len(norms) and words.breaks[end] >= SENTENCE and norms[at] not in ("1", "one"):
        score += 1.0  # "10. i know everyone says ten"; "1." begins a list
    if at and words.breaks[at] >= COMMA and not following:
        score += 1.0 if norms[at].isdigit() and end < len(norms) and _value(norms[end]) is None else 0.0
        alone = words.breaks[at] >= SENTENCE and (end == len(norms) or words.breaks[end] >= SENTENCE)
        score += 2.0 if alone else 1.5 if end == len(norms) else 0.0
        score += 1.5 if (alone or end == len(norms)) and not _PAIN & around and _PAIN & set(norms) else 0.0
    if (
        following in _NOW
        or previous in _NOW
        or norms[end : end + 2] in (("right", "now"), ("at", "this"), ("at", "the"), ("or", "so"), ("as", "i"))
    ):
        score += 1.5 if following in _NOW or previous in _NOW else 1.0
    if following == "at" and {"moment", "time", "point", "minute"} & set(norms[end : end + 5]):
        score += 2.0
    if following in ("for", "in", "across") and {"pain", "back", "it", "neck", "hip", "leg"} & set(
        norms[end : end + 4]
    ):
        score += 1.5
    if previous == "to" and at > 2 and norms[at - 3] == "from" and _value(norms[at - 2]) is not None:
        score += 1.5
    if previous in ("at", "around") and _ASLEEP & around:
        score -= 2.0  # "wakes me at four"
    if previous == "to" or norms[max(0, at - 2) : at - 1] + (("a",) if previous == "an" else (previous,)) in _IS_A:
        score += 1.5
    if {"worst", "best"} & set(norms[max(0, at - 4) : at]) or {"worst", "best"} & set(norms[end : end + 3]):
        score += 1.5
    if norms[max(0, at - 2) : at] in (("up", "to"), ("down", "to")) or norms[max(0, at - 3) : at - 1] in (
        ("up", "to"),
        ("down", "to"),
    ):
        score += 1.5
    short = len(norms) <= 8 and all(_value(word) is not None or word in _LEAD or word in _SMALL for word in norms)
    score += 2.0 if len(norms) <= 5 or short else 0.0
    score += (
        1.5
        if at == 0 and words.breaks[min(end, len(norms) - 1)] >= COMMA or {"between"} & set(norms[max(0, at - 2) : at])
        else 0.0
    )
    return score


def _of_unit(words: Words, end: int) -> bool:
    """The number is part of a longer amount: "three, maybe four weeks"."""
    after = words.norms[end : end + 3]
    hedge = after[:1] in (("maybe",), ("or",), ("possibly",), ("perhaps",))
    return hedge and len(after) == 3 and _value(after[1]) is not None and after[2] in UNIT_WORDS


def _is_qualified(words: Words, at: int, end: int) -> bool:
    """Said to hold most days, some days, while sitting and the like: "6 most days", "some days 3", "2 otherwise"."""
    norms, breaks = words.norms, words.breaks
    after = norms[end : end + 3] if end < len(norms) and breaks[end] < COMMA else ()
    before = norms[max(0, at - 3) : at]
    return (
        after[:2] in (("most", "days"), ("some", "days"), ("on", "average"), ("when", "i"), ("if", "i"))
        or after in (("most", "of", "the"), ("much", "of", "the"), ("all", "the", "time"))
        or norms[end : end + 1] == ("otherwise",)
        or norms[at] in _PLURALS
        or before[-2:] in (("some", "days"), ("most", "days"), ("other", "days"), ("these", "days"))
        or before[:2] in (("some", "days"), ("most", "days"), ("these", "days"))
    )


_SMALL = frozenset(
    "or no can i it so yeah yes hmm uh um the not but close this very my of somewhere depending id sorry typo oops".split()
)
_IS_A = (
    ("to", "a"), ("be", "a"), ("is", "a"), ("its", "a"), ("about", "a"),
    ("i", "say"), ("id", "say"), ("says", "a"), ("she", "says"), ("he", "says"), ("says", "its"), ("answer", "is"),
    ("it", "a"), ("it", "at"), ("give", "it"), ("put", "it"), ("go", "with"), ("please", "use"), ("put", "me"), ("barely", "a"), ("hardly", "a"), ("only", "a"), ("now", "a"), ("just", "a"), ("easily", "a"), ("i", "meant"), ("so", "a"), ("then", "a"), ("at", "about"), ("at", "around"), ("at", "like"), ("i", "mean"), ("like", "a"), ("at", "a"), ("maybe", "a"), ("around", "a"),
    ("im", "a"), ("hes", "a"), ("shes", "a"), ("im", "at"), ("hes", "at"), ("shes", "at"), ("its", "at"),
    ("days", "a"), ("then", "a"), ("lets", "say"), ("call", "it"), ("a", "strong"), ("a", "good"), ("a", "bad"),
    ("of", "a"), ("was", "a"), ("been", "a"), ("a", "solid"), ("a", "dull"), ("a", "steady"), ("a", "constant"), ("es", "un"), ("still", "a"),
)  # fmt: skip


def _names(norms: tuple[str, ...], at: int, end: int) -> bool:
    """The number is spoken of and no level: "what does 10 mean", "10 being the worst", "do number 2"."""
    before, after = norms[max(0, at - 3) : at], norms[end : end + 3]
    if after[:2] == ("in", "the") and before[-1:] in (("at",), ("about",), ("around",), ("from",), ("til",)):
        return after[2:] in (("morning",), ("afternoon",), ("evening",))
    toilet = {"do", "go", "did", "doing", "going", "went"} & set(norms[max(0, at - 5) : at])
    if toilet and "number" in before and norms[at] in ("1", "2", "one", "two"):
        return True
    return before[-2:] in (("what", "does"), ("what", "is"), ("what", "a")) or after[:1] in (("being",), ("means",))


def _is_date(words: Words, at: int) -> bool:
    """Such as "began on 11/10"."""
    dated = at > 0 and words.norms[at - 1] in ("on", "since", "dated", "from")
    return dated and words.text[words.ends[at] : words.ends[at] + 1] == "/"


def _fraction(words: Words, at: int, end: int) -> bool:
    """A date or fraction: "3/14", "1/2", "5/5 strength"."""
    text = words.text[words.ends[at] : words.ends[at] + 3]
    return bool(re.match(r"/\d", text)) and not re.match(r"/10", text)
