"""The condition language of rules, questions and named conditions (`protocol/README.md` explains it to clinicians).

There is no `not`: a condition can only become true by somebody saying more, which keeps triage monotone. The one
negation is a tier's `unless`, read in mode `exception`: explicit answers only; unsure, declined, not asked = not met.
`intake.protocol.references` checks the shape and the ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from intake.protocol.conditions import COMPARISON, UNSTATED
from intake.protocol.model import Course, Status, Timing

Mode = Literal["sure", "maybe", "exception"]  # maybe: an `unsure` finding holds too

RECENT = frozenset(
    {Timing.le72h, Timing.le14d, Timing.gt90d_worse, Timing.unknown}
)  # 3A: not known counts as <= 14 days
BANDS: dict[str, frozenset[Timing]] = {
    "yes": frozenset(Timing),
    "new": RECENT,  # or clearly worse, whenever it began
    "recent": RECENT,  # by time alone, for findings that are a worsening by name
    "le72h": RECENT - {Timing.le14d},
    "after72h": frozenset({Timing.le14d}),
    "d15_90": frozenset({Timing.d15_90}),
    "gt90d": frozenset({Timing.gt90d_stable}),
    "within90d": frozenset(Timing) - {Timing.gt90d_stable},
    "old": frozenset({Timing.d15_90, Timing.gt90d_stable}),
}
# further bands: `worse` (clearly worse), `unsure` (asked and still not sure), `itself` (not through a child), and, only
# under `unless`, `no` (denied)


@dataclass(frozen=True)
class Evidence:
    """One reason why a condition holds, traceable to the patient's words."""

    id: str  # finding or fact
    status: str  # a finding's status, `fact`, or `unstated`
    words: str
    turn: int | None


Found = tuple[Evidence, ...] | None  # None: the condition does not hold


def evaluate(condition: Any, record: Any, protocol: Any, mode: Mode = "sure") -> Found:
    """Return the evidence for `condition` in `record`, all branches of it, or None when it does not hold."""
    if condition is None:
        return ()
    if isinstance(condition, str):
        return _finding(condition, "yes", record, protocol, mode)
    if "at_least" in condition:
        return _at_least(condition["at_least"], _each(condition["of"], record, protocol, mode))
    key, value = next(iter(condition.items()))
    if key == "all":
        found = []
        for each in value:
            found.append(evaluate(each, record, protocol, mode))
            if found[-1] is None:
                return None
        return _join(found)
    if key == "any":
        return _at_least(1, _each(value, record, protocol, mode))
    if key == "condition":
        return evaluate(protocol.conditions[value], record, protocol, mode)
    if key in protocol.facts:
        return _fact(key, value, record, protocol, mode)
    return _finding(key, value, record, protocol, mode)


def _each(conditions: Iterable[Any], record: Any, protocol: Any, mode: Mode) -> list[Found]:
    return [evaluate(each, record, protocol, mode) for each in conditions]


def _join(found: Iterable[Found]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(evidence for each in found for evidence in each or ()))


def _at_least(number: int, found: list[Found]) -> Found:
    """One "not sure" for a whole batch is one item (3E), so doubts with the same words in the same turn count once."""
    held = [each for each in found if each is not None]
    doubts = {(each[0].turn, each[0].words) for each in held if each and all(e.status == "unsure" for e in each)}
    firm = [each for each in held if not each or any(e.status != "unsure" for e in each)]
    return _join(held) if held and len(firm) + len(doubts) >= number else None


def _denied(id: str, record: Any, protocol: Any) -> Found:
    """A finding is denied in its own name or in each more specific one that is asked, and none of them is there."""
    family = protocol.family(id)
    if any(record.state(each) in (Status.present, Status.unsure) for each in family):
        return None
    denied = [each for each in sorted(family) if record.state(each) == Status.absent]
    options = (option for question in protocol.questions.values() for option in question.options)
    asked = (family - {id}) & {each for option in options for each in option.findings}
    enough = id in denied or (asked and asked <= set(denied))
    return tuple(record.evidence(each) for each in denied) if enough else None


def _finding(id: str, band: str, record: Any, protocol: Any, mode: Mode) -> Found:
    """A finding holds through any member of its family (a child is a more specific wording of its parent)."""
    if band == "no":
        return _denied(id, record, protocol) if mode == "exception" else None
    family = record.known() & (frozenset({id}) if band == "itself" else protocol.family(id))
    if band == "unsure":
        held = [
            each
            for each in sorted(family & record.unsettled)
            if record.told(each, Status.unsure) and not record.pending(each)
        ]
    else:
        wanted = (Status.present, Status.unsure) if mode == "maybe" else (Status.present,)
        held = [each for each in sorted(family) if record.state(each) in wanted and _in_band(record, each, band)]
    return tuple(record.evidence(each) for each in held) or None


def _in_band(record: Any, id: str, band: str) -> bool:
    worse: bool = record.course(id) == Course.worse or record.timing(id) == Timing.gt90d_worse
    if band == "worse":
        return worse
    return band == "itself" or record.timing(id) in BANDS[band] or (band == "new" and worse)


def _fact(id: str, wanted: Any, record: Any, protocol: Any, mode: Mode) -> Found:
    """Use the latest value; an exception must fit everything said: a contradiction keeps the higher level."""
    said = record.facts(id)
    options = wanted if isinstance(wanted, (list, tuple)) else [wanted]
    if not said:
        newest = protocol.facts[id].kind == "range" and any(str(option)[0] == "<" for option in options)
        assumed = mode != "exception" and (UNSTATED in options or newest)  # days nobody gave count as new
        return (Evidence(id, UNSTATED, "", None),) if assumed else None
    fits = [any(_fits(value, option, mode) for option in options) for value in said]
    held = all(fits) if mode == "exception" else fits[-1]
    return (record.evidence(id),) if held else None


def _fits(value: Any, option: Any, mode: Mode) -> bool:
    match = COMPARISON.match(option) if isinstance(option, str) else None
    if match:
        low, high = value if isinstance(value, (tuple, list)) else (value, value)
        high = float("inf") if high is None else high
        sign, limit = match[1], float(match[2])
        # a range that crosses the limit counts on the side with the higher level (3A)
        end = high if (sign[0] == ">") != (mode == "exception") else low
        return {"<": end < limit, "<=": end <= limit, ">": end > limit, ">=": end >= limit}[sign]
    return bool(option in value if isinstance(value, (tuple, list, set, frozenset)) else value == option)
