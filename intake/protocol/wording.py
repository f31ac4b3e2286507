"""How long and how hard to read a text is: septets and segments of text messages, Flesch-Kincaid grade."""

from __future__ import annotations

import math
import re

# The alphabet of a plain text message (3GPP TS 23.038). Any other character switches the message to UCS-2, which holds
# less than half as many.
GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_DOUBLE = frozenset("^{}\\[]~|€")  # cost two septets each

# Hard words that the grade formula takes for easy ones (clinical reference 4.2), with what to say instead.
BANNED = {
    "saddle": "between your legs",
    "perineum": "between your legs",
    "incontinence": "leak",
    "retention": "cannot pee",
    "radiculopathy": "leg pain from a nerve",
    "deficit": "weak, numb",
    "anaesthesia": "numb",
    "anesthesia": "numb",
    "unremitting": "never lets up",
    "malignancy": "cancer",
    "immunosuppressed": "weak immune system",
    "anticoagulant": "blood thinner",
}
# What no text may promise or claim (clinical reference 1B, 6).
FORBIDDEN = ("you are fine", "you're fine", "nothing serious", "pain-free", "cure", "prevents", "sounds like you have")

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_UNFINISHED = re.compile(r"\b(todo|tbd|fixme|xxx|lorem)\b", re.IGNORECASE)


def outside_gsm7(text: str) -> str:
    """The characters of a text that a plain text message cannot carry, each once."""
    return "".join(dict.fromkeys(character for character in text if character not in GSM7 | GSM7_DOUBLE))


def septets(text: str) -> int:
    """Length of a GSM-7 text message; one message holds 160."""
    return sum(2 if character in GSM7_DOUBLE else 1 for character in text)


def segments(text: str) -> int:
    """How many messages a phone network makes of a text: 160 septets or 70 UCS-2 units alone, 153 or 67 in a row."""
    if outside_gsm7(text):
        units, alone, joined = len(text.encode("utf-16-le")) // 2, 70, 67
    else:
        units, alone, joined = septets(text), 160, 153
    return 1 if units <= alone else math.ceil(units / joined)


def grade(text: str) -> float | None:
    """Flesch-Kincaid grade of an English text (textstat 0.7.3); None when textstat, a test tool, is missing."""
    try:
        import textstat
    except ImportError:
        return None
    return float(textstat.flesch_kincaid_grade(text))


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part]


def placeholders(text: str) -> set[str]:
    """Names between braces."""
    return set(_PLACEHOLDER.findall(text))


def unfinished(text: str) -> bool:
    """Whether somebody left a note such as TODO."""
    return bool(_UNFINISHED.search(text))


def words_of(text: str) -> set[str]:
    """Lower-case words."""
    return set(re.findall(r"[a-z'-]+", text.lower()))
