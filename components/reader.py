"""The NLU component: intent and entities of a message by the same reader that guards the gateway."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from intake.conversation.turns import asked_last
from intake.conversation.understanding import Understander, Understanding
from intake.protocol.load import ROOT, load

LANGUAGE = Path(__file__).resolve().parents[1] / "intake"
NOT_READ = "out_of_scope"

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True
)
class IntakeReader(GraphComponent):
    """Sets intent, ranking and entities (`finding` with its status as role, location, onset, duration, severity)."""

    def __init__(self, examples: list[tuple[str, str]], storage: ModelStorage, resource: Resource) -> None:
        self._examples = examples
        self._storage = storage
        self._resource = resource
        self._understander = Understander(load(), examples)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntakeReader:
        """A component that has not been trained yet."""
        return cls([], model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntakeReader:
        """The component as it was trained."""
        with model_storage.read_from(resource) as folder:
            examples = json.loads((folder / "examples.json").read_text(encoding="utf-8"))
        return cls([(intent, text) for intent, text in examples], model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A hash of the protocol and the reader's code: Rasa's own cache key sees only this class."""
        digest = hashlib.sha256()
        for path in sorted([*ROOT.rglob("*.yml"), *LANGUAGE.rglob("*.py")]):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps the examples: training the classifier is counting, done again at load."""
        self._examples = [
            (example.get(INTENT), example.get(TEXT)) for example in training_data.intent_examples if example.get(TEXT)
        ]
        with self._storage.write_to(self._resource) as folder:
            (folder / "examples.json").write_text(json.dumps(self._examples, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        """Understands each message as the answer to what the tracker says was asked last."""
        asked = asked_last(event.as_dict() for event in tracker.events) if tracker else None
        now = datetime.now(timezone.utc)
        for message in messages:
            try:
                self._set(message, self._understander.understand(message.get(TEXT) or "", asked, now))
            except Exception:  # noqa: BLE001 - an exception here would kill the whole turn: the policy still judges it
                logger.error("reader.message_not_understood")
                message.set(INTENT, {"name": NOT_READ, "confidence": 1.0}, add_to_output=True)
        return messages

    @staticmethod
    def _set(message: Message, understood: Understanding) -> None:
        intent = understood.intent
        message.set(INTENT, {"name": intent.name, "confidence": intent.confidence}, add_to_output=True)
        message.set(
            INTENT_RANKING_KEY,
            [{"name": name, "confidence": confidence} for name, confidence in intent.ranking],
            add_to_output=True,
        )
        message.set(ENTITIES, entities(understood, len(message.get(TEXT) or "")), add_to_output=True)


def entities(understood: Understanding, length: int) -> list[dict[str, Any]]:
    """Rasa entities of a message of `length` characters; an item answered by a pick spans the whole answer.

    Rasa's writers take no overlaps: entities that begin together share the longest end, later ones begin after it.
    """
    found: list[dict[str, Any]] = []
    for mention in understood.reading.mentions:
        if not mention.end and not mention.explicit:
            continue  # what a message only resembles stands in no words of it
        start, end = (mention.start, mention.end) if mention.end else (0, length)
        found.append(
            {"entity": "finding", "value": mention.id, "role": mention.status.value, "start": start, "end": end}
        )
    for entity, value, start, end in understood.reading.spans:
        found.append({"entity": entity, "value": value, "start": start, "end": end})
    ends: dict[int, int] = {}
    for each in found:
        ends[each["start"]] = max(ends.get(each["start"], 0), each["end"])
    kept: list[dict[str, Any]] = []
    for each in sorted(found, key=lambda each: each["start"]):
        apart = not kept or each["start"] in (kept[-1]["start"],) or each["start"] >= kept[-1]["end"]
        if apart and ends[each["start"]] > each["start"]:
            kept.append({**each, "end": ends[each["start"]], "extractor": "IntakeReader"})
    return kept
