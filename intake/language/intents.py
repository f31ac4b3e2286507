"""The intent of a message: what the reader found decides first, a small naive Bayes classifier decides the rest.

One intent per message; the order of the rules below is the labelling order of the contract in docs/house.md.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Iterator, Optional

from intake.language.reader import Reader, Reading
from intake.language.text import Words, WordSplitter
from intake.protocol.model import Status

_SMOOTHING = 0.3
_INFORM_OF_FACT = (
    ("pain_location", "inform_pain_location"),
    ("pain_duration_days", "inform_pain_duration"),
    ("pain_onset", "inform_pain_onset"),
    ("pain_severity", "inform_pain_severity"),
    ("treatments_tried", "inform_treatments_tried"),
    ("goals", "inform_goals"),
)
_INFORM_OF_SLOT = {slot: intent for slot, intent in _INFORM_OF_FACT} | {"pain_trend": "inform_symptoms"}
_INFORM = frozenset(intent for _, intent in _INFORM_OF_FACT) | {"inform_symptoms", "report_emergency"}
_BARE = {"none": "deny", "no": "deny", "yes": "affirm", "unsure": "unsure", "declined": "decline_to_answer"}


@dataclass(frozen=True)
class Intent:
    """An intent with its probability; `second` is the classifier's own view when a rule decided otherwise."""

    name: str
    confidence: float
    ranking: tuple[tuple[str, float], ...] = ()


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
    return re.sub(r"\[([^\]]+)\](\{[^}]*\}|\([^)]*\))", r"\1", example)


class IntentClassifier:
    """Complement naive Bayes over stems, pairs of stems and the question mark; training is counting."""

    def __init__(self, examples: Iterable[tuple[str, str]], splitter: WordSplitter) -> None:
        self._splitter = splitter
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for intent, text in examples:
            counts[intent].update(self._features(splitter.split(text)))
        total: Counter[str] = Counter()
        for counted in counts.values():
            total.update(counted)
        grand, size = sum(total.values()), len(total)
        self._weights: dict[str, dict[str, float]] = defaultdict(dict)
        self._unseen: dict[str, dict[str, float]] = {}
        self.intents = tuple(counts)
        for intent, counted in counts.items():
            own = sum(counted.values())
            for feature in total:
                inside = (counted[feature] + _SMOOTHING) / (own + _SMOOTHING * size)
                outside = (total[feature] - counted[feature] + _SMOOTHING) / (grand - own + _SMOOTHING * size)
                self._weights[feature][intent] = math.log(inside / outside)

    @staticmethod
    def _features(words: Words) -> set[str]:
        stems = ("<", *words.stems, ">")
        features = {*words.stems, *(f"{left} {right}" for left, right in zip(stems, stems[1:]))}
        if any(words.asks):
            features.add("?")
        return features

    def rank(self, text: str) -> tuple[tuple[str, float], ...]:
        """All intents with probabilities, most likely first; a message without a known word gives an even spread."""
        scores = dict.fromkeys(self.intents, 0.0)
        known = [
            weights for feature in self._features(self._splitter.split(text)) if (weights := self._weights.get(feature))
        ]
        for weights in known:
            for intent, weight in weights.items():
                scores[intent] += weight
        # Features overlap (words and their pairs), so the sum overstates the evidence: temper it.
        temper = math.sqrt(len(known)) or 1.0
        top = max(scores.values(), default=0.0)
        raised = {intent: math.exp((score - top) / temper) for intent, score in scores.items()}
        total = sum(raised.values())
        return tuple(sorted(((intent, value / total) for intent, value in raised.items()), key=lambda pair: -pair[1]))


class IntentReader:
    """Decides the intent of a message from its Reading, then from the classifier."""

    def __init__(self, reader: Reader, examples: Iterable[tuple[str, str]]) -> None:
        self._classifier = IntentClassifier(examples, reader.splitter)

    def intent(self, text: str, reading: Reading, emergency: bool, slot: Optional[str] = None) -> Intent:
        """The intent; `emergency` = the message alone sets an emergency floor, `slot` = slot of the question asked."""
        ranking = self._classifier.rank(text)
        likely, confidence = ranking[0] if ranking else ("out_of_scope", 0.0)
        name = self._by_rule(reading, emergency, likely, confidence, dict(ranking), slot)
        return Intent(name, confidence if name == likely else 1.0, ranking[:10])

    @staticmethod
    def _by_rule(
        reading: Reading, emergency: bool, likely: str, confidence: float, chance: dict[str, float], slot: Optional[str]
    ) -> str:
        if reading.opt_out and likely == "opt_out":
            return "opt_out"
        if emergency:
            return "report_emergency"
        if likely == "report_emergency":
            # The rules found no emergency: the classifier alone never declares one, it makes the assistant ask.
            likely = next(
                iter(
                    sorted(
                        (intent for intent in chance if intent != "report_emergency"),
                        key=lambda intent: -chance[intent],
                    )
                ),
                "inform_symptoms",
            )
        if likely in (
            "opt_out",
            "request_human",
            "reschedule_appointment",
            "cancel_appointment",
            "request_appointment",
            "request_second_opinion",
        ):
            return likely
        if reading.human and not likely.startswith("faq_"):
            return "request_human"
        about_symptoms = any(
            mention.status is not Status.declined and not mention.explicit for mention in reading.mentions
        )
        if reading.bare and (slot or not about_symptoms) and not about_symptoms:
            if slot in _INFORM_OF_SLOT and reading.bare in ("none", "no") and "pain_severity" in reading.facts:
                return _INFORM_OF_SLOT[slot]
            return _BARE[reading.bare]
        if slot in _INFORM_OF_SLOT and slot in reading.facts and not about_symptoms:
            return _INFORM_OF_SLOT[slot]
        if likely == "correct_answer":
            return likely
        if likely.startswith("faq_"):
            return likely
        if about_symptoms:
            return "inform_symptoms"
        if likely in _INFORM or not any(fact in reading.facts for fact, _ in _INFORM_OF_FACT):
            if likely == "inform_symptoms":
                for fact, intent in _INFORM_OF_FACT:
                    if fact in reading.facts:
                        return intent
            return likely
        if confidence < 0.5:
            for fact, intent in _INFORM_OF_FACT:
                if fact in reading.facts:
                    return intent
        return likely
