"""The phrase language of the protocol: compiled once, matched against the words of a message.

A phrase is a row of items separated by spaces; words match by their stem, so "leak" also finds "leaking".

    numb          the word (any inflection)        =tearing      exactly this word
    tingl*        words that begin so              a|b           one of several
    <saddle>      a member of a word class         x?            may be missing
    ..            up to two words between          ...           up to six words between
    A & B         both, in either order, up to six words apart
    A && B        both anywhere in the message; the words of A are what was said

Words "between" never cross a sentence, a clause or a negation.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from intake.language.text import CLAUSE, Words, stem

_GAPS = {"..": 2, "...": 6}
_NEVER_BETWEEN = frozenset(
    {
        "used",
        "no",
        "not",
        "never",
        "without",
        "nor",
        "but",
        "except",
        "dont",
        "doesnt",
        "didnt",
        "isnt",
        "arent",
        "wasnt",
        "if",
    }
)

# tags[i][name] = where the members of word class `name` that start at word i end
Tags = list[dict[str, tuple[int, ...]]]


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says why."""


@dataclass(frozen=True)
class Item:
    """One item: any of `stems`, `exact` words, `prefixes` or word `classes`; or, with `gap`, up to `gap` words of any kind."""

    stems: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    optional: bool = False
    gap: int = 0

    def ends(self, words: Words, tags: Tags, at: int) -> Iterator[int]:
        """Where a match of this item that starts at word `at` may end, longest first."""
        for name in self.classes:
            yield from tags[at].get(name, ())
        norm = words.norms[at]
        if words.stems[at] in self.stems or norm in self.exact or (self.prefixes and norm.startswith(self.prefixes)):
            yield at + 1

    def names(self, words: Words, at: int, word: str) -> bool:
        """The word `at` is `word` and the item asks for just that ("have to pee but cant" may cross the "but")."""
        return (
            words.norms[at] == word
            and words.breaks[at] == CLAUSE
            and (word in self.exact or words.stems[at] in self.stems)
        )


Sequence_ = tuple[Item, ...]


def parse(phrase: str) -> list[Sequence_]:
    """The sequences that `phrase` stands for; raises PhraseError."""
    sides = phrase.split(" & ")
    if len(sides) > 2:
        raise PhraseError(f"'{phrase}': at most one '&' in a phrase")
    rows = [tuple(_item(word, phrase) for word in side.split()) for side in sides]
    if any(not row or row[0].gap or row[-1].gap for row in rows):
        raise PhraseError(f"'{phrase}': a phrase begins and ends with a word or a word class")
    if len(rows) == 2:
        between = (Item(gap=_GAPS["..."]),)
        return [*_expand(rows[0] + between + rows[1]), *_expand(rows[1] + between + rows[0])]
    return list(_expand(rows[0]))


def _item(word: str, phrase: str) -> Item:
    if word in _GAPS:
        return Item(gap=_GAPS[word])
    optional = word.endswith("?")
    stems, exact, prefixes, classes = set(), set(), [], []
    for part in word.rstrip("?").split("|"):
        if re.fullmatch(r"<\w+>", part):
            classes.append(part[1:-1])
        elif part.startswith("=") and len(part) > 1:
            exact.add(part[1:])
        elif part.endswith("*") and len(part) > 2:
            prefixes.append(part[:-1])
        elif re.fullmatch(r"[^\W_]+(\.\d+)?", part):
            stems.add(stem(part))
        else:
            raise PhraseError(f"'{phrase}': cannot read '{part}' (no apostrophes or punctuation; write dont for don't)")
    return Item(frozenset(stems), frozenset(exact), tuple(prefixes), tuple(classes), optional)


def _expand(row: Sequence_) -> Iterator[Sequence_]:
    """The row without leading optional items, so that every sequence starts with something that must be there."""
    while row[0].optional:
        yield row
        row = row[1:]
        if not row:
            return
    yield row


def words_of(phrase: str) -> Iterator[str]:
    """The plain words a phrase is made of: the vocabulary that misspellings are mended towards."""
    for part in re.split(r"[ |]", phrase):
        part = part.rstrip("?").lstrip("=")
        if part.isalpha():
            yield part


@dataclass(frozen=True)
class Match:
    """Words `start` to `end` (exclusive) matched a phrase of `name`."""

    name: str
    start: int
    end: int


class PhraseMatcher:
    """Finds all phrases of all names in a message; looks only at the phrases whose first item fits a word."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._by_stem: dict[str, list[tuple[str, Sequence_]]] = defaultdict(list)
        self._by_exact: dict[str, list[tuple[str, Sequence_]]] = defaultdict(list)
        self._by_class: dict[str, list[tuple[str, Sequence_]]] = defaultdict(list)
        self._by_prefix: list[tuple[str, str, Sequence_]] = []
        self._both: list[tuple[str, PhraseMatcher, PhraseMatcher]] = []
        for name, rows in phrases.items():
            for phrase in rows:
                if " && " in phrase:
                    said, beside = (PhraseMatcher({name: [side]}) for side in phrase.split(" && "))
                    self._both.append((name, said, beside))
                    continue
                for row in parse(phrase):
                    self._add(name, row)

    def _add(self, name: str, row: Sequence_) -> None:
        first = row[0]
        for key in first.stems:
            self._by_stem[key].append((name, row))
        for key in first.exact:
            self._by_exact[key].append((name, row))
        for key in first.classes:
            self._by_class[key].append((name, row))
        for key in first.prefixes:
            self._by_prefix.append((key, name, row))

    def find(self, words: Words, tags: Tags) -> list[Match]:
        """Every match, the longest for each name and start."""
        return [Match(name, at, max(ends)) for name, at, ends in self.ends(words, tags)]

    def ends(self, words: Words, tags: Tags) -> Iterator[tuple[str, int, set[int]]]:
        """For each name and start where it matches: all ends, one for each phrase that fits."""
        for at in range(len(words)):
            found: dict[str, set[int]] = {}
            for name, row in self._candidates(words, tags, at):
                end = _longest(row, 0, words, tags, at)
                if end > at:
                    found.setdefault(name, set()).add(end)
            for name, ends in found.items():
                yield name, at, ends
        for _name, said, beside in self._both:
            there = list(said.ends(words, tags))
            if there and next(beside.ends(words, tags), None) is not None:
                yield from there

    def _candidates(self, words: Words, tags: Tags, at: int) -> Iterator[tuple[str, Sequence_]]:
        yield from self._by_stem.get(words.stems[at], ())
        yield from self._by_exact.get(words.norms[at], ())
        for name in tags[at]:
            yield from self._by_class.get(name, ())
        for prefix, name, row in self._by_prefix:
            if words.norms[at].startswith(prefix):
                yield name, row


def _longest(row: Sequence_, index: int, words: Words, tags: Tags, at: int) -> int:
    """The furthest end of row[index:] matched from word `at`, or -1."""
    if index == len(row):
        return at
    item = row[index]
    if item.gap:
        for skipped in range(item.gap + 1):
            here = at + skipped
            if here >= len(words) or words.breaks[here] >= CLAUSE:
                break
            end = _longest(row, index + 1, words, tags, here)
            if end >= 0:
                return end
            if words.norms[here] in _NEVER_BETWEEN:
                break
        return -1
    best = -1
    if at < len(words) and (index == 0 or words.breaks[at] < CLAUSE or item.names(words, at, "but")):
        for middle in item.ends(words, tags, at):
            best = max(best, _longest(row, index + 1, words, tags, middle))
    if item.optional:
        best = max(best, _longest(row, index + 1, words, tags, at))
    return best


class WordClasses:
    """Tags the words of a message with the word classes they begin; a class may build on classes of lower depth."""

    def __init__(self, members: Mapping[str, Sequence[str]]) -> None:
        self._levels: list[PhraseMatcher] = []
        depth: dict[str, int] = {}

        def depth_of(name: str, above: tuple[str, ...] = ()) -> int:
            if name in above:
                raise PhraseError(f"word class <{name}> is built on itself")
            if name not in members:
                raise PhraseError(f"word class <{name}> does not exist")
            if name not in depth:
                used = {used for member in members[name] for used in re.findall(r"<(\w+)>", member)}
                depth[name] = 1 + max((depth_of(other, (*above, name)) for other in used), default=-1)
            return depth[name]

        for name in members:
            depth_of(name)
        for level in range(max(depth.values(), default=-1) + 1):
            self._levels.append(PhraseMatcher({name: members[name] for name in members if depth[name] == level}))

    def tag(self, words: Words) -> Tags:
        """For every word the classes that begin there, with their ends, longest first."""
        tags: Tags = [{} for _ in range(len(words))]
        for matcher in self._levels:
            for name, start, ends in list(matcher.ends(words, tags)):
                tags[start][name] = tuple(sorted(ends, reverse=True))
        return tags
