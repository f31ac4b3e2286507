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
_PART_OF_PAIN = OF_PAIN | {"cannot_stand", "cannot_walk"}
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
        self, words: Words, tags: Tags, mentions: list[Mention], reader: StatusReader, asked: bool = False
    ) -> tuple[str | None, list[Match]]:
        """The onset, and the words that say so; a mechanism counts before sudden or gradual. `asked`: it answers that."""
        if asked and len(words) <= 2 and (kind := _IN_A_WORD.get(words.norms[-1])):
            return kind, [Match(kind, len(words) - 1, len(words))]
        found = self._phrases.find(words, tags)
        masked = {at for match in found if match.name == "none" for at in range(match.start, match.end)}
        said = [
            match
            for match in found
            if match.name != "none" and match.start not in masked and not self._unsaid(match, words, reader)
        ]
        kinds = {match.name for match in said}
        said_of = [mention for mention in mentions if mention.status in (Status.present, Status.unsure)]
        hurts = any(one.id in _INJURIES and not _told_otherwise(one, found, words) for one in said_of)
        others = [
            one for one in said_of if not one.explicit and one.id not in _PART_OF_PAIN and one.status is Status.present
        ]
        hurt = any("hurt_word" in tag for tag in tags) or bool({"back", "neck"} & set(words.norms))
        said.extend(_lone_doings(words, tags, asked))
        harmed = [match for match in said if match.name == "injury"]
        slight = "gradual" in kinds and all(_is_slight(match, tags) for match in harmed)
        if harmed and not slight or hurts:
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
        while at > 0 and len(before) < 5 and words.breaks[at] < SENTENCE:
            at -= 1
            before.append(words.norms[at])
        if match.name == "injury" and _is_figure(before):
            return True
        if before[1:2] == ["or"] and _NOT & set(before[2:5]) or before[:1] == ["or"] and _NOT & set(before[1:5]):
            return True  # "i've not knocked it or strained it"
        if _NOT & set(before[:2]) or before[:1] == ["i"] and before[1:2] == ["if"]:
            return True
        return bool(_ONLY_IF & set(before[:2])) or match.name == "injury" and reader.denied(match)

    @staticmethod
    def _of_other_finding(matches: list[Match], others: list[Mention], words: Words) -> bool:
        """All of it stands inside or beside the findings that are no pain."""
        return all(any(abs(words.starts[match.start] - mention.start) < 60 for mention in others) for match in matches)


def _told_otherwise(mention: Mention, found: list[Match], words: Words) -> bool:
    """The words of an injury mean something else here: "worse over the fall", a sneeze."""
    names = {
        match.name
        for match in found
        if words.starts[match.start] < mention.end and mention.start < words.ends[match.end - 1]
    }
    before = [words.norms[at] for at in range(len(words)) if words.starts[at] < mention.start]
    if _is_figure(before[-3:][::-1]) or {"like", "if"} & set(before[-1:]):
        return True
    return bool(names & {"none", "sudden"}) and "injury" not in names


def _lone_doings(words: Words, tags: Tags, asked: bool) -> list[Match]:
    """What was being done, in a sentence of its own: "Shoveling.", and asked how it began: "lifting my gran"."""
    found = []
    for at in range(len(words)):
        if words.breaks[at] < SENTENCE or not {"exertion_ing", "exertion_past"} & tags[at].keys():
            continue
        if asked and at == 0 or at + 1 == len(words) or words.breaks[at + 1] >= SENTENCE:
            found.append(Match("injury", at, at + 1))
    return found


_IN_A_WORD = {
    **dict.fromkeys(("slow", "slowly", "gradual", "gradually", "lento"), "gradual"),
    **dict.fromkeys(("sudden", "suddenly", "fast", "quick", "quickly", "bang"), "sudden"),
}


def _is_slight(match: Match, tags: Tags) -> bool:
    """A doing that may have worn the back out rather than hurt it: "after gardening", "from sitting"."""
    inside = [tags[at] for at in range(match.start, match.end)]
    return any("exertion_ing" in tag or "sport" in tag for tag in inside) and not any(
        "exertion_past" in tag for tag in inside
    )


def _is_figure(before: list[str]) -> bool:
    """Such as "like somebody jumped on it"; `before` = the words before, nearest first."""
    near = before[:3]
    return "like" in near and bool(
        {"i", "somebody", "someone", "ive", "hes", "they", "something"} & set(near[: near.index("like")])
    )
