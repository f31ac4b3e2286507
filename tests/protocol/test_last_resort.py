"""The worst phrases, for when nothing else can read: each is there for a sentence; everyday words raise no alarm."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from intake.gateway import fallback
from intake.protocol.last_resort import Unreadable, phrase
from intake.protocol.load import load
from intake.protocol.model import Disposition

SAID = YAML(typ="safe").load(Path(__file__).with_name("last_resort.yml"))
NEAR_MISSES = SAID.pop("near_misses")
RESORT = load().last_resort
assert RESORT


@pytest.mark.parametrize("level, text", [(level, text) for level, texts in SAID.items() for text in texts])
def test_a_red_flag_is_found(level: str, text: str) -> None:
    assert fallback.level(text) == level


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_everyday_words_are_none(text: str) -> None:
    assert fallback.level(text) is None


@pytest.mark.parametrize(
    "level, words", [(level, words) for level, each in RESORT.levels.items() for words in each.phrases]
)
def test_each_phrase_is_there_for_a_sentence(level: Disposition, words: str) -> None:
    pattern = re.compile(phrase(words, RESORT.classes) + "(?= )")
    assert [text for text in SAID[level.value] if pattern.search(fallback.plain(text))]


@pytest.mark.parametrize("words, text, found", [
    ("numb", "numbness", True), ("numb", "benumbed", False), ("=pee", "people", False), ("=pee", "i pee.", True),
    ("a|b c", "b c", True), ("my? leg", "leg", True), ("<limb> hurts", "arm hurts", True),
    ("leg .. numb", "leg is so numb", True), ("leg .. numb", "leg is not at all numb", False),
    ("leg ... numb", "my leg. It is numb", False), ("tome", "Tomé", True), ("cant", "can’t", True),
])  # fmt: skip
def test_what_may_stand_in_a_phrase(words: str, text: str, found: bool) -> None:
    pattern = phrase(words, {"limb": ["arm", "leg"]}) + "(?= )"
    assert bool(re.search(pattern, fallback.plain(text))) is found


@pytest.mark.parametrize("words", ["leg....numb", "(a|b)", "<nothing>", "a*", "a.b"])
def test_what_may_not(words: str) -> None:
    with pytest.raises(Unreadable):
        phrase(words, {})
