"""A patient's text on its way in: characters that carry nothing are dropped, and a leading slash stays text."""

from __future__ import annotations

import unicodedata

LONGEST = 2000  # characters of one message
# What Rasa, or a normalisation on the way to it, could take for its intent prefix.
SLASHES = frozenset("/\\\u2044\u2215\u29f8\uff0f\uff3c\u2571\u27cb\ufe68")
QUOTES = frozenset("\"'`\u00ab\u00bb\u2018\u2019\u201a\u201c\u201d\u201e\u2039\u203a\uff02\uff07")
EMPTY = "(slash)"  # for a message of slashes only: Rasa answers an empty text with silence


def clean(text: str) -> str:
    """The text without control and invisible characters; line breaks and tabs stay, lone surrogates become U+FFFD."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(
        each for each in text if each in "\n\t" or not unicodedata.category(each).startswith(("Cc", "Cf", "Co"))
    ).strip()


def no_payload(text: str) -> str:
    """The text without anything in front that Rasa could read as `/intent{...}`; what the patient meant stays."""
    rest = clean(text)
    start = 0
    while start < len(rest) and (rest[start] in SLASHES or rest[start].isspace() or _hides(rest, start)):
        start += 1
    return rest[start:] or (EMPTY if rest else "")


def _hides(text: str, start: int) -> bool:
    """Whether a quote or a mark without width stands in front of a slash."""
    if text[start] not in QUOTES and unicodedata.category(text[start]) not in ("Mn", "Me", "Lm", "Sk"):
        return False
    rest = text[start:].lstrip("".join(QUOTES) + " \t\n")
    rest = rest.lstrip(
        "".join(each for each in set(rest[:8]) if unicodedata.category(each) in ("Mn", "Me", "Lm", "Sk"))
    )
    return bool(rest) and rest[0] in SLASHES
