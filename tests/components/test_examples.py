"""The NLU examples carry their entities, and read the same here and in Rasa."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData

from intake.language.bayes import examples_in, plain_text
from intake.protocol.model import Status

NLU = Path(__file__).resolve().parents[2] / "data" / "nlu"


@pytest.fixture(scope="module")
def trained_on() -> TrainingData:
    return load_data(str(NLU))


def test_rasa_reads_the_same_examples(trained_on: TrainingData) -> None:
    # Rasa keeps one of each example
    assert {(each.get("intent"), each.get("text")) for each in trained_on.intent_examples} == set(examples_in(NLU))


def test_findings_carry_their_status_as_role(trained_on: TrainingData) -> None:
    marks = [mark for each in trained_on.entity_examples for mark in each.get("entities")]
    roles = {mark.get("role") for mark in marks if mark["entity"] == "finding"}
    assert {"present", "absent"} <= roles <= {status.value for status in Status}


@pytest.mark.parametrize(
    ("example", "text"),
    (
        ('[numb]{"entity": "finding", "role": "present", "value": "numbness"} foot', "numb foot"),
        ('my [sciatica][{"entity": "finding"}, {"entity": "pain_location", "value": "leg"}]', "my sciatica"),
        ("[lower back](pain_location) hurts", "lower back hurts"),
        ("it hurts (a lot) [sic]", "it hurts (a lot) [sic]"),
    ),
)
def test_annotations_are_no_words(example: str, text: str) -> None:
    assert plain_text(example) == text
