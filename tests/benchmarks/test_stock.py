"""What the stock pipeline learns from is what the labels say."""

from __future__ import annotations

import pytest

from benchmarks.stock import LONGEST, training_data
from intake.protocol.load import load


@pytest.fixture(scope="module")
def examples() -> list[dict]:
    return [example.as_dict() for example in training_data(load()).training_examples]


def test_a_label_of_the_work_part_names_the_status_of_the_words(examples: list[dict]) -> None:
    text = "no fever no chills no weight loss no cancer. just a pulled muscle from shoveling"
    said = next(each for each in examples if each["text"] == text)
    roles = {mark["value"]: mark["role"] for mark in said["entities"] if mark["entity"] == "finding"}
    assert roles["weight_loss"] == "absent"
    assert said["intent"] == "inform_symptoms"


def test_of_entities_that_share_words_the_finding_comes_last(examples: list[dict]) -> None:
    for example in examples:
        kinds = [mark["entity"] == "finding" for mark in example.get("entities", ())]
        assert kinds == sorted(kinds)


def test_no_message_is_longer_than_a_batch_can_bear(examples: list[dict]) -> None:
    assert max(len(example["text"].split()) for example in examples) <= LONGEST


def test_a_finding_counts_as_what_it_is_a_case_of() -> None:
    protocol = load()
    child = next(each for each in protocol.findings.values() if each.parent)
    assert list(protocol.lineage(child.id))[:2] == [child.id, child.parent]
    assert list(protocol.lineage("no such finding")) == []
