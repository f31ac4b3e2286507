"""From record and time to disposition: every rule that holds, the maximum, and what is still open.

Pure: the same record, protocol and `now` give the same answer. No word of the patient is read here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake.protocol.model import Disposition, Status
from intake.triage import screen, texts
from intake.triage.clarify import worth_asking
from intake.triage.record import Record
from intake.triage.rules import EMERGENCY_STAGES, Fired, fire, most_urgent, rank

# 3E repeat contact: one level up, at least within_3_days
RAISED = {Disposition.same_day: Disposition.er_now, Disposition.within_3_days: Disposition.same_day}
PEG = ("peg_pain", "peg_enjoyment", "peg_activity")


@dataclass(frozen=True)
class Assessment:
    """Where the patient is sent, and why."""

    disposition: Disposition | None
    human: bool  # a person must continue
    fired: tuple[Fired, ...]
    unanswered: tuple[str, ...] = ()  # questions of the minimum screen
    screen_complete: bool = False
    advice: str | None = None  # id of the text to show
    also: tuple[str, ...] = ()  # texts to show with it: 988 beside another level
    clarify: str | None = None  # a question worth asking once before the advice: an answer could lower the level
    next_question: str | None = None
    contradictions: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules that fired."""
        return tuple(each.rule for each in self.fired)


def floor(
    record: Record,
    protocol: Any,
    now: datetime,
    clinic_open: bool = True,
    shown: Disposition | None = None,
    *,
    channel: str | None = None,
) -> Assessment:
    """Assess by the P0 and P1 rules alone; the safety guard and `explain` use this."""
    record = _scored(record.fresh(now), clinic_open)
    fired = _emergency(record, protocol)
    disposition = most_urgent([shown, *(each.disposition for each in fired)])
    human = "wants_person" in {each.id for each in record.values} or any(each.human for each in fired)
    advice = texts.advice(disposition, fired, protocol, clinic_open)
    clarify = None if shown is disposition else worth_asking(record, protocol, fired, channel or "web")
    return Assessment(
        disposition,
        human,
        fired,
        advice=advice,
        also=texts.beside(disposition, fired, advice),
        clarify=clarify,
        next_question=clarify,
    )


def assess(
    record: Record,
    protocol: Any,
    now: datetime,
    clinic_open: bool = True,
    shown: Disposition | None = None,
    *,
    channel: str | None = None,
    ended: bool = False,
) -> Assessment:
    """Assess in full.

    Args:
        record: everything said so far.
        protocol: the clinical protocol.
        now: time zone as in the record's turns; old negative answers expire by it.
        clinic_open: whether a clinician can be reached today.
        shown: the most urgent disposition the patient has been shown; the result never falls below it.
        channel: whose questions count as the minimum screen; None = the channel with less left to ask.
        ended: the conversation is over, so that what was never answered needs a person (R201).
    """
    record = _scored(record.fresh(now), clinic_open)
    unanswered = screen.missing(record, protocol, channel)
    fired = _levels(record, protocol)
    fired = _finish(record, protocol, fired, unanswered, ended)
    disposition = most_urgent([_own(fired), shown, *_floors(record, protocol, now)])
    if unanswered and rank(disposition) >= Disposition.routine.rank:
        disposition = shown  # no self-care and no routine booking before the whole minimum screen is answered
    over = disposition is Disposition.self_care or (disposition is not None and disposition.is_emergency)
    clarify = None if shown is disposition else worth_asking(record, protocol, fired, channel or "web")
    advice = texts.advice(disposition, fired, protocol, clinic_open)
    return Assessment(
        disposition,
        any(each.human for each in fired),
        fired,
        unanswered,
        not unanswered,
        advice,
        texts.beside(disposition, fired, advice),
        clarify,
        clarify or (None if over else screen.next_question(record, protocol, channel or "web")),
        record.contradictions(),
    )


def _scored(record: Record, clinic_open: bool) -> Record:
    """Add what the engine counts: clinic hours, PEG (mean of all three items), age when this spell began (years)."""
    peg, age, days = [record.fact(id) for id in PEG], record.fact("age"), record.fact("pain_duration_days")
    return record.plus(
        clinic_open="yes" if clinic_open else "no",
        peg_score=round(sum(peg) / 3, 1) if None not in peg else None,
        age_at_onset=age - days[0] / 365 if age is not None and days else None,
    )


def _emergency(record: Record, protocol: Any) -> tuple[Fired, ...]:
    return fire((rule for rule in protocol.rules.values() if rule.stage in EMERGENCY_STAGES), record, protocol)


def _levels(record: Record, protocol: Any) -> tuple[Fired, ...]:
    """P0 and P1; below same_day also the routing rules (3C: so that one more yes never lowers)."""
    fired = _emergency(record, protocol)
    if min((each.rank for each in fired), default=len(Disposition)) <= Disposition.same_day.rank:
        return fired
    return fired + fire((rule for rule in protocol.rules.values() if rule.stage == "routing"), record, protocol)


def _finish(
    record: Record, protocol: Any, fired: tuple[Fired, ...], unanswered: tuple[str, ...], ended: bool
) -> tuple[Fired, ...]:
    """Gates and last routing rules, which look at what the others found, through facts marked as worked out."""
    sought = record.plus(
        unclear=tuple(_unclear(record, protocol, bool(unanswered) and ended)),
        contradiction="yes" if record.contradictions() else None,
        orphan="yes" if _orphans(record, protocol) else None,
        screen_result=tuple(_screen_result(record, protocol, fired, unanswered)),
    )
    levels = {each.rule for each in fired}
    last = [rule for rule in protocol.rules.values() if rule.id not in levels and rule.stage not in EMERGENCY_STAGES]
    urgent = min((each.rank for each in fired), default=len(Disposition)) <= Disposition.same_day.rank
    fired += fire((rule for rule in last if rule.stage == "gate" or not urgent), sought, protocol)
    if unanswered or any(each.disposition for each in fired):
        return fired
    known = {each.rule for each in fired}
    return fired + fire((rule for rule in last if rule.id not in known), sought.plus(unmatched="yes"), protocol)


def _unclear(record: Record, protocol: Any, unfinished: bool) -> Iterable[str]:
    """Say what keeps the screen from being clean although it was asked (3E)."""
    may_skip, screened = screen.skippable(protocol), screen.minimum(protocol)
    for id in sorted(record.unsettled):
        tier = protocol.findings[id].tier
        if record.told(id, Status.unsure) and (tier < 3 or id in screened):
            yield "pending" if record.pending(id) else "unsure"
        if record.told(id, Status.declined) and id not in may_skip:
            yield "declined" if tier == 1 else "declined_history"
    if unfinished:
        yield "unfinished"


def _positives(record: Record, protocol: Any) -> tuple[set[str], set[str]]:
    """Return what is present: red flags, and what only needs a nurse to read it (history of 3F item 7, night pain)."""
    asked = screen.items(protocol, "screen_history") | protocol.family("night_pain")
    present = {id for id in record.known() if record.state(id) is Status.present}
    mild = {
        id
        for id in present
        if id in asked or (protocol.findings[id].kind == "history" and protocol.findings[id].red_flag)
    }
    return {id for id in present - mild if protocol.findings[id].red_flag}, mild


def _noted(fired: Iterable[Fired]) -> set[str]:
    """Return the findings that a rule makes a mere note: they count as answered no (3F item 3)."""
    used = {evidence.id: each for each in sorted(fired, key=lambda each: -each.rank) for evidence in each.evidence}
    return {id for id, each in used.items() if each.disposition is None and not each.blocks_self_care}


def _orphans(record: Record, protocol: Any) -> set[str]:
    """Return red flags that no rule used when they came up (R999); a later answer does not take that back."""
    orphans: set[str] = set()
    turns = {each.turn for each in record.statements if each.status is Status.present}
    for turn in sorted(turns):
        past = record.upto(turn + 1)
        flags, _ = _positives(past, protocol)
        if flags:
            orphans |= flags.difference(*(each.used for each in _levels(past, protocol)))
    return orphans


def _screen_result(
    record: Record, protocol: Any, fired: tuple[Fired, ...], unanswered: tuple[str, ...]
) -> Iterable[str]:
    """Describe a complete screen for the rules that end in self-care or a routine visit (R316, R316b, R318, R999)."""
    if unanswered:
        return
    emergency = {rule.id for rule in protocol.rules.values() if rule.stage in EMERGENCY_STAGES}
    levels = {each.rule for each in fired if each.disposition is not None}
    flags, mild = (ids - _noted(fired) for ids in _positives(record, protocol))
    yield "complete"
    if levels & emergency:
        return
    doubtful = any(True for _ in _unclear(record, protocol, False)) or any(each.blocks_self_care for each in fired)
    if not flags and not mild and not doubtful:
        yield "clean"
    if mild and not flags:
        yield "history_only"
    comfort = {rule.id for rule in protocol.rules.values() if any(tier.offer for tier in rule.tiers)}
    if not levels:
        yield "nothing_fired"
    elif levels <= comfort and all(each.disposition in (None, Disposition.routine) for each in fired):
        yield "only_offers"


def _own(fired: tuple[Fired, ...]) -> Disposition | None:
    """Return the maximum; a self-care rule holds only when nothing but offers stands against it (R316b)."""
    levels = [each.disposition for each in fired]
    calm = Disposition.self_care in levels and most_urgent(levels) is Disposition.routine
    return Disposition.self_care if calm else most_urgent(levels)


def _floors(record: Record, protocol: Any, now: datetime) -> Iterable[Disposition | None]:
    """Levels below which the answer cannot fall: what a correction took back, and a repeat contact (3E)."""
    for turn in sorted({each.turn for each in record.statements if each.correction == "words"}):
        before = _own(_levels(record.upto(turn), protocol))
        if before:
            yield max(before, Disposition.same_day, key=rank)
    if record.contacts(now) >= 2:
        level = _own(_levels(record, protocol))
        yield RAISED.get(level, Disposition.within_3_days) if level else Disposition.within_3_days
