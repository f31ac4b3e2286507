"""The same words read by the question that was asked."""

from __future__ import annotations

import pytest

from intake.language.reader import Reader


def statuses(reader: Reader, asked: str, text: str) -> dict[str, str]:
    return {mention.id: mention.status.value for mention in reader.read(text, asked).mentions}


@pytest.mark.parametrize(
    ("asked", "text", "picked"),
    [
        ("SMS-07", "A C", ("A", "C")),
        ("SMS-07", "ac", ("A", "C")),
        ("SMS-07", "b n c", ("B", "C")),
        ("SMS-07", "just A", ("A",)),
        ("SMS-07", "yes to A", ("A",)),
        ("SMS-07", "a little A", ("A",)),
        ("SMS-07", "the last one", ("E",)),
        ("SMS-07", "all of them", ("A", "B", "C", "D", "E")),
        ("SMS-07", "a little", ()),
        ("SMS-07", "bad", ()),
        ("SMS-10", "3B", ("3", "B")),
        ("SMS-09", "so n so", ()),
        ("SMS-04t", "2 days ago", ("1",)),
        ("Q7", "Night sweats; One calf swollen", ("sweats", "calf")),
        ("Q7", "Night sweats\nOne calf swollen", ("sweats", "calf")),
        ("Q1", "Me; 45; Female", ("me", "female")),
        ("Q1", "45 yo woman", ("female",)),
    ],
)
def test_options_are_picked(reader: Reader, asked: str, text: str, picked: tuple[str, ...]) -> None:
    assert reader.read(text, asked).picked == picked


@pytest.mark.parametrize(
    ("asked", "text", "fact", "value"),
    [
        ("Q1", "Me; 45; Female", "age", 45),
        ("SMS-01", "im 45", "age", 45),
        ("SMS-12", "seven", "pain_severity", 7),
        ("SMS-10", "3", "pain_severity", None),
        ("SMS-07", "0", "pain_severity", None),
        ("Q1", "i'm 62 m", "pain_duration_days", None),
        ("SMS-04t", "3 days ago", "pain_duration_days", None),
        ("Q6", "none", "mechanism", ["none"]),
    ],
)
def test_facts_are_those_of_the_question(reader: Reader, asked: str, text: str, fact: str, value: object) -> None:
    assert reader.read(text, asked).facts.get(fact) == value


@pytest.mark.parametrize("text", ["none", "0", "no to all", "none of these", "nope none"])
def test_none_denies_every_item_and_what_is_more_specific(reader: Reader, text: str) -> None:
    read = statuses(reader, "SMS-07", text)
    assert set(read.values()) == {"absent"}
    assert {"fever", "weight_loss", "abdominal_pain", "rigid_abdomen"} <= set(read)


def test_a_pick_denies_the_rest_of_the_batch(reader: Reader) -> None:
    read = statuses(reader, "SMS-07", "A")
    assert read["fever"] == "present"
    assert read["weight_loss"] == "absent"


def test_everything_else_no_denies_the_rest_of_the_batch(reader: Reader) -> None:
    read = statuses(reader, "Q4", "I leak when I cough. Everything else, no.")
    assert read["urinary_incontinence"] == "present"
    assert read["saddle_numbness"] == "absent"


def test_one_choice_denies_only_what_it_says_it_denies(reader: Reader) -> None:
    assert statuses(reader, "SMS-09", "N")["suicidal_plan"] == "absent"
    assert set(statuses(reader, "SMS-09", "Y")) == {"passive_death_wish"}
