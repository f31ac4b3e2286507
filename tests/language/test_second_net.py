"""The second net: indirect words of people in danger are caught, ordinary ones are not, and nothing is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.language.reader import Reader
from intake.language.second_net import SecondNet, features
from intake.protocol.load import load
from intake.protocol.model import Status

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = load().language["second_net"]


def positive(reader: Reader, text: str, asked: str | None = None) -> dict[str, Status]:
    read = reader.read(text, asked)
    return {each.id: each.status for each in read.mentions if each.status in (Status.present, Status.unsure)}


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("sat down on the loo and it could have been a stranger sitting there, nothing registers underneath", "saddle_numbness"),
        ("I have fed the dog, paid the rent and written to my sister, by the morning nobody has to bother with me", "suicidal_ideation"),
        ("gave gran her evening tablets, then my brother gave them again, she is very dozy now", "overdose_concern"),
    ],
)  # fmt: skip
def test_words_that_no_phrase_has_are_caught(reader: Reader, text: str, finding: str) -> None:
    family = load().family(finding) | {"passive_death_wish", "overdose_excess"}
    assert family & positive(reader, text).keys()


@pytest.mark.parametrize(
    "text",
    [
        "my lower back aches after gardening, about a 4 out of 10",
        "do you take blue cross and can I come on tuesday afternoon?",
        "three weeks now, started when I lifted a box of books",
        "thanks, that was helpful",
        "physio helped a little and ibuprofen takes the edge off",
    ],
)
def test_ordinary_messages_are_not(reader: Reader, text: str) -> None:
    words, tags, mentions = reader.phrases_found(text)
    net = SecondNet(SETTINGS)
    assert net.likeness(words, tags, mentions).danger < SETTINGS["ask"]


def test_a_long_story_weighs_no_more_than_a_short_message(reader: Reader) -> None:
    story = " ".join(f"week {week} the back was about the same and I went to work" for week in range(1, 30))
    lengths = {
        round(sum(value * value for value in features(*reader.phrases_found(text))[1]), 3)
        for text in ("my back aches", story)
    }
    assert len(lengths) == 1


def test_what_the_phrases_found_stays(reader: Reader) -> None:
    text = "no fever, but numb between the legs since last night and I cannot pee"
    _, _, by_phrases = reader.phrases_found(text)
    read = {(each.id, each.status) for each in reader.read(text).mentions}
    assert {(each.id, each.status) for each in by_phrases} <= read


@pytest.mark.parametrize(("text", "asked"), [("none", "Q4"), ("A C", "Q4"), ("7", "Q13"), ("no", "Q9")])
def test_bare_answers_are_not_judged(reader: Reader, text: str, asked: str) -> None:
    assert all(each.explicit for each in reader.read(text, asked).mentions)


def test_a_topic_without_weights_is_an_error() -> None:
    settings = {**SETTINGS, "topics": {**SETTINGS["topics"], "eyes": {"finding": "vision_loss"}}}
    with pytest.raises(ValueError, match=r"second_net.yml.*eyes.*scripts/second_net"):
        SecondNet(settings)


@pytest.mark.parametrize("topic", SETTINGS["topics"])
def test_a_topic_names_findings_of_the_protocol_and_the_sure_one_is_an_emergency(topic: str) -> None:
    row = SETTINGS["topics"][topic]
    assert set(row) <= {"finding", "doubt", "sure"}
    assert {row["finding"], row.get("doubt", row["finding"])} <= load().findings.keys()


def test_every_message_to_learn_from_has_a_known_label() -> None:
    labels = set()
    for path in sorted((ROOT / "data" / "second_net").glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert line.count("\t") == 1, f"{path.name}:{number}: one tab between label and message"
            labels.add(line.partition("\t")[0])
    assert labels <= {f"{topic}/{kind}" for topic in (*SETTINGS["topics"], "plain") for kind in "ERN"}
