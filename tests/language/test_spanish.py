import json
from pathlib import Path

import pytest

from intake.language.spanish import is_spanish, speaks_spanish

HERE = Path(__file__).parent
SPANISH = [
    "no puedo orinar", "quiero morir", "me quiero matar", "me duele el pecho", "no siento entre las piernas",
    "tomé muchas pastillas", "hola, necesito ayuda", "no hablo inglés", "tengo fiebre y dolor de espalda",
]
ENGLISH = [
    "I saw Dr. de la Cruz", "no", "si", "me", "my back is el terrible", "no no no", "STOP", "A C", "a la mode",
    "do you speak spanish", "numb between my legs", "",
]


@pytest.mark.parametrize("text", SPANISH)
def test_spanish_is_told(text):
    assert is_spanish(text) and is_spanish(text.upper())


@pytest.mark.parametrize("text", ENGLISH)
def test_everything_else_is_not_spanish(text):
    assert not is_spanish(text)


def test_no_english_message_of_the_corpus_is_taken_for_spanish():
    accents = set("áéíóúñ¿¡")
    messages = [json.loads(line)["text"] for file in HERE.glob("work/*.jsonl") for line in file.open()]
    taken = [text for text in messages if is_spanish(text) and not accents & set(text.lower())]
    english = (" the ", " my ", " and ", " i ", " it ")
    assert not [text for text in taken if any(word in f" {text.lower()} " for word in english)]
    assert len(messages) > 1000


@pytest.mark.parametrize("texts, spanish", [
    (["no puedo orinar"], True), (["no puedo orinar", "si"], True), (["no puedo orinar", "Y"], True),
    (["no puedo orinar", "sorry I can write english"], False), (["I cannot pee", "no puedo orinar"], True), ([], False),
])  # fmt: skip
def test_short_answers_do_not_change_the_language(texts, spanish):
    assert speaks_spanish(texts) is spanish
