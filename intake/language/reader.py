"""The reader: one patient's message in, a `Reading` out; used by the Rasa component, the gateway's guard and `explain` alike."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache

from intake.language import duration as times
from intake.language.answering import Answering, timing_of
from intake.language.answers import Answer, read_answer
from intake.language.asides import Asides
from intake.language.facts import FactReader
from intake.language.phrases import Match, PhraseMatcher, Tags, WordClasses, words_of
from intake.language.reading import Mention, Reading
from intake.language.second_net import SecondNet
from intake.language.speaker import Speaker
from intake.language.spelling import Mender
from intake.language.status import StatusReader
from intake.language.text import CLAUSE, Words, WordSplitter
from intake.protocol.load import Protocol
from intake.protocol.model import Finding, Status

# Words that turn a message or a list: what follows is a new statement.
CLAUSE_WORDS = ("but", "however", "although", "except", "pero", "though", "yet", "otherwise", "unless")

_KEPT = 512  # readings kept: a record is folded from all its turns again and again
_PAST_EVENT_DAYS = 90  # a crash or a spine procedure longer ago is history
_RANK = (
    Status.present,
    Status.unsure,
    Status.absent,
    Status.declined,
    Status.hypothetical,
    Status.past,
    Status.other_person,
)


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: what building makes stays, and searching it for garbage takes longer than making it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Reader:
    """Reads messages by the phrases of one protocol. Thread-safe; building it takes well under a second."""

    @uncollected()
    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._read_once = lru_cache(maxsize=_KEPT)(self._read)
        language = self.language = protocol.language
        classes: dict[str, list[str]] = {}
        for name in language:
            if name.startswith(("classes", "status")):
                classes.update(language[name])
        classes.update({f"{kind}": phrases for kind, phrases in language.get("requests", {}).items()})
        self._classes = WordClasses(classes)
        present = {finding.id: finding.phrases for finding in protocol.findings.values() if finding.phrases}
        absent = {
            f"not {finding.id}": finding.absent_phrases
            for finding in protocol.findings.values()
            if finding.absent_phrases
        }
        self._findings = PhraseMatcher({**present, **absent})
        self._explained = PhraseMatcher(
            {each.id: each.explained_by for each in protocol.findings.values() if each.explained_by}
        )
        self._ignored = PhraseMatcher(
            {finding.id: finding.ignore_phrases for finding in protocol.findings.values() if finding.ignore_phrases}
        )
        self._asides = Asides(language.get("asides", {}))
        self._facts = FactReader(protocol)
        self._second_net = SecondNet(language["second_net"])
        vocabulary = {
            word
            for source in (
                *classes.values(),
                *present.values(),
                *absent.values(),
                *language.get("locations", {}).values(),
                *language.get("onset", {}).values(),
                *(rows for by_value in language.get("values", {}).values() for rows in by_value.values()),
            )
            for phrase in source
            for word in words_of(phrase)
        }
        self.splitter = WordSplitter(
            language.get("spelling", {}), Mender(vocabulary | set(times.NUMBERS) | set(times.UNITS)), CLAUSE_WORDS
        )

    def phrases_found(self, text: str) -> tuple[Words, Tags, list[Mention]]:
        """The words, their classes and the findings of a message by the phrases alone; the second net learns from them."""
        words = self._asides.without(self.splitter.split(text))
        tags = self._classes.tag(words)
        spans = times.TimeReader(words, date.today(), times.age_in(words)).spans()
        return words, tags, self._mentions(words, tags, spans)

    def read(self, text: str, asked: str | None = None, at: date | None = None) -> Reading:
        """Everything `text` says, as an answer to `asked` (question id or slot) on the day `at` (default today)."""
        return self._read_once(text, asked, at or date.today())

    def _read(self, text: str, asked: str | None, at: date) -> Reading:
        said = self.splitter.split(text)
        question = self._protocol.question_for(asked)
        answer = read_answer(question, text, said) if question else Answer()
        words = self._asides.without(said)
        tags = self._classes.tag(words)
        spans = times.TimeReader(words, at, times.age_in(words)).spans()
        mentions = self._mentions(words, tags, spans)
        facts, fact_spans = self._facts.read(words, tags, spans, mentions, question)
        answered: frozenset[str] = frozenset()
        if question:
            answering = Answering(self._protocol, self._facts, question, mentions, facts)
            answer = answering.take(answer, text, spans)
            mentions, answered = answering.mentions, frozenset(answering.answered)
        if not answer.picked and not answer.bare:
            mentions = self._with_second_net(words, tags, mentions)
        places = tags.places
        return Reading(
            mentions=tuple(mentions),
            facts=facts,
            answered=answered,
            picked=tuple(option.id for option in answer.picked),
            bare=answer.bare,
            human="human" in places,
            correction="correction" in places,
            opt_out="opt_out" in places,
            spans=tuple(fact_spans),
        )

    # -- findings

    def _with_second_net(self, words: Words, tags: Tags, mentions: list[Mention]) -> list[Mention]:
        """Adds what the message resembles, unless phrases have found it."""
        told = self._asides.without(words, person=True)
        seen = mentions
        if told is not words:
            words, tags = told, self._classes.tag(told)
            seen = [each for each in mentions if each.explicit or told.text[each.start : each.end].strip()]
        caught = self._second_net.caught(words, tags, seen, lambda id: self._protocol.findings[id].group)
        there = {each.id for each in mentions if each.status in (Status.present, Status.unsure)}
        if caught is None or there & self._protocol.family(caught.id):
            return mentions
        return [*mentions, caught]

    def _mentions(self, words: Words, tags: Tags, spans: list[times.TimeSpan]) -> list[Mention]:
        matches = self._longest_of_each(words, tags)
        reader = StatusReader(words, tags, matches, Speaker(words, tags))
        explained = {match.name for match in self._explained.find(words, tags)}
        statuses = {match: self._status(match, reader) for match in matches}
        for match, status in statuses.items():
            if match.name in explained and status in (Status.present, Status.unsure):
                statuses[match] = Status.absent
        found: dict[str, Mention] = {}
        for match, status in statuses.items():
            if status is None or self._yields(match, status, statuses):
                continue
            mention = self._mention(match, status, reader, words, spans)
            earlier = found.get(mention.id)
            if earlier is None or _RANK.index(mention.status) < _RANK.index(earlier.status):
                found[mention.id] = mention
        return list(found.values())

    def _mention(
        self, match: Match, status: Status, reader: StatusReader, words: Words, spans: list[times.TimeSpan]
    ) -> Mention:
        finding = self._finding(match)
        span = self._since(words, match, spans)
        since = span.days if span else None
        course = reader.course(match)
        if status is Status.present and since and since[0] > _PAST_EVENT_DAYS and finding.kind == "event":
            status = Status.past
        start, end = words.starts[match.start], words.ends[match.end - 1]
        return Mention(finding.id, status, course, timing_of(course, since), since, start, end, words.text[start:end])

    def _finding(self, match: Match) -> Finding:
        return self._protocol.findings[match.name.removeprefix("not ")]

    def _status(self, match: Match, reader: StatusReader) -> Status | None:
        """Status of a match; None when an "is absent" phrase says nothing about the patient now."""
        status = reader.status(match, self._finding(match))
        if not match.name.startswith("not "):
            return status
        return Status.absent if status in (Status.present, Status.unsure, Status.past) else None

    def _longest_of_each(self, words: Words, tags: Tags) -> list[Match]:
        """Of each finding the longest of overlapping matches, none inside words that mean something else."""
        ignored = self._ignored.find(words, tags)
        kept: list[Match] = []
        found = self._findings.find(words, tags)
        for match in sorted(found, key=lambda match: (match.start - match.end, match.start, match.name[:4] != "not ")):
            id = match.name.removeprefix("not ")
            masked = any(other.name == id and match.start < other.end and other.start < match.end for other in ignored)
            if not (masked and match.name == id) and not any(
                other.name.removeprefix("not ") == id and match.start < other.end and other.start < match.end
                for other in kept
            ):
                kept.append(match)
        return sorted(kept, key=lambda match: match.start)

    def _yields(self, match: Match, status: Status, statuses: dict[Match, Status | None]) -> bool:
        """A more specific finding, itself there, explains the same words; a denial denies both."""
        yields_to = self._finding(match).yields_to
        return (
            bool(yields_to)
            and status is not Status.absent
            and not match.name.startswith("not ")
            and any(
                other.name in yields_to
                and match.start < other.end
                and other.start < match.end
                and (there in (Status.present, Status.unsure) or there is status)
                for other, there in statuses.items()
            )
        )

    def _since(self, words: Words, match: Match, spans: list[times.TimeSpan]) -> times.TimeSpan | None:
        """The time expression that belongs to a finding: in its clause and close by, not beyond another clause."""
        best = None
        for span in spans:
            if span.lead in ("every", "other"):
                continue
            first, last = (match.end, span.start) if span.start >= match.end else (span.end, match.start)
            if span.start < match.end and span.end > match.start:
                return span
            if last - first > 4 or any(words.breaks[at] >= CLAUSE for at in range(first, min(last + 1, len(words)))):
                continue
            if span.end <= match.start and any(word in ("and", "now") for word in words.norms[first : last + 1]):
                continue
            if best is None or last - first < best[0]:
                best = (last - first, span)
        return best[1] if best else None
