"""Words beside the matter: greetings, thanks, names, insurance. Left out before a message is read, they change no reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from intake.language.phrases import Match, PhraseMatcher
from intake.language.text import COMMA, SENTENCE, Words

_NAME = 3  # words of a name


class Asides:
    """Leaves out asides; `phrases` = protocol/language/asides.yml, where each kind says at what place they are asides."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._phrases = PhraseMatcher(phrases)

    def without(self, words: Words, person: bool = False) -> Words:
        """The words without asides; `person`: without sentences of nothing but age or sex too."""
        beside: set[int] = set()
        for match in self._phrases.find(words, []):
            end = self._end(match, words, beside)
            if end and (person or match.name != "person"):
                beside.update(range(match.start, end))
        return words.without(beside) if beside else words

    @staticmethod
    def _end(match: Match, words: Words, beside: set[int]) -> int | None:
        """Where the aside ends; None when these words are none at this place."""
        begins = words.breaks[match.start] >= COMMA or match.start - 1 in beside
        following = range(match.start + 1, len(words))
        stop = next((at for at in following if words.breaks[at] >= COMMA), len(words))
        if match.name == "named":
            return stop if begins and match.end < stop <= match.end + _NAME else None
        closes = match.end == stop
        if match.name == "opening":
            return match.end if words.breaks[match.start] == SENTENCE or begins and closes else None
        if match.name == "closing":
            ends = match.end == len(words) or words.breaks[match.end] == SENTENCE
            return match.end if ends or begins and closes else None
        return match.end if begins and closes else None
