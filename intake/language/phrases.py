"""Phrases matched against the words of a message.

All phrases of a matcher share one tree, in which phrases that begin alike are walked once; so the time that a message
takes hardly depends on how many phrases there are. The phrase language: intake/language/grammar.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from intake.language.grammar import Item, PhraseError, Row, classes_of, parse, words_of
from intake.language.text import CLAUSE, Words

__all__ = ["Match", "PhraseError", "PhraseMatcher", "Tags", "WordClasses", "words_of"]

_NEVER_BETWEEN = frozenset(
    "used no not never without nor but except dont doesnt didnt isnt arent wasnt if".split()
)
_BUT = frozenset({"but", "=but"})

# tags[i][name] = where the members of word class `name` that start at word i end, furthest first
Tags = list[dict[str, tuple[int, ...]]]


@dataclass(frozen=True)
class Match:
    """Words `start` to `end` (exclusive) matched a phrase of `name`."""

    name: str
    start: int
    end: int


class _Node:
    """A place in the tree of phrases: what may come next, and the names whose phrases are complete here."""

    __slots__ = ("words", "classes", "gaps", "names", "_after")

    def __init__(self) -> None:
        self.words: dict[str, list[_Node]] = {}
        self.classes: dict[str, list[_Node]] = {}
        self.gaps: list[tuple[int, _Node]] = []
        self.names: list[str] = []
        self._after: dict[tuple[frozenset[str], frozenset[str], int], _Node] = {}

    def add(self, row: Row, name: str) -> None:
        """Adds a row of items below this node; an optional item also opens the way around it."""
        if not row:
            if name not in self.names:
                self.names.append(name)
            return
        if row[0].optional:
            self.add(row[1:], name)
        self._child(row[0]).add(row[1:], name)

    def _child(self, item: Item) -> _Node:
        key = item.symbols, item.classes, item.gap
        child = self._after.get(key)
        if child is None:
            child = self._after[key] = _Node()
            if item.gap:
                self.gaps.append((item.gap, child))
            for symbol in item.symbols:
                self.words.setdefault(symbol, []).append(child)
            for name in item.classes:
                self.classes.setdefault(name, []).append(child)
        return child


Found = dict[str, set[int]]


class _Walk:
    """One message walked through a tree."""

    def __init__(self, words: Words, tags: Tags) -> None:
        self._norms, self._breaks, self._symbols = words.norms, words.breaks, words.symbols
        self._tags = tags
        self._length = len(words)

    def step(self, node: _Node, at: int, found: Found) -> None:
        """Takes word `at`, and what begins there, as the next item after `node`."""
        symbols = self._symbols[at]
        if not node.words.keys().isdisjoint(symbols):
            for symbol in node.words.keys() & symbols:
                for child in node.words[symbol]:
                    self.arrive(child, at + 1, found)
        if node.classes and self._tags[at]:
            tagged = self._tags[at]
            for name in node.classes.keys() & tagged.keys():
                for child in node.classes[name]:
                    for end in tagged[name]:
                        self.arrive(child, end, found)

    def arrive(self, node: _Node, at: int, found: Found) -> None:
        """Everything that `node` leads to when the words before `at` have led to it."""
        for name in node.names:
            found.setdefault(name, set()).add(at)
        if at >= self._length:
            return
        if self._breaks[at] < CLAUSE:
            self.step(node, at, found)
        elif self._breaks[at] == CLAUSE and self._norms[at] == "but":
            self._cross(node, at, found)
        for gap, after in node.gaps:
            self._leap(after, at, gap, found)

    def _leap(self, node: _Node, at: int, gap: int, found: Found) -> None:
        """Skips up to `gap` words; the nearest place at which a name's phrase goes on is the one that counts."""
        near: Found = {}
        for here in range(at, min(at + gap + 1, self._length)):
            reached: Found = {}
            self.arrive(node, here, reached)
            for name, ends in reached.items():
                near.setdefault(name, ends)
            if self._breaks[here] >= CLAUSE or self._norms[here] in _NEVER_BETWEEN:
                break
        for name, ends in near.items():
            found.setdefault(name, set()).update(ends)

    def _cross(self, node: _Node, at: int, found: Found) -> None:
        """A "but" ends a clause, except for a phrase that says it: "have to pee but cant"."""
        for symbol in _BUT & node.words.keys():
            for child in node.words[symbol]:
                self.arrive(child, at + 1, found)


class PhraseMatcher:
    """Finds all phrases of all names in a message."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._root = _Node()
        self._pairs: dict[str, tuple[str, str]] = {}  # "A && B": the inner name of A -> name and the inner name of B
        for name, lines in phrases.items():
            for phrase in lines:
                said, both, beside = phrase.partition(" && ")
                if both:
                    number = len(self._pairs)
                    self._pairs[f"{number} said"] = name, f"{number} beside"
                    self._add(f"{number} said", said)
                    self._add(f"{number} beside", beside)
                else:
                    self._add(name, said)

    def _add(self, name: str, phrase: str) -> None:
        for row in parse(phrase):
            self._root.add(row, name)

    def find(self, words: Words, tags: Tags) -> list[Match]:
        """Every match, the longest for each name and start."""
        longest: dict[tuple[str, int], int] = {}
        for name, start, ends in self.ends(words, tags):
            longest[name, start] = max(longest.get((name, start), 0), *ends)
        return [Match(name, start, end) for (name, start), end in longest.items()]

    def ends(self, words: Words, tags: Tags) -> Iterator[tuple[str, int, set[int]]]:
        """For each name and start where it matches: all ends."""
        walk = _Walk(words, tags)
        root, pairs = self._root, self._pairs
        halves: dict[str, list[tuple[int, set[int]]]] = defaultdict(list)
        for at in range(len(words)):
            found: Found = {}
            walk.step(root, at, found)
            for name, ends in found.items():
                if pairs and name[0].isdigit():
                    halves[name].append((at, ends))
                else:
                    yield name, at, ends
        for half, places in halves.items():
            if half in pairs and pairs[half][1] in halves:
                for at, ends in places:
                    yield pairs[half][0], at, ends


class WordClasses:
    """Tags the words of a message with the word classes they begin; a class may build on classes of lower depth."""

    def __init__(self, members: Mapping[str, Sequence[str]]) -> None:
        depth: dict[str, int] = {}

        def depth_of(name: str, above: tuple[str, ...] = ()) -> int:
            if name in above:
                raise PhraseError(f"word class <{name}> is built on itself")
            if name not in members:
                raise PhraseError(f"word class <{name}> does not exist")
            if name not in depth:
                used = {other for member in members[name] for other in classes_of(member)}
                depth[name] = 1 + max((depth_of(other, (*above, name)) for other in used), default=-1)
            return depth[name]

        levels: dict[int, dict[str, Sequence[str]]] = defaultdict(dict)
        for name in members:
            levels[depth_of(name)][name] = members[name]
        self._levels = [PhraseMatcher(levels[level]) for level in sorted(levels)]

    def tag(self, words: Words) -> Tags:
        """For every word the classes that begin there, with their ends, furthest first."""
        tags: Tags = [{} for _ in range(len(words))]
        for matcher in self._levels:
            for name, start, ends in list(matcher.ends(words, tags)):
                known = tags[start].get(name, ())
                tags[start][name] = tuple(sorted(ends.union(known), reverse=True))
        return tags
