"""The patient's age said in a message ("im 72", "72 yo", "tengo 58 anos")."""

from __future__ import annotations

import re

from intake.language.text import COMMA, Words

_OLD = ("old", "young", "o")
_MALE_FEMALE = ("yo", "female", "male", "f", "m", "woman", "man", "lady", "guy")
_GOES_ON = (
    "and n with now but so healthy almost going years yrs a the diabetic retired male female f m no not i my mom dad here"
).split()
_OTHERS = frozenset(
    "mom mother dad father brother sister wife husband son daughter kid baby cousin friend aunt uncle dog cat".split()
)


def age_in(words: Words) -> int | None:
    """An age in years said of the patient, or None."""
    norms = words.norms
    for at, word in enumerate(norms):
        if not re.fullmatch(r"\d{1,3}", word) or not 1 <= int(word) <= 110:
            continue
        before, after = norms[max(0, at - 3) : at], norms[at + 1 : at + 4]
        if (
            after[:1] == ("yo",)
            or after[:1] in (("years",), ("year",), ("yrs",), ("y",))
            and after[1:2]
            and after[1] in _OLD
        ):
            if not ({"was", "when"} & set(before)) and not _OTHERS & set(norms[max(0, at - 4) : at]) - {
                "mom",
                "dad",
                "wife",
                "husband",
                "mother",
                "father",
            }:
                return int(word)
        if _with_sex(words, at):
            return int(word)
        if before[-1:] == ("tengo",) and after[:1] == ("anos",) or after[:3] == ("years", "of", "age"):
            return int(word)
        if before[-1:] == ("now",) and int(word) >= 18 and {"was", "since"} & set(norms[:at]):
            if at + 1 >= len(norms) or words.breaks[at + 1] > 0:
                return int(word)
        if before[-1:] in (("im",), ("age",), ("aged",), ("turned",)) or before[-2:] in (
            ("i", "am"),
            ("and", "am"),
            ("now", "im"),
            ("im", "now"),
            ("am", "now"),
            ("shes", "now"),
            ("just", "turned"),
        ):
            closes = at + 1 >= len(norms) or words.breaks[at + 1] > 0
            if {"since", "when", "at", "was", "until", "like"} & set(before[:-1]) and before[-1:] in (
                ("age",),
                ("turned",),
            ):
                continue
            if closes or after[0] in _GOES_ON or after[0] in _MALE_FEMALE:
                if not _then_measure(after) and int(word) >= 2:
                    return int(word)
    return None


def _with_sex(words: Words, at: int) -> bool:
    """A sentence that begins "66 f", "67m", "44F,": age and sex in short."""
    norms = words.norms
    sex = norms[at + 1 : at + 2] in (("f",), ("m",), ("female",), ("male",))
    return sex and 14 <= int(norms[at]) <= 105 and words.breaks[at] >= COMMA


def _then_measure(after: tuple[str, ...]) -> bool:
    """Such as "im 6 feet", "im 28 weeks": a measure, no age."""
    return after[:1] in (("weeks",), ("months",), ("feet",), ("foot",), ("lbs",), ("pounds",), ("days",)) or after[
        1:2
    ] in (("weeks",), ("months",))
