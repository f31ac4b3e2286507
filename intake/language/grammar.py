"""The phrase language of the protocol, parsed.

A phrase is a row of items separated by spaces; words match by their stem, so "leak" also finds "leaking".

    numb          the word (any inflection)        =tearing      exactly this word
    tingl*        words that begin so              a|b           one of several
    <saddle>      a member of a word class         x?            may be missing
    ..            up to two words between          ...           up to six words between
    A & B         both, in either order, up to six words apart
    A && B        both anywhere in the message; the words of A are what was said

Words "between" never cross a sentence, a clause or a negation; only a phrase that says "but" itself crosses one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from intake.language.text import stem

GAPS = {"..": 2, "...": 6}
_CLASS = re.compile(r"<(\w+)>")
_WORD = re.compile(r"[^\W_]+(\.\d+)?")


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says why."""


@dataclass(frozen=True)
class Item:
    """One item: any of `symbols` ("~leg" by its stem, "=legs", "tingl*", the name of a class); or `gap` words at most."""

    symbols: frozenset[str] = frozenset()
    optional: bool = False
    gap: int = 0


Row = tuple[Item, ...]


def parse(phrase: str) -> list[Row]:
    """The rows of items that `phrase` stands for; raises PhraseError."""
    sides = phrase.split(" & ")
    if len(sides) > 2:
        raise PhraseError(f"'{phrase}': at most one '&' in a phrase")
    rows = [tuple(_item(word, phrase) for word in side.split()) for side in sides]
    if any(not row or row[0].gap or row[-1].gap or all(item.optional for item in row) for row in rows):
        raise PhraseError(f"'{phrase}': a phrase begins and ends with a word or a word class")
    if len(rows) == 2:
        between = (Item(gap=GAPS["..."]),)
        return [rows[0] + between + rows[1], rows[1] + between + rows[0]]
    return rows


def _item(word: str, phrase: str) -> Item:
    if word in GAPS:
        return Item(gap=GAPS[word])
    symbols = set()
    for part in word.rstrip("?").split("|"):
        if part[:1] == "<" and _CLASS.fullmatch(part):
            symbols.add(part[1:-1])
        elif part[:1] == "=" and len(part) > 1 or part[-1:] == "*" and len(part) > 2:
            symbols.add(part)
        elif part.isalnum() or _WORD.fullmatch(part):
            symbols.add(f"~{stem(part)}")
        else:
            raise PhraseError(f"'{phrase}': cannot read '{part}' (no apostrophes or punctuation; write dont for don't)")
    return Item(frozenset(symbols), word.endswith("?"))


def classes_of(phrase: str) -> set[str]:
    """The word classes that a phrase names."""
    return set(_CLASS.findall(phrase))


def words_of(phrase: str) -> Iterator[str]:
    """The plain words a phrase is made of: the vocabulary that misspellings are mended towards."""
    for part in re.split(r"[ |]", phrase):
        part = part.rstrip("?").lstrip("=")
        if part.isalpha():
            yield part
