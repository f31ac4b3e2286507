"""The intent of a message, from what was read in it, the phrases of requests and topics, and a small classifier.

Each kind of evidence adds to the score of an intent, in the order of the contract (docs/house.md): an emergency and a
bare answer decide alone, a request outweighs a symptom, a symptom outweighs a fact, and so on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from intake.language.bayes import IntentClassifier, examples_in, plain_text
from intake.language.phrases import PhraseMatcher, Tags
from intake.language.reader import Reader
from intake.language.reading import Reading
from intake.language.text import SENTENCE, Words
from intake.protocol.model import Status

__all__ = ["Intent", "IntentReader", "examples_in", "plain_text"]

_INFORM_OF_FACT = (
    ("pain_location", "inform_pain_location"),
    ("pain_duration_days", "inform_pain_duration"),
    ("pain_onset", "inform_pain_onset"),
    ("pain_severity", "inform_pain_severity"),
    ("treatments_tried", "inform_treatments_tried"),
    ("goals", "inform_goals"),
)
_INFORM_OF_SLOT = dict(_INFORM_OF_FACT) | {"pain_trend": "inform_symptoms"}
_BARE = {"none": "deny", "no": "deny", "yes": "affirm", "unsure": "unsure", "declined": "decline_to_answer"}
_SMALL_TALK = ("thank", "goodbye", "greet", "unsure", "decline_to_answer", "affirm", "deny")
_REQUESTS = (
    "request_human",
    "cancel_appointment",
    "reschedule_appointment",
    "request_appointment",
    "request_second_opinion",
)
_SYMPTOM_SITES = frozenset({"leg", "arm", "chest", "abdomen", "flank"})  # pain there is a finding of its own
_NO_SYMPTOMS = frozenset({"lift_twist", "overuse", "opioid_use", "smoker_history", "spine_surgery_history"})
# Treatments and devices: a question about them tells no symptom.
_TREATED = frozenset(
    """recent_spine_procedure spine_surgery_history spinal_stimulator pain_pump implanted_device implanted_device_problem
    clot_risk steroid_use indwelling_line_history opioid_use anticoagulant pain_pump_device""".split()
)
_ASKS = frozenset(
    """what whats how hows is are can could does do should will would why when where which who whos am did has r isnt
    arent doesnt whens wheres any tell explain describe define info information wondering curious que cual como""".split()
)
_ASKS_TOO = (
    ("tell", "me"),
    ("what", "about"),
    ("how", "about"),
    ("good", "or"),
    ("wondering", "if"),
    ("curious", "about"),
    ("difference", "between"),
    ("is", "that"),
    ("is", "this"),
    ("should", "i"),
    ("do", "i"),
    ("what", "should"),
    ("what", "do"),
    ("what", "happens"),
)
_NO_QUESTION = (
    ("when", "i"),
    ("has", "been"),
    ("did", "pt"),
    ("did", "not"),
    ("is", "what"),
    ("when", "my"),
    ("do", "not"),
    ("did", "physical"),
    ("can", "not"),
    ("are", "fine"),
)
_DENIALS = frozenset(
    """no not none never without dont doesnt didnt isnt arent wasnt havent hasnt cant wont nothing neither nor deny denies
    fine normal ok okay good gone great negative free sin ni nunca well stronger better stopped clear""".split()
)
_NOT = frozenset({"dont", "not", "no", "longer", "didnt", "wont", "never"})
_SPANISH = frozenset(
    "me de la el en que no mi tengo duele dolor espalda con y desde los se una por para las del al".split()
)


_HEALTH = frozenset(
    """pain pains hurt hurts hurting ache aches aching achy sore stiff numb tingle tingling weak weakness pee peeing poop bowel
    bladder fever cancer swollen rash dizzy faint fell pregnant period bleeding bled clean suicidal osteoporosis bones
    blood incontinent erection erections balance weight infection diabetes thinner thinners steroid steroids prednisone dolor
    duele sangre burning cramp cramps spasm walk walking sleep feel feels feeling symptoms worse better off opioid pills dose
    morphine withdrawal needle needles used user using trying sex breath chest heart leg arm foot""".split()
)
_MEASURED = frozenset({"inform_pain_duration", "inform_pain_severity", "inform_pain_onset"})
_SELF = frozenset({"i", "im", "ive", "my", "me", "mine", "thats", "guys"})
_ELLIPSIS = 6  # words of a question that names no more than its topic
_SURE = 5.5  # weight of a clear request


@dataclass(frozen=True)
class Intent:
    """An intent with its probability; `ranking` is the classifier's own view."""

    name: str
    confidence: float
    ranking: tuple[tuple[str, float], ...] = ()


class IntentReader:
    """Decides the intent of a message."""

    def __init__(self, reader: Reader, examples: Iterable[tuple[str, str]]) -> None:
        language = reader.language
        self._splitter = reader.splitter
        self._classifier = IntentClassifier(examples, reader.splitter)
        self._phrases = PhraseMatcher(language.get("intents", {}))
        topics: Mapping[str, Any] = language.get("topics", {})
        self._beats = topics.get("beats", {})
        topics = {kind: lists for kind, lists in topics.items() if kind != "beats"}
        self._rank_of = {topic: kind for kind, lists in topics.items() for topic in lists}
        self._topics = PhraseMatcher({topic: rows for lists in topics.values() for topic, rows in lists.items()})

    def intent(self, text: str, reading: Reading, emergency: bool, slot: str | None = None) -> Intent:
        """The intent; `emergency` = the message alone sets an emergency floor, `slot` = slot of the question asked."""
        words = self._splitter.split(text)
        ranking = self._classifier.rank(words)
        name = self._decided(words, reading, emergency, slot)
        if name is None:
            scores = self._scores(words, reading, dict(ranking), slot)
            name = max(scores, key=lambda intent: scores[intent], default="out_of_scope")
        chance = dict(ranking).get(name, 0.0)
        likely = ranking[0][0] if ranking else ""
        return Intent(name, chance if name == likely else 1.0, ranking[:10])

    # -- what decides alone

    @staticmethod
    def _decided(words: Words, reading: Reading, emergency: bool, slot: str | None) -> str | None:
        if emergency:
            return "report_emergency"
        symptoms = any(mention.status is not Status.declined and not mention.explicit for mention in reading.mentions)
        if reading.bare and slot and not symptoms:
            if slot in _INFORM_OF_SLOT and reading.bare in ("none", "no") and "pain_severity" in reading.facts:
                return _INFORM_OF_SLOT[slot]
            return _BARE[reading.bare]
        if slot in _INFORM_OF_SLOT and slot in reading.facts and not symptoms and not any(words.asks):
            return _INFORM_OF_SLOT[slot]
        if slot and reading.picked and not symptoms:
            if len(words) <= 2 and words.norms[0] in ("yes", "yeah", "yep", "y", "si", "no", "nope"):
                return "deny" if words.norms[0].startswith("no") else "affirm"
            return _INFORM_OF_SLOT.get(slot, "inform_symptoms")
        return None

    # -- what is weighed

    def _scores(self, words: Words, reading: Reading, chance: dict[str, float], slot: str | None) -> dict[str, float]:
        scores = {
            intent: 1.3 * math.log(value + 0.02) for intent, value in chance.items() if intent != "report_emergency"
        }
        tags: Tags = [{} for _ in words.norms]
        covered = self._covered(words, tags)
        told = self._tells_symptoms(words, reading, asks_in_words(words) or any(words.asks))
        facts = [intent for fact, intent in _INFORM_OF_FACT if reading.facts.get(fact) not in (None, [], ())]
        short = len(words) <= 8 and bool(set(facts) & _MEASURED) and words.norms[0] in ("can", "could", "would")
        plain = not set(facts) & _MEASURED and (not facts or "inform_pain_location" not in facts)
        asks = asks_in_words(words) and not short or any(words.asks) and plain and not told
        topics = self._topic_weights(words, tags, asks)
        if (
            not asks
            and len(words) <= _ELLIPSIS
            and not told
            and "treatment_said" not in covered
            and not set(facts) & _MEASURED
        ):
            # "heat or ice", "prolotherapy legit": a treatment alone is asked about
            if (
                not _SELF & set(words.norms)
                and {self._rank_of[topic] for topic in topics} & {"things", "always"}
                and slot != "treatments_tried"
            ):
                asks, topics = True, self._topic_weights(words, tags, True)
        for intent, length in covered.items():
            sure = intent.endswith("_sure")
            self._add(
                scores, intent.removesuffix("_sure"), _SURE if sure else self._phrase_weight(intent, length, len(words))
            )
        for intent in scores:
            if intent.startswith("faq_"):
                scores[intent] += 1.0 if asks else -2.0
        for topic, weight in topics.items():
            self._add(scores, topic, weight)
        if not (covered or topics or told or facts or _HEALTH & set(words.norms)):
            self._add(scores, "out_of_scope", 1.5)
        if "bot_challenge_sure" in covered:
            self._add(scores, "request_human", -6.0)
        self._add(scores, "inform_goals", 1.5 if "goal_said" in covered and not asks else 0.0)
        self._add_flags(scores, words, reading, slot, asks)
        self._add_symptoms(scores, words, reading, told, asks, {self._rank_of[topic] for topic in topics})
        self._add_facts(scores, facts, asks, bool(told), "goal_said" in covered)
        return scores

    @staticmethod
    def _add(scores: dict[str, float], intent: str, weight: float) -> None:
        if intent in scores:
            scores[intent] += weight

    def _covered(self, words: Words, tags: Tags) -> dict[str, int]:
        """How many words the phrases of each intent cover."""
        at: dict[str, set[int]] = {}
        for match in self._phrases.find(words, tags):
            if match.name.startswith("request_") and _NOT & set(words.norms[max(0, match.start - 2) : match.start]):
                continue
            at.setdefault(match.name, set()).update(range(match.start, match.end))
        return {intent: len(places) for intent, places in at.items()}

    @staticmethod
    def _phrase_weight(intent: str, covered: int, length: int) -> float:
        """Small talk counts by the share of the message that it fills, a request by being there."""
        share = covered / max(1, length)
        if intent in _SMALL_TALK:
            return 4.0 * share - (1.0 if share < 0.5 and intent != "thank" else 0.0)
        return 1.0 + 1.5 * share

    def _topic_weights(self, words: Words, tags: Tags, asks: bool) -> dict[str, float]:
        found: dict[str, int] = {}
        for match in self._topics.find(words, tags):
            found[match.name] = max(found.get(match.name, 0), match.end - match.start)
        for topic in list(found):
            for beaten in self._beats.get(topic, ()):
                found.pop(beaten, None)
        kinds = {self._rank_of[topic] for topic in found}
        weights = {}
        for topic, length in found.items():
            kind = self._rank_of[topic]
            weight = 1.2 + 0.2 * min(length, 5)
            if kind == "general" and "things" in kinds:
                weight *= 0.4
            elif kind == "always":
                weight += 0.8
            weights[topic] = weight if asks else 0.6 * weight
        return weights

    def _add_flags(
        self, scores: dict[str, float], words: Words, reading: Reading, slot: str | None, asks: bool
    ) -> None:
        """Flags of the reading, and what cannot be meant."""
        self._add(scores, "opt_out", 5.0 if reading.opt_out else -1.0)
        self._add(scores, "request_human", 6.0 if reading.human else -1.5)
        self._add(scores, "correct_answer", 5.0 if reading.correction else -1.0)
        if sum(word in _SPANISH for word in words.norms) >= 3:
            self._add(scores, "request_human", 6.0 if reading.human else -3.0)
            self._add(scores, "opt_out", 0.0 if reading.opt_out else -3.0)
        if slot and reading.answered and not asks:
            for intent in ("out_of_scope", "greet"):
                self._add(scores, intent, -5.0)
        if reading.bare:
            self._add(scores, _BARE[reading.bare], 2.0)
        if (
            words.norms[:1]
            and words.norms[0] in ("what", "whats", "is", "does", "do", "why")
            and "have" not in words.norms
        ):
            self._add(scores, "request_appointment", -3.0)
        if words.norms[:1] and words.norms[0] in ("is", "when", "why", "how", "should", "will", "what"):
            self._add(scores, "request_second_opinion", -4.0)

    def _add_symptoms(
        self, scores: dict[str, float], words: Words, reading: Reading, told: str, asks: bool, kinds: set[str]
    ) -> None:
        """Symptoms told outweigh facts; a question with a treatment in it is a question."""
        weight = {"present": 5.0, "other": 4.0, "": 0.0}[told]
        if asks and told:
            weight = (1.0 if kinds & {"things", "always"} else 2.5) if told == "present" else -2.0
        if set(reading.facts.get("pain_location") or ()) & _SYMPTOM_SITES and not asks and not told:
            weight = 4.0
        if not told and not reading.facts and not _HEALTH & set(words.norms):
            weight -= 2.5
        self._add(scores, "inform_symptoms", weight)

    def _add_facts(self, scores: dict[str, float], facts: list[str], asks: bool, told: bool, goal: bool) -> None:
        """The first fact in the order of the contract."""
        if not goal:
            facts = [intent for intent in facts if intent != "inform_goals"]
        for place, intent in enumerate(facts):
            if not told:
                self._add(scores, intent, (0.5 if asks else 3.5) if place == 0 else 0.0)
        for _, intent in _INFORM_OF_FACT:
            if intent not in facts:
                self._add(scores, intent, -1.5 if intent not in ("inform_treatments_tried", "inform_goals") else -0.5)
            elif asks:
                self._add(scores, intent, -1.5)

    @staticmethod
    def _tells_symptoms(words: Words, reading: Reading, asks: bool) -> str:
        """Such as "present", "other" (denied, past, somebody's) or "" when no finding is spoken of."""
        kinds = ""
        for mention in reading.mentions:
            if mention.explicit or mention.id in _NO_SYMPTOMS or mention.status is Status.declined:
                continue
            if asks and mention.id in _TREATED:
                continue
            if mention.status in (Status.present, Status.unsure):
                return "present"
            # "cabin fever" is read as no fever without any denial: an idiom tells of no symptom.
            if mention.status is not Status.absent or _DENIALS & set(words.norms):
                kinds = "other"
        return kinds


def asks_in_words(words: Words) -> bool:
    """A sentence begins like a question, or asks further on ("..., is that arthritis")."""
    norms = words.norms
    starts = [at for at in range(len(words)) if words.breaks[at] >= SENTENCE] or [0]
    if len(norms) > 1 and any(norms[at] in _ASKS and norms[at : at + 2] not in _NO_QUESTION for at in starts):
        return True
    return any(norms[at : at + 2] in _ASKS_TOO for at in range(len(norms)))
