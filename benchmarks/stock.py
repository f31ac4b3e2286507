"""Rasa's default pipeline (DIET with entities and roles), trained on what our reader was built from.

It learns from data/nlu and from the work part of tests/language. A label of the work part gets the words in which our
reader found it; what the reader did not find has no words to mark and teaches the intent alone. Messages of more than
30 words (one in twenty) are left out: DIET pads every batch to its longest message, which triples the time of training.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from benchmarks.language import ROOT, labelled_ids, messages
from components.reader import entities
from intake.conversation.understanding import Understander
from intake.language.intents import examples_in
from intake.protocol.load import Protocol
from intake.protocol.model import Status
from intake.triage.assess import floor
from intake.triage.record import Record, Statement

CONFIG = Path(__file__).with_name("stock.yml")
NLU = ROOT / "data" / "nlu"
LONGEST = 30  # words of a message to learn from


def training_data(protocol: Protocol) -> TrainingData:
    """data/nlu and the work part in Rasa's form."""
    examples = [*load_data(str(NLU)).training_examples, *_work_part(protocol)]
    for example in examples:
        # a word carries one entity, the last of those that begin with it: findings before facts
        marks = sorted(example.get(ENTITIES, ()), key=lambda mark: mark["entity"] == "finding")
        example.set(ENTITIES, marks)
    return TrainingData(examples)


def _work_part(protocol: Protocol) -> Iterator[Message]:
    understander = Understander(protocol, examples_in(NLU))
    for message in messages("work"):
        if message["asked"] or not message["intent"] or len(message["text"].split()) > LONGEST:
            continue
        understood = understander.understand(message["text"], None, datetime(2026, 1, 1, tzinfo=timezone.utc))
        intent = understood.intent.name if message["intent"] == "faq_*" else message["intent"]
        if message["intent"] == "faq_*" and not intent.startswith("faq_"):
            continue  # which question it is, neither the label nor the reader says
        found = entities(understood, len(message["text"]))
        marks = [mark for each in found if (mark := _as_labelled(each, message, protocol))]
        yield Message({TEXT: message["text"], INTENT: intent, ENTITIES: marks})


def _as_labelled(mark: dict[str, Any], message: dict[str, Any], protocol: Protocol) -> dict[str, Any] | None:
    """The mark with the status that the label gives it; None when the labels contradict it."""
    if mark["entity"] == "finding":
        gold = {row["id"]: row["status"] for row in message["findings"]}
        line = list(protocol.lineage(mark["value"]))
        status = next((gold[id] for id in line if id in gold), None)
        if status is None and labelled_ids() & set(line):
            return None
        return {**mark, "role": status or mark["role"]}
    if mark["entity"] == "pain_duration":
        return mark if message["pain_duration_days"] else None
    gold_fact = message[mark["entity"]]
    told = gold_fact if isinstance(gold_fact, list) else [gold_fact]
    return mark if str(mark["value"]) in map(str, told) else None


@dataclass(frozen=True)
class Answer:
    """What the stock pipeline says of a message: `danger` = its confidence (0 to 1) that this is an emergency."""

    intent: str
    fell_back: bool
    findings: dict[str, str]
    danger: float


class Stock:
    """The stock pipeline, trained."""

    def __init__(self, protocol: Protocol, folder: Path) -> None:
        self._protocol = protocol
        data = folder / "nlu.yml"
        data.write_text(training_data(protocol).nlu_as_yaml(), encoding="utf-8")
        model = train_nlu(str(CONFIG), str(data), str(folder), fixed_model_name="stock")
        self._agent = Agent.load(model)
        self._loop = asyncio.new_event_loop()

    def parse(self, text: str) -> dict[str, Any]:
        """What the pipeline itself gives."""
        return dict(self._loop.run_until_complete(self._agent.parse_message(text)))

    def answer(self, parsed: dict[str, Any]) -> Answer:
        """Intent beneath the fallback, findings with statuses, and the danger, by the same rules as ours."""
        ranking = [each for each in parsed["intent_ranking"] if each["name"] != "nlu_fallback"]
        chance = {each["name"]: each["confidence"] for each in ranking}
        marks = [mark for mark in parsed["entities"] if mark["entity"] == "finding" and mark.get("role")]
        findings: dict[str, str] = {}
        for mark in marks:
            for id in self._protocol.lineage(mark["value"]):
                findings.setdefault(id, mark["role"])
        return Answer(
            ranking[0]["name"],
            parsed["intent"]["name"] == "nlu_fallback",
            findings,
            max(chance.get("report_emergency", 0.0), self._alarm(marks)),
        )

    def _alarm(self, marks: list[dict[str, Any]]) -> float:
        """The highest confidence from which on the findings set an emergency floor together; 0 when they never do."""
        statements: list[Statement] = []
        for mark in sorted(marks, key=_confidence, reverse=True):
            if mark["value"] in self._protocol.findings:
                statements.append(Statement(mark["value"], Status(mark["role"])))
                level = floor(Record(statements=tuple(statements)), self._protocol, datetime(2026, 1, 1)).disposition
                if level is not None and level.is_emergency:
                    return _confidence(mark)
        return 0.0


def _confidence(mark: dict[str, Any]) -> float:
    return float(min(mark["confidence_entity"], mark["confidence_role"]))
