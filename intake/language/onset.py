"""How the pain began: sudden, gradual, or with an injury when a mechanism is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake.language.locations import OF_PAIN
from intake.language.phrases import Match, PhraseMatcher, Tags
from intake.language.reading import Mention
from intake.language.status import StatusReader
from intake.language.text import SENTENCE, Words
from intake.protocol.model import Status

_INJURIES = frozenset({"major_trauma", "minor_fall", "violence"})
_NOT = frozenset(
    {
        "nothing",
        "not",
        "no",
        "isnt",
        "wasnt",
        "never",
        "didnt",
        "without",
        "nor",
        "dont",
        "sin",
        "nobody",
        "nobodys",
        "neither",
    }
)
_ONLY_IF = frozenset({"if", "would", "could", "might", "going", "gonna", "wanna", "want", "every", "whenever"})


class OnsetReader:
    """Reads how the pain began; `phrases` = sudden, gradual, injury and none -> phrases."""

    def __init__(self, phrases: Mapping[str, Any]) -> None:
        self._phrases = PhraseMatcher(phrases)

    def read(
        self, words: Words, tags: Tags, mentions: list[Mention], reader: StatusReader
    ) -> tuple[str | None, list[Match]]:
        """The onset, and the words that say so; a mechanism counts before sudden or gradual."""
        found = self._phrases.find(words, tags)
        masked = {at for match in found if match.name == "none" for at in range(match.start, match.end)}
        said = [
            match
            for match in found
            if match.name != "none" and match.start not in masked and not self._unsaid(match, words, reader)
        ]
        kinds = {match.name for match in said}
        said_of = [mention for mention in mentions if mention.status in (Status.present, Status.unsure)]
        there = {mention.id for mention in said_of}
        others = [mention for mention in said_of if not mention.explicit and mention.id not in OF_PAIN]
        hurt = any("hurt_word" in tag for tag in tags) or bool({"back", "neck"} & set(words.norms))
        if "injury" in kinds or there & _INJURIES:
            return "injury", said
        for kind in ("gradual", "sudden"):
            matches = [match for match in said if match.name == kind]
            if matches and (hurt or not self._of_other_finding(matches, others, words)):
                return kind, said
        return None, said

    @staticmethod
    def _unsaid(match: Match, words: Words, reader: StatusReader) -> bool:
        """Denied ("no fall", "nothing sudden"), or only imagined."""
        before: list[str] = []
        at = match.start
        while at > 0 and len(before) < 3 and words.breaks[at] < SENTENCE:
            at -= 1
            before.append(words.norms[at])
        if _NOT & set(before[:2]) or before[:1] == ["i"] and before[1:2] == ["if"]:
            return True
        return bool(_ONLY_IF & set(before[:2])) or match.name == "injury" and reader.denied(match)

    @staticmethod
    def _of_other_finding(matches: list[Match], others: list[Mention], words: Words) -> bool:
        """All of it stands inside or beside the findings that are no pain."""
        return all(any(abs(words.starts[match.start] - mention.start) < 60 for mention in others) for match in matches)
