"""How a text travels by SMS: its alphabet, its length in units, the segments that the carrier bills (3GPP TS 23.038).

GSM-7 holds 160 characters, or 153 in each part of a longer text; those in `EXTENDED` cost two. Any other character
makes the whole text UCS-2: 70, or 67 in each part, counted in UTF-16 units. A part never ends inside a pair.
"""

from __future__ import annotations

from dataclasses import dataclass

from intake.protocol.clinic import GSM7

EXTENDED = frozenset("^{}\\[~]|€\f")
LIMITS = {"gsm7": (160, 153), "ucs2": (70, 67)}  # one segment, each of several


@dataclass(frozen=True)
class Segments:
    """A text cut as the carrier cuts it."""

    alphabet: str  # gsm7 or ucs2
    units: int  # septets or UTF-16 units
    parts: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many segments are sent."""
        return len(self.parts)


def segments(text: str) -> Segments:
    """Cut a text into segments; an empty text is one empty segment."""
    alphabet = "gsm7" if set(text) <= GSM7 | EXTENDED else "ucs2"
    sizes = [_size(each, alphabet) for each in text]
    single, several = LIMITS[alphabet]
    units = sum(sizes)
    return Segments(alphabet, units, (text,) if units <= single else tuple(_cut(text, sizes, several)))


def chunks(text: str, longest: int = 1500) -> list[str]:
    """Texts of at most `longest` characters, cut between words: providers take 1600 at a time."""
    found, rest = [], text
    while len(rest) > longest:
        space = rest.rfind(" ", longest // 2, longest)
        end = space if space > 0 else longest
        found.append(rest[:end])
        rest = rest[end:].lstrip()
    return [*found, rest]


def _size(character: str, alphabet: str) -> int:
    if alphabet == "gsm7":
        return 2 if character in EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1


def _cut(text: str, sizes: list[int], limit: int) -> list[str]:
    parts, start, used = [], 0, 0
    for index, size in enumerate(sizes):
        if used + size > limit:
            parts.append(text[start:index])
            start, used = index, 0
        used += size
    return [*parts, text[start:]]
