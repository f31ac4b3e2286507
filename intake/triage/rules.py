"""Which rules fire on a record, at which level, and why: one rule, one most urgent tier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from intake.protocol.model import Disposition, Rule, Status, Tier
from intake.triage import conditions
from intake.triage.conditions import Evidence
from intake.triage.record import Record

# 3E: a lone doubt about a tier-1 item counts one level lower; about a tier-2 item it is clinician contact
LOWER: dict[Disposition | None, Disposition] = {
    Disposition.call_911: Disposition.er_now,
    Disposition.crisis: Disposition.crisis,  # Q9b "not sure" = R003
    Disposition.er_now: Disposition.same_day,
}
CONTACT = Disposition.within_3_days
EMERGENCY_STAGES = frozenset({"interrupt", "screen"})  # P0 and P1
BACKGROUND = frozenset({"pain_location", "pain_duration_days"})  # every patient has these: no positive


@dataclass(frozen=True)
class Fired:
    """A rule that holds."""

    rule: str
    tier: int  # index of the tier in the rule
    disposition: Disposition | None  # None: a note or a flag only
    evidence: tuple[Evidence, ...]
    certain: bool  # False: lowered, because the only reason is something the patient is not sure of
    text: str | None = None  # id of the rule's own advice text
    recipient: str | None = None
    timeframe: str | None = None
    note: str | None = None
    human: bool = False
    blocks_self_care: bool = False
    used: frozenset[str] = frozenset()  # what any tier of the rule rests on

    @property
    def rank(self) -> int:
        """Urgency, 0 = most urgent; notes come last."""
        return rank(self.disposition)


def rank(disposition: Disposition | None) -> int:
    """Return the position in the order of urgency; None comes last."""
    return len(Disposition) if disposition is None else disposition.rank


def most_urgent(dispositions: Iterable[Disposition | None]) -> Disposition | None:
    """Return the most urgent of the dispositions."""
    return min(dispositions, key=rank, default=None)


def fire(rules: Iterable[Rule], record: Record, protocol: Any) -> tuple[Fired, ...]:
    """Return every rule that holds with its most urgent tier."""
    held = (list(_tiers(rule, record, protocol)) for rule in rules)
    return tuple(
        replace(
            min(tiers, key=lambda fired: (fired.rank, fired.tier)),
            used=frozenset(each.id for fired in tiers for each in fired.evidence),
        )
        for tiers in held
        if tiers
    )


def _tiers(rule: Rule, record: Record, protocol: Any) -> Iterator[Fired]:
    for index, tier in enumerate(rule.tiers):
        if tier.unless is not None and conditions.evaluate(tier.unless, record, protocol, "exception") is not None:
            continue
        evidence = conditions.evaluate(tier.when, record, protocol)
        if evidence is not None:
            yield _fired(rule, index, tier, tier.disposition, evidence)
        elif record.doubts and (evidence := conditions.evaluate(tier.when, record, protocol, "maybe")) is not None:
            counts, disposition = _doubtful(tier, evidence, record, protocol)
            if counts:
                yield _fired(rule, index, tier, disposition, evidence, certain=disposition is tier.disposition)


def _doubtful(
    tier: Tier, evidence: tuple[Evidence, ...], record: Record, protocol: Any
) -> tuple[bool, Disposition | None]:
    """Apply 3E to a tier that holds only if doubts are taken as yes: does it count, and at which level?"""
    doubts = [each for each in evidence if each.status == Status.unsure]
    tier_of = {each.id: protocol.findings[each.id].tier for each in doubts}
    positive = any(
        each.status == Status.present or (each.status == "fact" and each.id not in BACKGROUND) for each in evidence
    )
    if min(tier_of.values()) == 3:
        return False, None
    positive = positive or any(_related_flag(id, record, protocol) for id in tier_of)
    if positive or (1 in tier_of.values() and _first_tier(record, protocol) >= 2 and not _all_pending(doubts, record)):
        return True, tier.disposition
    if _all_pending([each for each in doubts if tier_of[each.id] < 3], record):
        return False, None  # only volunteered, not asked about yet: one clarifier first (2C)
    if 1 in {tier_of[each.id] for each in doubts if not record.pending(each.id)}:
        return True, LOWER.get(tier.disposition, tier.disposition)
    return True, max(CONTACT, tier.disposition or CONTACT, key=rank)


def _related_flag(doubt: str, record: Record, protocol: Any) -> bool:
    """Say whether a red flag that speaks for the same illness as the doubt is a clear yes (3E: "related positive")."""
    group = protocol.findings[doubt].group
    related = {each for line in protocol.header.related_groups if group in line for each in line}
    flags = (protocol.findings[id] for id in record.known() if record.state(id) is Status.present)
    return any(each.red_flag and each.tier < 3 and each.kind != "history" and each.group in related for each in flags)


def _first_tier(record: Record, protocol: Any) -> int:
    """Count the tier-1 items that are a yes or a doubt the patient stands by; what one answer set together is one.

    3E says two doubts; a doubt and a yes must not be less.
    """
    ids = (
        id
        for id in record.known()
        if protocol.findings[id].tier == 1
        and (record.state(id) is Status.present or (id in record.doubts and not record.pending(id)))
    )
    said = (record.evidence(id) for id in ids)
    return len({(each.turn, each.words, each.status) for each in said})


def _all_pending(doubts: Iterable[Evidence], record: Record) -> bool:
    return all(record.pending(each.id) for each in doubts)


def _fired(
    rule: Rule,
    index: int,
    tier: Tier,
    disposition: Disposition | None,
    evidence: tuple[Evidence, ...],
    certain: bool = True,
) -> Fired:
    return Fired(
        rule.id,
        index,
        disposition,
        evidence,
        certain,
        tier.text if certain else None,
        tier.recipient,
        tier.timeframe,
        tier.note,
        tier.human,
        tier.blocks_self_care,
    )
