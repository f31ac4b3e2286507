"""The worst phrases of `last_resort.yml` as regular expressions that Python and browsers read alike.

They match a text that is plain: lower case, no accents or apostrophes, words apart by one space, " . " where a sentence
ends, a space before and after (`intake.gateway.fallback.plain`, widget/src/offline.ts). Every gap is bounded, so that
a search takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .model import Disposition, LastResort

WORD, REST = r"[^ .]+", r"[^ .]*"
GAPS = {"..": 2, "...": 6}  # words between
ITEM = re.compile(r"(=?[a-z0-9]+|<[a-z_]+>)(\|(=?[a-z0-9]+|<[a-z_]+>))*\??")


class Unreadable(ValueError):
    """A phrase that cannot be read; the message says why."""


def pattern(resort: LastResort, level: Disposition) -> str:
    """Everything that stands for a level, as one pattern. Raises `Unreadable`."""
    return "(?:" + "|".join(phrase(each, resort.classes) for each in resort.levels[level].phrases) + ")(?= )"


def phrase(text: str, classes: Mapping[str, Sequence[str]]) -> str:
    """One phrase; each word brings the space before it. Raises `Unreadable`."""
    return "".join(_item(each, classes) for each in text.split())


def _item(item: str, classes: Mapping[str, Sequence[str]]) -> str:
    if item in GAPS:
        return f"(?: {WORD}){{0,{GAPS[item]}}}"
    if not ITEM.fullmatch(item):
        raise Unreadable(f"{item!r} is neither words nor a gap")
    found = "|".join(each for part in item.rstrip("?").split("|") for each in _members(part, classes))
    return f"(?:{found}){'?' if item.endswith('?') else ''}"


def _members(part: str, classes: Mapping[str, Sequence[str]]) -> list[str]:
    if not part.startswith("<"):
        return [_word(part)]
    if part[1:-1] not in classes:
        raise Unreadable(f"there is no class {part}")
    return ["".join(_word(word) for word in member.split()) for member in classes[part[1:-1]]]


def _word(word: str) -> str:
    return f" {word[1:]}" + "(?= )" if word.startswith("=") else f" {word}{REST}"
