"""The second net: finds messages that resemble those of people in danger when no phrase has caught their words.

A linear model over words, pairs of words, word pieces and word classes gives every topic of
protocol/language/second_net.yml a likeness between 0 and 1. Its weights are a file (`scripts/second_net` learns them from
data/second_net), so the same message is always read the same way. It only adds findings: nothing that a phrase has found
is ever taken back, and what a finding leads to is decided by the rules alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from intake.language.phrases import Tags
from intake.language.reading import Mention
from intake.language.text import Words
from intake.protocol.model import Status

WEIGHTS = Path(__file__).with_name("second_net.npz")
BUCKETS = 1 << 16  # features share weights by hash
_NOT_NOW = frozenset({Status.absent, Status.past, Status.other_person, Status.hypothetical})
_REACH = 4  # words between which a pair is seen
_LENGTH = 8.0  # to which a message's values are scaled: that of a message of some ten words
_PIECES = (3, 4)  # letters of word pieces: misspellings share most of them


def features(words: Words, tags: Tags, mentions: Iterable[Mention]) -> tuple[list[int], list[float]]:
    """Buckets and values of what a message has: stems, pairs, pieces of words, word classes, what the phrases found.

    The values are scaled to one length, so that a long story does not weigh more than a short message.
    """
    stems = words.stems
    around = ("<", *stems, ">")
    found = dict.fromkeys(stems, 1.0)
    found.update((f"{left} {right}", 1.0) for left, right in zip(around, around[1:], strict=False))
    for at, left in enumerate(stems):
        found.update((f"{left}_{right}", 0.5) for right in stems[at + 2 : at + 1 + _REACH])
    for word in words.text.lower().split():
        marked = f"^{word}$"
        for size in _PIECES:
            found.update((f"*{marked[at : at + size]}", 0.3) for at in range(len(marked) - size + 1))
    found.update((f"<{name}>", 1.0) for here in tags for name in here if name[0] not in "~=" and name[-1] != "*")
    for each in mentions:
        found[f"{each.id}:{each.status.value}"] = found[f":{each.status.value}"] = 1.0
    if any(words.asks):
        found["?"] = 1.0
    scale = _LENGTH / sqrt(sum(value * value for value in found.values()) or 1.0)
    return [crc32(name.encode()) % BUCKETS for name in found], [value * scale for value in found.values()]


@dataclass(frozen=True)
class Likeness:
    """How much a message resembles those of people in danger (0 to 1), and of which topic it has most."""

    danger: float
    topic: str


class SecondNet:
    """Judges how much messages resemble those of people in danger."""

    def __init__(self, settings: Mapping[str, Any], weights: Path = WEIGHTS) -> None:
        self._settings, self._topics = settings, settings["topics"]
        with np.load(weights) as stored:
            self._names = stored["topics"].tolist()
            self._weights = stored["weights"].astype(np.float32) * stored["scale"]  # buckets x (none, topics)
            self._bias: NDArray[np.float32] = stored["bias"]
        if differing := sorted(set(self._topics) ^ set(self._names)):
            raise ValueError(
                f"protocol/language/second_net.yml and {weights.name} differ in {differing}: run scripts/second_net"
            )

    def likeness(self, words: Words, tags: Tags, mentions: Iterable[Mention]) -> Likeness:
        """How much the message resembles those that the weights were learned from."""
        buckets, values = features(words, tags, mentions)
        # no matrix product: its threads cost more than they save here
        scores = self._bias + (self._weights[buckets] * np.asarray(values, np.float32)[:, None]).sum(0)
        raised = np.exp(scores - scores.max())
        shares = raised / raised.sum()
        return Likeness(float(1 - shares[0]), self._names[int(shares[1:].argmax())])

    def caught(
        self, words: Words, tags: Tags, mentions: Sequence[Mention], group_of: Callable[[str], str]
    ) -> Mention | None:
        """What the message most likely speaks of, present or in doubt; None when it resembles no emergency."""
        likeness = self.likeness(words, tags, mentions)
        topic = self._topics[likeness.topic]
        finding = topic["finding"]
        contrary = any(each.status in _NOT_NOW and group_of(each.id) == group_of(finding) for each in mentions)
        sure = self._settings["sure_against_phrases"] if contrary else topic.get("sure", self._settings["sure"])
        if likeness.danger >= sure:
            return Mention(finding, Status.present, text=words.text)
        if likeness.danger >= self._settings["ask"]:
            return Mention(topic.get("doubt", finding), Status.unsure, text=words.text)
        return None
