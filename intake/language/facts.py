"""The facts of a message: where it hurts, how it began, how long, how bad, what was tried."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from intake.language.age import age_in
from intake.language.duration import TimeSpan
from intake.language.lasting import Context, pain_duration
from intake.language.locations import OF_PAIN, LocationReader
from intake.language.onset import OnsetReader
from intake.language.phrases import Match, PhraseMatcher, Tags
from intake.language.reading import Mention
from intake.language.severity import severity
from intake.language.speaker import Speaker
from intake.language.status import StatusReader
from intake.language.text import Words
from intake.protocol.load import Protocol
from intake.protocol.model import Question, Status

_MECHANISM_OF = {
    "major_trauma": "major",
    "minor_fall": "minor",
    "lift_twist": "lift_twist",
    "overuse": "overuse",
    "violence": "assault",
}
_DAYS_OF = {"major_trauma": "trauma_days", "minor_fall": "trauma_days", "recent_spine_procedure": "procedure_days"}
_SEVERAL = frozenset({"treatments_tried", "goals", "pain_location"})

Marked = list[tuple[str, str, int, int]]  # entity, value, start, end


class FactReader:
    """Reads the facts of a message beside its findings."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        language = protocol.language
        self._locations = LocationReader(language.get("locations", {}))
        self._onset = OnsetReader(language.get("onset", {}))
        self._values = PhraseMatcher(
            {
                f"{fact}={value}": phrases
                for fact, by_value in language.get("values", {}).items()
                for value, phrases in by_value.items()
            }
        )

    def read(
        self,
        words: Words,
        tags: Tags,
        spans: list[TimeSpan],
        mentions: list[Mention],
        question: Question | None,
    ) -> tuple[dict[str, Any], Marked]:
        """The facts, and where the words of some stand (for annotations)."""
        facts: dict[str, Any] = {}
        slot = question.slot if question else None
        matches = self._longest(self._values.find(words, tags))
        speaker = Speaker(words, tags)
        reader = StatusReader(words, tags, matches, speaker)
        for match in matches:
            fact, value = match.name.split("=", 1)
            if slot != fact and (reader.denied(match) or fact == "pain_trend" and _only_when(match, words)):
                continue
            self.add(facts, {fact: [value] if fact in _SEVERAL else value})
        onset, told = self._onset.read(words, tags, mentions, reader, slot == "pain_onset")
        if onset is not None:
            facts["pain_onset"] = onset
        marked = [("pain_onset", one.name, words.starts[one.start], words.ends[one.end - 1]) for one in told]
        places, place_words = self._locations.read(words, tags, mentions, slot == "pain_location")
        marked.extend(place_words)
        if places:
            facts["pain_location"] = places
        starts = [match.start for match in told] + _injuries(words, mentions)
        timing_asked = question is not None and any(option.timing for option in question.options)
        elsewhere = [(mention.start, mention.end) for mention in mentions if mention.id not in OF_PAIN]
        context = Context(
            slot == "pain_duration_days",
            speaker.for_other,
            elsewhere,
            other_asked=slot not in (None, "pain_duration_days"),
        )
        span = None if timing_asked else pain_duration(words, spans, starts, context)
        if span is not None:
            facts["pain_duration_days"] = span.days
            first, last = words.starts[span.start], words.ends[span.end - 1]
            marked.append(("pain_duration", words.text[first:last], first, last))
        level = severity(words, slot == "pain_severity", speaker.for_other)
        if level is not None:
            facts["pain_severity"] = level
            facts.pop("severity_words", None)  # the number says more
        age = age_in(words)
        if age is not None:
            facts["age"] = age
        self._events(facts, mentions)
        stage = pregnancy_stage(words, mentions)
        if stage is not None:
            facts["pregnancy_stage"] = stage
        return facts, marked

    @staticmethod
    def _longest(matches: Iterable[Match]) -> list[Match]:
        kept: list[Match] = []
        for match in sorted(matches, key=lambda match: match.start - match.end):
            same_fact = match.name.split("=", 1)[0]
            if not any(
                other.name.split("=", 1)[0] == same_fact and match.start < other.end and other.start < match.end
                for other in kept
            ):
                kept.append(match)
        return sorted(kept, key=lambda match: match.start)

    def _events(self, facts: dict[str, Any], mentions: list[Mention]) -> None:
        """What happened before the pain and how many days ago, when the words say so."""
        for mention in mentions:
            if mention.status is not Status.present:
                continue
            if mention.id in _MECHANISM_OF:
                self.add(facts, {"mechanism": [_MECHANISM_OF[mention.id]]})
            fact = _DAYS_OF.get(mention.id)
            if fact and mention.since_days:
                facts[fact] = mention.since_days

    def add(self, facts: dict[str, Any], more: dict[str, Any]) -> None:
        """Sets facts; a set collects, anything else is replaced."""
        for fact, value in more.items():
            known = self._protocol.facts.get(fact)
            if known and known.kind == "set" and isinstance(value, (list, tuple)):
                facts[fact] = list(dict.fromkeys([*(facts.get(fact) or []), *value]))
            else:
                facts[fact] = tuple(value) if isinstance(value, (list, tuple)) else value


def _only_when(match: Match, words: Words) -> bool:
    """Such as "worse when I sit" says no trend."""
    return words.norms[match.end : match.end + 1] in (
        ("when",),
        ("with",),
        ("at",),
        ("in",),
        ("if",),
        ("while",),
        ("after",),
    )


def _injuries(words: Words, mentions: list[Mention]) -> list[int]:
    """The words where an injury is named."""
    starts = [one.start for one in mentions if one.id in _MECHANISM_OF and one.status is Status.present]
    return [at for at in range(len(words)) if words.starts[at] in starts]


_HALFWAY = 20  # weeks: RF-PREG-1 before, RF-PREG-2 from here


def pregnancy_stage(words: Words, mentions: list[Mention]) -> str | None:
    """The stage of a pregnancy spoken of: weeks when given ("28 weeks", "33w"), else possible or weeks_unknown."""
    status = next((mention.status for mention in mentions if mention.id == "pregnancy"), None)
    signs = any(
        mention.id in ("pregnancy_warning_sign", "contractions", "less_movement", "fluid_leak")
        and mention.status is Status.present
        for mention in mentions
    )
    if status not in (Status.present, Status.unsure) and not signs:
        return None
    norms = words.norms
    if any(word in ("postpartum", "delivered", "birth", "newborn") for word in norms) or any(
        norms[at : at + 3] in (("had", "a", "baby"), ("had", "my", "baby"), ("had", "the", "baby"))
        for at in range(len(norms))
    ):
        return "postpartum_le6w"
    for at, word in enumerate(norms[:-1]):
        if (
            word.isdigit()
            and 2 <= int(word) <= 43
            and norms[at + 1] in ("weeks", "week", "w", "wk", "wks", "weeker")
            and norms[at + 2 : at + 3] not in (("ago",),)
        ):
            return "ge20w" if int(word) >= _HALFWAY else "lt20w"
        if (
            word.isdigit()
            and 1 <= int(word) <= 9
            and norms[at + 1] in ("months", "month", "mos")
            and norms[at + 2 : at + 3] in (("pregnant",), ("preggo",), ("along",))
        ):
            return "ge20w" if int(word) >= 5 else "lt20w"
    if any(
        norms[at : at + 2]
        in (("third", "trimester"), ("3rd", "trimester"), ("baby", "moving"), ("second", "trimester"))
        for at in range(len(norms))
    ):
        return "ge20w"
    if any(norms[at : at + 2] == ("first", "trimester") for at in range(len(norms))):
        return "lt20w"
    return "possible" if status is Status.unsure else "weeks_unknown"
