"""A small naive Bayes classifier of messages; training is counting, weights are worked out when a word is first met."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from intake.language.text import Words, WordSplitter

_SMOOTHING = 0.3
_ANNOTATED = re.compile(r"\[([^\]]+)\](\[\{.*?\}\]|\{[^}]*\}|\([^)]*\))")  # with one entity, or with a list of them


def examples_in(folder: Path) -> Iterator[tuple[str, str]]:
    """(intent, text) of every example in Rasa NLU files below `folder`, entity annotations removed."""
    for path in sorted(folder.rglob("*.yml")):
        intent = None
        for line in path.read_text(encoding="utf-8").splitlines():
            head = re.match(r"\s*- intent: (\S+)", line)
            example = re.match(r"\s+- (.+)$", line)
            if head:
                intent = head.group(1)
            elif example and intent:
                yield intent, plain_text(example.group(1))


def plain_text(example: str) -> str:
    """An example without its entity annotations: "[numb]{...} foot" -> "numb foot"."""
    return _ANNOTATED.sub(r"\1", example)


class IntentClassifier:
    """Complement naive Bayes over stems, pairs of stems and the question mark."""

    def __init__(self, examples: Iterable[tuple[str, str]], splitter: WordSplitter) -> None:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for intent, text in examples:
            counts[intent].update(features(splitter.split(text)))
        self.intents = tuple(counts)
        self._counts: dict[str, dict[str, int]] = defaultdict(dict)
        for intent, counted in counts.items():
            for feature, count in counted.items():
                self._counts[feature][intent] = count
        self._sizes = {intent: sum(counted.values()) for intent, counted in counts.items()}
        self._grand = sum(self._sizes.values())
        self._smooth = _SMOOTHING * len(self._counts)
        self._weights: dict[str, dict[str, float]] = {}

    def rank(self, words: Words) -> tuple[tuple[str, float], ...]:
        """All intents with probabilities, most likely first; a message without a known word gives an even spread."""
        known = [self._weight(feature) for feature in features(words) if feature in self._counts]
        scores = {intent: sum(weights[intent] for weights in known) for intent in self.intents}
        # Features overlap (words and their pairs), so the sum overstates the evidence: temper it.
        temper = math.sqrt(len(known)) or 1.0
        top = max(scores.values(), default=0.0)
        raised = {intent: math.exp((score - top) / temper) for intent, score in scores.items()}
        total = sum(raised.values())
        return tuple(sorted(((intent, value / total) for intent, value in raised.items()), key=lambda pair: -pair[1]))

    def _weight(self, feature: str) -> dict[str, float]:
        """How much a feature speaks for each intent."""
        weights = self._weights.get(feature)
        if weights is None:
            counted = self._counts[feature]
            total = sum(counted.values())
            weights = {}
            for intent, own in self._sizes.items():
                count = counted.get(intent, 0)
                inside = (count + _SMOOTHING) / (own + self._smooth)
                outside = (total - count + _SMOOTHING) / (self._grand - own + self._smooth)
                weights[intent] = math.log(inside / outside)
            if len(self._weights) < _KEPT:
                self._weights[feature] = weights
        return weights


_KEPT = 3000  # features whose weights are kept


def features(words: Words) -> set[str]:
    """Stems, pairs of neighbours, and whether something is asked."""
    stems = ("<", *words.stems, ">")
    found = {*words.stems, *(f"{left} {right}" for left, right in zip(stems, stems[1:], strict=False))}
    if any(words.asks):
        found.add("?")
    return found
