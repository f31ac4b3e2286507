"""Mends misspelt words towards the protocol's own vocabulary, and leaves every ordinary English or Spanish word alone."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files

# Below this count pyspellchecker's list (film subtitles) holds too many misspellings of its own.
_KNOWN_FROM = 60
_SHORTEST = 4
_TWO_EDITS_FROM = 8
_REPEATED = re.compile(r"(.)\1{2,}")


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Ordinary English and Spanish words, from the frequency lists that pyspellchecker ships."""
    words: set[str] = set()
    for language in ("en", "es"):
        packed = files("spellchecker").joinpath(f"resources/{language}.json.gz").read_bytes()
        counts = json.loads(gzip.decompress(packed))
        words.update(word.replace("'", "") for word, count in counts.items() if count >= _KNOWN_FROM)
    return frozenset(words)


def _deletes(word: str, edits: int) -> Iterator[str]:
    """The word itself and every word that `edits` deletions lead to."""
    found = {word}
    frontier = {word}
    for _ in range(edits):
        frontier = {part[:i] + part[i + 1 :] for part in frontier for i in range(len(part))}
        found |= frontier
    return iter(found)


def distance(left: str, right: str) -> int:
    """Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours."""
    before: list[int] = []
    previous = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        current = [i]
        for j, b in enumerate(right, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, previous = previous, current
    return previous[-1]


class Mender:
    """Callable: an unknown word of four letters or more becomes the nearest vocabulary word within one edit (two from eight letters)."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._vocabulary = frozenset(word for word in vocabulary if word.isalpha())
        self._known = known_words() | self._vocabulary
        self._index: dict[str, list[str]] = {}
        for word in self._vocabulary:
            if len(word) >= _SHORTEST:
                for part in _deletes(word, 2 if len(word) >= _TWO_EDITS_FROM else 1):
                    self._index.setdefault(part, []).append(word)
        self._mended = lru_cache(maxsize=20_000)(self._search)

    def __call__(self, word: str) -> str:
        """The word, mended when it is unknown and near a word of the vocabulary."""
        if word in self._known or len(word) < _SHORTEST or not word.isalpha():
            return word
        return self._mended(word)

    def _search(self, word: str) -> str:
        squeezed = _REPEATED.sub(r"\1", word)  # "sooo", "paaain"
        if squeezed in self._known:
            return squeezed
        edits = 2 if len(word) >= _TWO_EDITS_FROM else 1
        candidates = {match for part in _deletes(word, edits) for match in self._index.get(part, ())}
        best = min(((distance(word, match), match[0] != word[0], match) for match in candidates), default=None)
        # A different first letter is rarely a slip of the finger: allow it only at one edit of a longer word.
        if best is None or best[0] > edits or (best[1] and (best[0] > 1 or len(word) < 6)):
            return word
        return best[2]
