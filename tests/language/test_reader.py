"""How phrases are matched, which of several matches counts, and that reading is quick."""

from __future__ import annotations

import pytest

from intake.language.phrases import PhraseError, PhraseMatcher, WordClasses
from intake.language.reader import Reader

RAMBLING = (
    "so about three weeks ago i was lifting boxes in the garage and felt a pop in my lower back, since then it hurts "
    "when i bend and my left leg tingles down to the foot, i tried ice and ibuprofen but nothing helps, no fever, no "
    "trouble peeing, just worried because my dad had a disc operation and i have to be back at work on monday"
)


def matched(reader: Reader, phrases: list[str], text: str) -> bool:
    words = reader.splitter.split(text)
    return bool(PhraseMatcher({"it": phrases}).find(words, WordClasses({}).tag(words)))


@pytest.mark.parametrize(
    ("phrase", "text", "fits"),
    [
        ("leak", "it is leaking", True),
        ("=leak", "it is leaking", False),
        ("leak*", "it is leaking", True),
        ("numb|weak leg", "weak legs", True),
        ("numb very? leg", "numb leg", True),
        ("numb .. leg", "numb in the leg", True),
        ("numb .. leg", "numb all over the left leg", False),
        ("numb ... leg", "numb but the leg works", False),
        ("numb ... leg", "numb not the leg", False),
        ("pee =but cant", "need to pee but cant", True),
        ("numb & leg", "my leg is numb", True),
        ("pills && sorry", "Sorry for this. I have the pills", True),
        ("pills && sorry", "I have the pills", False),
    ],
)
def test_phrases_match_what_their_language_says(reader: Reader, phrase: str, text: str, fits: bool) -> None:
    assert matched(reader, [phrase], text) is fits


@pytest.mark.parametrize("phrase", ["", ".. leg", "leg ..", "don't", "a & b & c", "x?"])
def test_a_phrase_that_cannot_be_read_is_an_error(phrase: str) -> None:
    with pytest.raises(PhraseError):
        PhraseMatcher({"it": [phrase]})


def test_a_class_keeps_all_its_ends(reader: Reader) -> None:
    words = reader.splitter.split("not having any")
    tags = WordClasses({"denial": ["=not", "=not having", "=not having any"]}).tag(words)
    assert tags[0]["denial"] == (3, 2, 1)


@pytest.mark.parametrize("text", ["I fell asleep on the couch", "this back is killing me"])
def test_words_that_mean_something_else_report_nothing(reader: Reader, text: str) -> None:
    found = {mention.id for mention in reader.read(text).mentions}
    assert not found & {"falls", "minor_fall", "suicidal_ideation", "suicidal_plan"}
