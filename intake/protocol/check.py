"""Checks protocol/ and clinic.yml as a clinician would want them checked: `python -m intake.protocol.check`.

`load` already refuses unknown ids and values. Here: nothing is unreachable or unused, every text fits its channel and
can be read, safety texts say the right thing first and exist in Spanish, no text promises a call that nobody makes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from . import clinic as clinics
from . import load as loading
from . import references
from .check_wording import wording_problems
from .clinic import Clinic
from .conditions import leaves
from .load import Protocol
from .model import Question
from .reach import Reach
from .source import Problem, ProtocolError, problem

INTIMATE = ("cauda_equina", "mood", "safety", "pregnancy")  # groups whose questions must say why they are asked
ALSO_INTIMATE = ("iv_drug_use",)
NOT_INTIMATE = "bilateral_leg_symptoms"


def check(protocol: Protocol, clinic: Clinic) -> list[Problem]:
    """Every problem of a protocol with a clinic's names and phone filled in; warnings come last."""
    found = list(references.problems(protocol))
    if any(not one.warning for one in found):
        return found  # what names unknown things cannot be looked into further
    found += [
        *_rules(protocol),
        *_filled(protocol),
        *_used(protocol),
        *_questions(protocol),
        *wording_problems(protocol, clinic),
        *_sign_off(protocol),
        *_people(clinic),
    ]
    return sorted(dict.fromkeys(found), key=lambda one: (one.warning, str(one.file), one.line))


def _rules(protocol: Protocol) -> Iterator[Problem]:
    """Tiers that can never fire: what they ask for cannot be answered, or another tier always comes first."""
    reach = Reach(protocol)
    for id, rule in protocol.rules.items():
        for position, tier in enumerate(rule.tiers):
            if not reach.condition(tier.when):
                lacking = [
                    leaf
                    for leaf in leaves(tier.when)
                    if not leaf.named and not _answerable(leaf.id, leaf.value, reach, protocol)
                ]
                names = ", ".join(dict.fromkeys(leaf.id for leaf in lacking)) or "its parts together"
                fix = "ask for it in a question, give the finding phrases, or mark it free_text: true"
                yield protocol.problem(
                    "rules", id, ("tiers", position, "when"), f"can never hold: nothing sets {names}", fix=fix
                )
            for other in rule.tiers[:position]:
                if (
                    other.when == tier.when
                    and other.unless is None
                    and tier.disposition
                    and _at_least_as_urgent(other, tier)
                ):
                    fix = "delete it, or give the earlier tier an `unless`"
                    yield protocol.problem(
                        "rules", id, ("tiers", position), "an earlier tier always holds instead", fix=fix
                    )


def _answerable(id: str, value: Any, reach: Reach, protocol: Protocol) -> bool:
    return reach.fact(id, value) if id in protocol.facts else reach.finding(id)


def _at_least_as_urgent(one: Any, other: Any) -> bool:
    return one.disposition is not None and one.disposition.rank <= other.disposition.rank


def _filled(protocol: Protocol) -> Iterator[Problem]:
    """Findings and facts that no question fills, and those marked free text that one does fill."""
    reach = Reach(protocol)
    for id, finding in protocol.findings.items():
        asked = reach.asked_findings & protocol.family(id)
        said = bool(finding.phrases)
        yield from _filled_by(protocol, "findings", id, bool(asked) or said, id in asked, finding.free_text)
    for id, fact in protocol.facts.items():
        asked_fact = id in reach.asked_values
        yield from _filled_by(protocol, "facts", id, asked_fact or id in reach.said_facts, asked_fact, fact.free_text)


def _filled_by(protocol: Protocol, kind: str, id: str, filled: bool, asked: bool, free_text: bool) -> Iterator[Problem]:
    if not filled and not free_text:
        fix = "add an option that sets it, or write free_text: true when only free text or staff can"
        yield protocol.problem(kind, id, ("free_text",), f"no question fills {id}", fix=fix)
    elif asked and free_text:
        yield protocol.problem(kind, id, ("free_text",), f"a question fills {id}", fix="delete free_text: true")


def _used(protocol: Protocol) -> Iterator[Problem]:
    """Questions whose answers no rule, no other question, no gate and no packet uses."""
    conditions: list[Any] = [
        *protocol.conditions.values(),
        *(question.ask_if for question in protocol.questions.values()),
    ]
    for rule in protocol.rules.values():
        conditions += [part for tier in rule.tiers for part in (tier.when, tier.unless)]
    if protocol.nsaid_gate:
        conditions.append(protocol.nsaid_gate.suppress_if)
    used = {leaf.id for condition in conditions for leaf in leaves(condition)} | set(protocol.header.packet)
    for id, question in protocol.questions.items():
        sets = {
            fact for facts in (question.none_facts, *(option.facts for option in question.options)) for fact in facts
        }
        sets |= {question.fact} if question.fact else set()
        shown = any(option.findings or option.absent or option.timing for option in question.options)
        if not shown and not sets & used:
            fix = "use it in a rule, name its fact under `packet` in protocol.yml, or delete the question"
            message = f"no rule and no packet uses the answer ({', '.join(sorted(sets)) or 'it sets nothing'})"
            yield protocol.problem("questions", id, (), message, fix=fix)


def _questions(protocol: Protocol) -> Iterator[Problem]:
    """Questions that say why they are asked where they are intimate, and letters that a phone can type."""
    for id, question in protocol.questions.items():
        if protocol.why(question) is None or (_is_intimate(question, protocol) and not question.why):
            fix = 'add `why:`, one line that answers a patient\'s "why do you ask?"'
            yield protocol.problem("questions", id, ("why",), "every question says why it is asked", fix=fix)
        if question.kind in ("batch", "choice", "form", "consent") and not question.options:
            yield protocol.problem("questions", id, ("options",), "has no options", fix="add at least two options")
        if question.kind in ("number", "peg", "text") and not question.fact:
            yield protocol.problem("questions", id, ("fact",), "the answer goes nowhere", fix="write fact: <fact id>")
        if question.channel == "sms" and question.kind in ("batch", "choice"):
            yield from _letters(protocol, id, question)
        if question.kind in ("batch", "choice") and not {option.id for option in question.options}.isdisjoint(
            {"none", "0"}
        ):
            fix = "delete the option; the channel adds it, `none_facts` says what it sets"
            yield protocol.problem("questions", id, ("options",), '"none" is no option', fix=fix)


def _is_intimate(question: Question, protocol: Protocol) -> bool:
    asked = {finding for option in question.options for finding in option.findings}
    asked -= protocol.family(NOT_INTIMATE)
    return any(protocol.findings[finding].group in INTIMATE or finding in ALSO_INTIMATE for finding in asked)


def _letters(protocol: Protocol, id: str, question: Question) -> Iterator[Problem]:
    for position, option in enumerate(question.options):
        path = ("options", position, "id")
        if option.id == "unsure":
            continue
        if len(option.id) != 1 or not option.id.isalnum():
            fix = "write A, B, C or 1, 2, 3 (or unsure)"
            yield protocol.problem("questions", id, path, "an SMS option is one letter or digit", fix=fix)
        elif option.id not in question.text.replace("Example: 3B", "").replace(",", " ").replace(".", " ").split():
            fix = f'write "{option.id} <answer>" into the text'
            yield protocol.problem("questions", id, path, f"the text does not offer {option.id}", fix=fix)


def _sign_off(protocol: Protocol) -> Iterator[Problem]:
    header = protocol.root / "protocol.yml"
    unsigned = [id for id, rule in protocol.rules.items() if not (rule.signed_by and rule.signed_on)]
    if unsigned:
        few = ", ".join(unsigned[:6]) + (" ..." if len(unsigned) > 6 else "")
        message = f"{len(unsigned)} of {len(protocol.rules)} rules are not signed: {few}"
        fix = "a licensed clinical owner fills signed_by and signed_on in the rule"
        yield problem(header, ("signed_by",), message, fix=fix, warning=True)
    if not protocol.header.signed_by:
        fix = "the clinical owner fills signed_by and signed_on"
        yield problem(header, ("signed_by",), "nobody has signed this protocol", fix=fix, warning=True)
    if not protocol.header.spanish_reviewed_by:
        fix = "a qualified human translator reads web_es and sms_es and is named here"
        yield problem(header, ("spanish_reviewed_by",), "nobody has reviewed the Spanish texts", fix=fix, warning=True)


def _people(clinic: Clinic) -> Iterator[Problem]:
    file = clinics.PATH
    if clinic.demo:
        fix = "enter the clinic's real name, phones and people, then delete demo"
        yield problem(file, ("demo",), "this is the made-up demo clinic", fix=fix, warning=True)
    elif "555-01" in clinic.phone:
        yield problem(file, ("phone",), "is a fictional number", fix="enter the clinic's real number")


def problems(root: Path | None = None, clinic: Path | None = None) -> list[Problem]:
    """All problems of the files at `root` and `clinic`, also when they cannot be loaded."""
    try:
        return check(loading.load(root, strict=False), clinics.load(clinic))
    except ProtocolError as error:
        return list(error.problems)


def report(found: Iterable[Problem]) -> int:
    """Print the problems; return 1 if one of them is an error."""
    errors = 0
    for one in found:
        print(one)
        errors += not one.warning
    print(f"{errors} problem(s)" if errors else "protocol/ and clinic.yml are sound")
    return 1 if errors else 0


def main() -> int:
    """Check the project's own files, or the protocol folder named on the command line."""
    return report(problems(Path(sys.argv[1]) if len(sys.argv) > 1 else None))


if __name__ == "__main__":
    sys.exit(main())
