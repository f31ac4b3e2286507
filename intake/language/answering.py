"""What the answer to the asked question sets: its items present, absent, unsure or declined, and its facts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from intake.language.answers import Answer
from intake.language.duration import Days, TimeSpan
from intake.language.facts import FactReader
from intake.language.reading import Mention
from intake.protocol.load import Protocol
from intake.protocol.model import Course, Option, Question, Status, Timing

_SAID = (Status.present, Status.absent, Status.unsure)


class Answering:
    """One answer taken into the mentions and facts of its message."""

    def __init__(
        self, protocol: Protocol, reader: FactReader, question: Question, mentions: list[Mention], facts: dict[str, Any]
    ) -> None:
        self.mentions = list(mentions)
        self.answered: set[str] = set()
        self._protocol, self._reader, self._question, self._facts = protocol, reader, question, facts
        self._items = list(dict.fromkeys(finding for option in question.options for finding in option.findings))
        asked = {fact for option in question.options for fact in option.facts}
        self._keys = {*self._items, *asked, *([question.fact] if question.fact else [])}

    def take(self, answer: Answer, text: str, spans: list[TimeSpan]) -> Answer:
        """Sets what `answer` says, and returns it with the option that a time picks; `spans` are the times said."""
        question = self._question
        if not answer.picked and answer.bare is None:
            answer = replace(answer, picked=_dated(question, spans))
        if answer.picked or answer.bare or answer.number is not None:
            for fact in {"pain_severity", "pain_duration_days"} - self._keys:
                self._facts.pop(fact, None)  # "3" is the third option, "62 m" a man of 62
        for option in answer.picked:
            self._pick(option)
        if question.kind == "text" and question.fact and answer.bare != "declined":
            self._facts[question.fact] = "" if answer.bare else text
        if answer.number is not None and question.fact:
            self._facts[question.fact] = answer.number
        self._bare(answer)
        if answer.rest_denied and question.kind == "batch":
            self._deny_rest("not picked" if answer.picked else "none of these")
        self.answered |= {one.id for one in self.mentions if one.id in self._items and one.status in _SAID}
        self.answered |= {fact for fact in self._keys if fact in self._facts}
        if (
            question.kind == "form"
            and answer.number is None
            and answer.bare is None
            and question.fact not in self._facts
        ):
            self.answered.discard(question.fact or "")  # "me" tells no age
        return answer

    def _put(self, finding: str, status: Status, words: str, timing: Timing = Timing.unknown) -> None:
        course = Course.old_unchanged if timing is Timing.gt90d_stable else Course.unknown
        self.mentions.append(Mention(finding, status, course, timing, None, 0, 0, words, explicit=True))

    def _said(self) -> set[str]:
        return {mention.id for mention in self.mentions}

    def _pick(self, option: Option) -> None:
        for finding in option.findings:
            self.mentions = [one for one in self.mentions if one.id != finding or one.status is Status.present]
            if finding not in self._said():
                self._put(finding, Status.present, option.text, option.timing or Timing.unknown)
        for finding in option.absent:
            if finding not in self._said():
                self._put(finding, Status.absent, option.text)
        self._reader.add(self._facts, option.facts)
        self.answered |= self._keys

    def _bare(self, answer: Answer) -> None:
        """An answer in one word; which item it is about when no option says so."""
        items, bare = self._items, answer.bare
        if bare == "none":
            self._reader.add(self._facts, self._question.none_facts)
        if bare == "declined":
            for finding in items:
                self._put(finding, Status.declined, "skipped")
        elif bare == "unsure" and items and not answer.picked:
            self._put(items[0], Status.unsure, "not sure")
        elif bare in ("yes", "no") and items and not answer.picked and self._question.kind == "choice":
            # Every positive option of a yes-or-no question names the same item.
            self._put(items[0], Status.present if bare == "yes" else Status.absent, bare)
        elif bare == "yes" and len(items) == 1 and not answer.picked:
            self._put(items[0], Status.present, "yes")
        elif bare != "none":
            return
        self.answered |= self._keys

    def _deny_rest(self, words: str) -> None:
        """What was not picked is denied, with all that is more specific than it, except where something was said of it."""
        family = self._protocol.family
        there = {one.id for one in self.mentions if one.status in (Status.present, Status.unsure)}
        rest = {child for item in self._items for child in family(item)} - self._said()
        for finding in sorted(rest, key=lambda id: (id not in self._items, id)):
            if not family(finding) & there:
                self._put(finding, Status.absent, words)
        self.answered |= self._keys


def _dated(question: Question, spans: list[TimeSpan]) -> tuple[Option, ...]:
    """The option of a timing follow-up that a time in words picks: "3 days ago"."""
    bands = [timing_of(Course.unknown, span.days) for span in spans if span.lead not in ("every", "other")][:1]
    return tuple(option for option in question.options if option.timing and option.timing in bands)[:1]


def timing_of(course: Course, since: Days | None) -> Timing:
    """The time band of a finding that began `since` days ago and moved as `course` says (clinical source: GIRFT 14-day window)."""
    if course is Course.old_unchanged and since is None:
        return Timing.gt90d_stable
    if since is None:
        return Timing.le14d if course in (Course.new, Course.worse) else Timing.unknown
    nearest = since[0]
    if nearest > 90:
        return Timing.gt90d_worse if course is Course.worse else Timing.gt90d_stable
    if course is Course.worse:
        return Timing.le14d
    if nearest > 14:
        return Timing.d15_90
    return Timing.le72h if nearest <= 3 else Timing.le14d
