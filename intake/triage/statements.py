"""What was said, with its provenance, and what it amounts to; `record.fold` builds it from the turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import KeysView
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal

from intake.protocol.model import Course, Status, Timing
from intake.triage.conditions import Evidence

NOT_ASKED = "not_asked"
VALID = timedelta(hours=24)  # 3E: a negative answer is good for a day, then it is asked again
CONTACT_GAP = timedelta(hours=6)  # a pause this long begins a new contact
LASTING_FACTS = frozenset({"age", "sex", "reporter"})
ABOUT_NOW = frozenset({Status.present, Status.absent, Status.unsure, Status.declined})
MOST_URGENT = (Timing.le72h, Timing.gt90d_worse, Timing.le14d, Timing.d15_90, Timing.gt90d_stable, Timing.unknown)
WORST = (Course.worse, Course.new, Course.old_unchanged, Course.unknown)


@dataclass(frozen=True)
class Turn:
    """One message of the patient and the question it followed."""

    asked: str | None  # question id or slot
    text: str
    at: datetime
    intent: str | None = None  # as Rasa read it; the gateway does not need it

    @property
    def is_question(self) -> bool:
        """The patient asks about treatment or care."""
        return (self.intent or "").startswith("faq_")


@dataclass(frozen=True)
class Statement:
    """One thing said about one finding."""

    id: str
    status: Status
    course: Course = Course.unknown
    timing: Timing = Timing.unknown
    turn: int = 0
    words: str = ""
    asked: str | None = None  # the question it answers; None = volunteered
    at: datetime | None = None
    correction: Literal["words", "clarifier"] | None = None  # replaces what was said before about this finding


@dataclass(frozen=True)
class Value:
    """One value given for one fact."""

    id: str
    value: Any
    turn: int | None = None  # None = worked out by the engine
    words: str = ""
    at: datetime | None = None
    correction: bool = False


@dataclass(frozen=True)
class Record:
    """Everything said so far; `state`, `timing`, `course` and `fact` say what it amounts to."""

    turns: tuple[Turn, ...] = ()
    statements: tuple[Statement, ...] = ()
    values: tuple[Value, ...] = ()
    covered: tuple[frozenset[str], ...] = ()  # per turn: the finding ids its question asked about
    answers: tuple[str | None, ...] = ()  # per turn: the question that it answered, as it was asked
    stale: frozenset[str] = frozenset()  # facts that are to be asked again
    answered: frozenset[str] = frozenset()  # ids of findings and facts, slots, and questions asked once

    @cached_property
    def _said(self) -> dict[str, list[Statement]]:
        said: dict[str, list[Statement]] = {}
        for each in self.statements:
            if each.status in ABOUT_NOW:
                said[each.id] = [each] if each.correction else [*said.get(each.id, []), each]
        return said

    @cached_property
    def _values(self) -> dict[str, list[Value]]:
        values: dict[str, list[Value]] = {}
        for each in self.values:
            values[each.id] = [each] if each.correction else [*values.get(each.id, []), each]
        return values

    def said(self, id: str) -> list[Statement]:
        """Return the statements about the patient's present state that still count, in order."""
        return self._said.get(id, [])

    def known(self) -> KeysView[str]:
        """Return the ids of all findings that something was said about, in the order they came up."""
        return self._said.keys()

    @cached_property
    def doubts(self) -> frozenset[str]:
        """The findings that the patient is not sure of."""
        return frozenset(id for id in self._said if self.state(id) is Status.unsure)

    def state(self, id: str) -> Any:
        """Return a `Status` or "not_asked". A no settles an earlier doubt or refusal, never a yes."""
        statuses = [each.status for each in self.said(id)]
        if not statuses:
            return NOT_ASKED
        if Status.present in statuses:
            return Status.present
        doubt = Status.unsure in statuses and statuses[-1] is Status.declined
        return Status.unsure if doubt else statuses[-1]

    @cached_property
    def unsettled(self) -> frozenset[str]:
        """The findings with a doubt or refusal that no later no settled; a later yes does not lower what it brought."""
        open_ = (Status.unsure, Status.declined)
        return frozenset(
            id
            for id, said in self._said.items()
            if said[-1].status is not Status.absent and any(each.status in open_ for each in said)
        )

    def told(self, id: str, status: Status) -> bool:
        """Say whether the patient ever gave this status."""
        return any(each.status is status for each in self.said(id))

    def pending(self, id: str) -> bool:
        """Say whether a doubt was only volunteered and has not been asked about since (2C: ask first)."""
        doubts = [each for each in self.said(id) if each.status is Status.unsure]
        return all(
            each.asked is None and not any(id in ids for ids in self.covered[each.turn + 1 :]) for each in doubts
        )

    def timing(self, id: str) -> Timing:
        """Return the most urgent time band given; all "old and unchanged" and no time: long ago."""
        said = [each for each in self.said(id) if each.status is not Status.absent]
        best = next((each for each in MOST_URGENT if each in {one.timing for one in said}), Timing.unknown)
        if best is Timing.unknown and said and all(each.course is Course.old_unchanged for each in said):
            return Timing.gt90d_stable
        return best

    def course(self, id: str) -> Course:
        """Return the worst course given."""
        given = {each.course for each in self.said(id) if each.status is not Status.absent}
        return next((each for each in WORST if each in given), Course.unknown)

    def facts(self, id: str) -> list[Any]:
        """Return all values given, oldest first; a set collects what was picked ("none" and an item: the item)."""
        values = [each.value for each in self._values.get(id, [])]
        if any(isinstance(each, (list, tuple)) and all(isinstance(x, str) for x in each) for each in values):
            union = dict.fromkeys(x for each in values for x in (each if isinstance(each, (list, tuple)) else [each]))
            return [tuple(x for x in union if x != "none" or len(union) == 1)]
        return values

    def fact(self, id: str) -> Any:
        """Return the latest value, or None."""
        return next(reversed(self.facts(id)), None)

    def dateless(self, id: str) -> bool:
        """Say whether a positive or doubtful finding still lacks a time."""
        return self.positive(id) and all(each.timing is Timing.unknown for each in self.said(id))

    def positive(self, id: str) -> bool:
        """Say whether a finding is a yes or a doubt."""
        return self.state(id) in (Status.present, Status.unsure)

    def only_picked(self, id: str) -> bool:
        """Say whether a yes came only from options that name several things: a clarifier may take it back (3A)."""
        yes = [each for each in self.said(id) if each.status is Status.present]
        return bool(yes) and all(each.asked and self._option_size[each.turn, each.words] > 1 for each in yes)

    @cached_property
    def _option_size(self) -> Counter[tuple[int, str]]:
        """How many findings one picked option set."""
        return Counter(
            (each.turn, each.words) for each in self.statements if each.asked and each.status is Status.present
        )

    def evidence(self, id: str) -> Evidence:
        """Return the statement or value that made a condition hold."""
        said = self.said(id)
        if said:
            state = self.state(id)
            last = next((each for each in reversed(said) if each.status == state and each.words), said[-1])
            return Evidence(id, state.value, last.words, last.turn)
        value = self._values[id][-1]
        return Evidence(id, "fact", value.words or str(value.value), value.turn)

    def contradictions(self) -> tuple[str, ...]:
        """Return findings with a yes and a no that nobody has settled by saying yes again."""
        firm = {
            id: [each.status for each in said if each.status in (Status.present, Status.absent)]
            for id, said in self._said.items()
        }
        return tuple(id for id, each in firm.items() if len(set(each)) == 2 and set(each[-2:]) != {Status.present})

    def upto(self, turn: int) -> Record:
        """Return the record as it was before `turn`."""
        return replace(
            self,
            turns=self.turns[:turn],
            covered=self.covered[:turn],
            answers=self.answers[:turn],
            statements=tuple(each for each in self.statements if each.turn < turn),
            values=tuple(each for each in self.values if each.turn is None or each.turn < turn),
        )

    def fresh(self, now: datetime) -> Record:
        """Return the record with negative answers older than a day taken as not asked (3E: stale answers)."""
        lasting = (Status.present, Status.unsure)
        kept = tuple(
            each
            for each in self.statements
            if each.at is None or each.status in lasting or each.correction or now - each.at <= VALID
        )
        gone = {each.id for each in self.statements} - {each.id for each in kept}
        latest = {each.id: each.at for each in self.values}
        stale = {id for id, at in latest.items() if at and now - at > VALID and id not in LASTING_FACTS}
        return replace(self, statements=kept, answered=self.answered - gone - stale, stale=frozenset(stale))

    def plus(self, **facts: Any) -> Record:
        """Return the record with facts that the engine worked out."""
        return replace(
            self, values=self.values + tuple(Value(id, value) for id, value in facts.items() if value not in (None, ()))
        )

    def contacts(self, now: datetime, within: timedelta = timedelta(hours=48)) -> int:
        """Count the contacts about the pain in the last `within` (3E: duplicate session)."""
        said: list[datetime | None] = [each.at for each in self.statements] + [each.at for each in self.values]
        times = sorted({at for at in said if at and now - at <= within})
        return sum(1 for at, before in zip(times, [datetime.min, *times], strict=False) if _gap(before, at))


def _gap(before: datetime, at: datetime) -> bool:
    return before == datetime.min or at - before >= CONTACT_GAP
