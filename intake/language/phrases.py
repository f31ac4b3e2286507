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

_NEVER_BETWEEN = frozenset("used no not never without nor sin but except dont doesnt didnt isnt arent wasnt if".split())
_BUT = frozenset({"~but", "=but"})

# tags[i][name] = where what begins at word i ends, furthest first: the members of word class `name`, and the word
# itself under all its symbols ("~leg", "=legs", "le*")
Tags = list[dict[str, tuple[int, ...]]]


class Tagging(Tags):
    """The tags of a message, first only the words themselves.

    `places`: where each symbol or class begins; `stops`: for each word the next one beyond which nothing is bridged.
    """

    def __init__(self, words: Words) -> None:
        super().__init__(dict.fromkeys(symbols, (at,)) for at, symbols in enumerate(words.symbols, 1))
        self.places: dict[str, list[int]] = {}
        for at, symbols in enumerate(words.symbols):
            for symbol in symbols:
                self.places.setdefault(symbol, []).append(at)
        self.stops = [len(words) - 1] * len(words)
        for at in range(len(words) - 1, -1, -1):
            if words.breaks[at] >= CLAUSE or words.norms[at] in _NEVER_BETWEEN:
                self.stops[at] = at
            elif at + 1 < len(words):
                self.stops[at] = self.stops[at + 1]

    def add(self, name: str, at: int, ends: set[int]) -> None:
        """Members of the class `name` begin at word `at` and end at `ends`."""
        self[at][name] = (*ends,) if len(ends) == 1 else tuple(sorted(ends, reverse=True))
        self.places.setdefault(name, []).append(at)


@dataclass(frozen=True)
class Match:
    """Words `start` to `end` (exclusive) matched a phrase of `name`."""

    name: str
    start: int
    end: int


class _Node:
    """A place in the tree of phrases: what may come next, and the numbers of the phrases that are complete here."""

    __slots__ = ("next", "gaps", "complete", "_after")

    def __init__(self) -> None:
        self.next: dict[str, list[_Node]] = {}  # by symbol or word class
        self.gaps: list[tuple[int, _Node]] = []
        self.complete: list[int] = []
        self._after: dict[Item, _Node] = {}

    def add(self, row: Row, number: int) -> None:
        """Adds a row of items below this node; an optional item also opens the way around it."""
        if not row:
            self.complete.append(number)
            return
        item, rest = row[0], row[1:]
        if item.optional:
            self.add(rest, number)
        elif item.gap and all(each.optional for each in rest):
            self.complete.append(number)
        child = self._after.get(item)
        if child is None:
            child = self._after[item] = _Node()
            if item.gap:
                self.gaps.append((item.gap, child))
            for symbol in item.symbols:
                self.next.setdefault(symbol, []).append(child)
        child.add(rest, number)


Found = dict[int, int]  # number of a phrase -> the furthest end of a match


class _Walk:
    """One message walked through a tree."""

    def __init__(self, words: Words, tags: Tagging) -> None:
        self._norms, self._breaks, self._tags = words.norms, words.breaks, tags
        self._length = len(words)
        self._places, self._stops = tags.places, tags.stops

    def step(self, node: _Node, at: int, found: Found) -> None:
        """Takes what begins at word `at` as the next item after `node`."""
        here, following, tags, length = self._tags[at], node.next, self._tags, self._length
        for symbol in following.keys() & here.keys():
            ends = here[symbol]
            for child in following[symbol]:
                for end in ends:
                    # most ways end here: that is seen more cheaply than by going on
                    if child.complete or child.gaps or end < length and not child.next.keys().isdisjoint(tags[end]):
                        self._arrive(child, end, found)

    def _arrive(self, node: _Node, at: int, found: Found) -> None:
        """Everything that `node` leads to when the words before `at` have led to it."""
        for number in node.complete:
            if found.get(number, 0) < at:
                found[number] = at
        if at >= self._length:
            return
        following = node.next
        if following:
            if self._breaks[at] < CLAUSE:
                if not following.keys().isdisjoint(self._tags[at]):
                    self.step(node, at, found)
            elif self._breaks[at] == CLAUSE and self._norms[at] == "but":
                self._cross(node, at, found)
        for gap, after in node.gaps:
            self._leap(after, at, gap, found)

    def _leap(self, node: _Node, at: int, gap: int, found: Found) -> None:
        """Skips up to `gap` words; the nearest place at which a phrase goes on is the one that counts."""
        last = min(at + gap, self._stops[at]) + 1  # the word that stops may still be the next item
        if node.gaps:
            heres = list(range(at, last))
        else:
            places = self._places
            begins = node.next.keys() & places.keys()
            heres = (
                sorted({here for symbol in begins for here in places[symbol] if at <= here < last}) if begins else []
            )
        near: Found = {}
        for here in heres:
            reached: Found = {}
            self._arrive(node, here, reached)
            near = {**reached, **near}
        for number, end in near.items():
            if found.get(number, 0) < end:
                found[number] = end

    def _cross(self, node: _Node, at: int, found: Found) -> None:
        """A "but" ends a clause, except for a phrase that says it: "have to pee but cant"."""
        for symbol in _BUT & node.next.keys():
            for child in node.next[symbol]:
                self._arrive(child, at + 1, found)


class PhraseMatcher:
    """Finds all phrases of all names in a message."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._root = _Node()
        self._names: list[str] = []  # by the number of a phrase
        self._beside: dict[int, int] = {}  # "A && B": the number of A -> the number of B
        for name, lines in phrases.items():
            for phrase in lines:
                said, both, beside = phrase.partition(" && ")
                number = self._add(name, said)
                if both:
                    self._beside[number] = self._add("", beside)

    def _add(self, name: str, phrase: str) -> int:
        for row in parse(phrase):
            self._root.add(row, len(self._names))
        self._names.append(name)
        return len(self._names) - 1

    def find(self, words: Words, tags: Tags) -> list[Match]:
        """Every match, the longest for each name and start; in the same order in every process."""
        found = (Match(name, start, max(ends)) for name, start, ends in self.ends(words, tags))
        return sorted(found, key=lambda match: (match.start, match.end, match.name))

    def ends(self, words: Words, tags: Tags) -> Iterator[tuple[str, int, set[int]]]:
        """For each name and start where it matches: all ends, one for each phrase that fits."""
        tagging = tags if isinstance(tags, Tagging) else Tagging(words)
        walk, root = _Walk(words, tagging), self._root
        by_start: dict[int, Found] = {}
        for at in sorted({at for symbol in root.next.keys() & tagging.places.keys() for at in tagging.places[symbol]}):
            walk.step(root, at, by_start.setdefault(at, {}))
        names, beside = self._names, self._beside
        said = {number for found in by_start.values() for number in found} if beside else frozenset()
        for at, found in by_start.items():
            ends: dict[str, set[int]] = {}
            for number, end in found.items():
                if names[number] and (number not in beside or beside[number] in said):
                    ends.setdefault(names[number], set()).add(end)
            for name, reached in ends.items():
                yield name, at, reached


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

    def tag(self, words: Words) -> Tagging:
        """For every word the classes that begin there, with their ends, furthest first."""
        tags = Tagging(words)
        for matcher in self._levels:
            for name, at, ends in list(matcher.ends(words, tags)):
                tags.add(name, at, ends)
        return tags
