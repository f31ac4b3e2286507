"""What the clinical protocol is made of; each class is one kind of YAML file under ``protocol/``.

The YAML is the source of truth for every finding, question, rule and wording. ``load.py`` reads it into these
models and turns any mistake into an error that names file, line, field and fix.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal

from pydantic import BaseModel, Extra, NonNegativeFloat, NonNegativeInt


class Disposition(str, Enum):
    """Where a patient is sent, most urgent first (`Disposition.rank` 0 is the most urgent)."""

    call_911 = "call_911"
    crisis = "crisis"
    er_now = "er_now"
    same_day = "same_day"
    within_3_days = "within_3_days"
    within_7_days = "within_7_days"
    within_14_days = "within_14_days"
    routine = "routine"
    self_care = "self_care"

    @property
    def rank(self) -> int:
        """Position in the order of urgency, 0 = most urgent."""
        return list(Disposition).index(self)

    @property
    def is_emergency(self) -> bool:
        """True for the three levels whose advice goes out before anything else."""
        return self.rank <= Disposition.er_now.rank


class Status(str, Enum):
    """What a text says about a finding; only `present`, `absent`, `unsure` are about the patient now."""

    present = "present"
    absent = "absent"
    unsure = "unsure"
    past = "past"
    other_person = "other_person"
    hypothetical = "hypothetical"
    declined = "declined"


class Course(str, Enum):
    """How a finding has moved."""

    new = "new"
    worse = "worse"
    old_unchanged = "old_unchanged"
    unknown = "unknown"


class Timing(str, Enum):
    """Time band since a finding began or last got worse (clinical source: GIRFT 14-day window)."""

    le72h = "le72h"
    le14d = "le14d"
    d15_90 = "d15_90"
    gt90d_stable = "gt90d_stable"
    gt90d_worse = "gt90d_worse"
    unknown = "unknown"


class Strict(BaseModel):
    """A YAML mapping in which an unknown key is an error."""

    class Config:
        """Unknown keys are errors; what was loaded is not changed."""

        extra = Extra.forbid
        frozen = True


class Finding(Strict):
    """`protocol/findings/<id>.yml`: one symptom, sign, event or history item, and how patients say it."""

    id: str  # the file's name
    label: str  # for staff
    patient: str  # for patients, completes "You said: ..." and "no ..."
    kind: Literal["symptom", "event", "history"]  # history is present when it holds now or ever
    group: str  # cauda_equina, weakness_cord, heart_lung, aorta, ... one per row family of the red-flag table
    tier: Literal[1, 2, 3]  # how `unsure` is treated: 1 as positive one level below, 2 clinician contact, 3 note only
    red_flag: bool = True  # a `yes` that no fired rule uses goes to a person (R999)
    parent: str | None = None  # more general contract finding that is reported too
    free_text: bool = False  # no question asks it: it comes from the patient's own words or from staff
    sources: list[str] = []
    phrases: list[str] = []  # patterns, see protocol/README.md
    absent_phrases: list[str] = []  # patterns that say the finding is absent ("i can pee fine")
    ignore_phrases: list[str] = []  # patterns in which the words mean something else ("fell asleep")
    explained_by: list[str] = []  # patterns that explain it away in the same sentence ("dentist"): then it is absent
    near_misses: list[str] = []  # sentences that must not read as present
    yields_to: list[
        str
    ] = []  # more specific findings: where one of them is read, this one is not read from the same words
    hedges: bool = True  # False: "maybe", "I think" do not make it unsure (self-harm, overdose)


class Fact(Strict):
    """One entry of `protocol/facts.yml`: a value that is no finding (age, duration, an exception answer...)."""

    id: str
    label: str
    kind: Literal["number", "range", "choice", "set", "text"]
    values: list[str] = []  # for choice and set
    unit: str | None = None  # of a number or range: years, days
    minimum: float | None = None
    maximum: float | None = None
    exception: bool = False  # an explicit answer that may lower a level (may stand under `unless`)
    free_text: bool = False  # no question asks it: it comes from the patient's own words, staff or the engine
    sources: list[str] = []


class Option(Strict):
    """One answer of a question and what it sets."""

    id: str  # letter or number on SMS (A, B, 1, 2), short word on the web
    text: str
    findings: list[str] = []  # set to present
    absent: list[str] = []  # set to absent: this answer denies them
    denies: list[str] | None = None  # what "none of these" denies, when not every finding ("fever with stiff neck")
    leaves_rest: bool = False  # says nothing about what is not picked beside it ("one of these, but it is old")
    facts: dict[str, Any] = {}
    timing: Timing | None = None  # for timing follow-ups: applied to the findings picked before
    heading: str | None = None  # the web shows long lists under short headings


class Question(Strict):
    """One entry of `protocol/screens/*.yml` or `protocol/questions/*.yml`: one question on one channel.

    What an answer means, by kind: `batch` several options (facts that are sets are united), "none" denies every finding
    of every option and their children, "not sure" is one unsure item of the batch; `choice` one option; `form` one
    option under each heading and a number for `fact`; `number`/`peg` a whole number for `fact`; `text` free text;
    `consent` one option, once, before everything else. "None" and "not sure" are no options: the channel adds them.
    Where an option has the id `unsure`, "not sure" picks it.
    """

    id: str  # Q4, SMS-04b
    slot: str  # Rasa slot it fills, e.g. screen_nerves, pain_severity
    channel: Literal["web", "sms"]
    kind: Literal["batch", "choice", "form", "number", "text", "peg", "consent"]
    text: str
    options: list[Option] = []
    why: str | None = None  # one line for "why do you ask?"; the other questions of its slot share it
    allow_unsure: bool = True
    allow_skip: bool = False
    ask_if: Any | None = None  # condition (same language as rules); None = always
    after: str | None = None  # id of the question that this one follows up
    applies_to: list[str] = []  # a timing follow-up counts for what was picked in these questions (default: `after`)
    each: bool = False  # asked once for each option picked; `asked` is then "Q4t:numb" (question id : option id)
    clarifies: list[
        str
    ] = []  # exception facts that it asks for (clinical reference 3A.1); asked only if that changes the level
    on_demand: bool = (
        False  # asked at a certain moment (clarifier, after an emergency message), never in the usual order
    )
    urgent: bool = False  # asked before all others as soon as it applies
    corrects: bool = False  # what is said in answer replaces what was said before
    course: Course | None = None  # what is picked has moved so ("old and has not changed")
    allow_none: bool = True  # batch: the channel adds "None of these" (web) or 0 (SMS)
    none_facts: dict[str, Any] = {}  # facts that the answer "none" sets
    fact: str | None = None  # the fact that the number or the free text fills (also free text beside options)
    minimum: int | None = None
    maximum: int | None = None


class Tier(Strict):
    """One level of a rule: when it applies, how urgent, what the patient and the staff are told."""

    disposition: Disposition | None = None  # None = only the flags or a note
    when: Any  # condition, see intake/triage/conditions.py
    unless: Any = None  # exception answers (facts with exception: true) that keep this tier from firing
    text: str | None = None  # id of the advice text in protocol/texts, when not the disposition's own
    human: bool = False
    recipient: str | None = None
    timeframe: str | None = None
    note: str | None = None  # goes to the packet
    blocks_self_care: bool = False
    offer: bool = False  # the patient may choose it; does not stand against self-care (R316b)


class Rule(Strict):
    """`protocol/rules/<id>.yml`: one escalation rule; the most urgent tier that holds counts."""

    id: str
    title: str
    stage: Literal["interrupt", "screen", "gate", "routing"]  # P0, P1, P2, P3
    tiers: list[Tier]
    reason: str  # said to the patient: "because you said ..."
    source: str
    evidence: Literal["L", "M", "P"]
    decision: str | None = None  # the Annex C question a clinical owner must answer
    signed_by: str | None = None
    signed_on: str | None = None
    version: int = 1


class Text(Strict):
    """One wording: web and SMS form, English and (for safety) Spanish."""

    id: str
    web: str
    sms: list[str]  # one string per text message
    web_es: str | None = None
    sms_es: list[str] = []
    sms_ids: list[str] = []  # the ids of clinical reference 4.3 that `sms` carries, in order
    disposition: Disposition | None = None
    safety: bool = False  # needs Spanish; an emergency text (disposition call_911, crisis, er_now) always does
    asks: str | None = None  # slot that the reply to this text fills ("Going? Y or N": able_to_go)
    promises_call: bool = False  # says that a person will call: only sent when clinic.yml names who is paged
    otherwise: str | None = None  # the text to send instead when nobody is named


class DispositionInfo(Strict):
    """One entry of `protocol/dispositions.yml`: what staff see and how fast they must act."""

    id: Disposition
    code: str  # E1, EC, E2, SD, U3, U7, U14, R, SC as in clinical reference 2.0
    label: str  # for staff
    timeframe: str  # for staff
    recipient: str  # who acts, when the rule does not say
    sla_minutes: int | None = None  # until a person has acknowledged, in clinic hours unless `always`
    always: bool = False  # the clock also runs when the clinic is closed
    text: str  # id of the advice text
    text_closed: str | None = None  # the one to send when the clinic is closed


class Peg(Strict):
    """`protocol/peg.yml`: the PEG score (Krebs 2009), whose items may not be reworded."""

    citation: str
    licence: str
    items: dict[str, str]  # fact id -> verbatim item
    decimals: int  # of the mean of the three answers, each 0 to 10; without all three there is no score
    bands: list[dict[str, Any]]  # {from, to, label}, from <= score < to
    meaningful_change_percent: int  # fall that counts as better
    sources: list[str]


class NsaidGate(Strict):
    """`protocol/nsaid_gate.yml`: when label-level information on pain relievers is held back."""

    show: bool  # False: the clinic never shows it (Annex C question 9)
    suppress_if: Any  # condition; an unanswered, unsure or declined item also suppresses
    needs: list[str]  # facts and findings that must be answered first
    text: str  # id of the information text
    suppressed_text: str  # id of the text shown instead
    sources: list[str]
    decision: str | None = None


class WorstPhrases(Strict):
    """What stands for one emergency level when nothing can read the message, and what is said then."""

    text: str  # id of the advice text
    phrases: list[str]


class LastResort(Strict):
    """`protocol/last_resort.yml`: the phrases that a browser without a server and a gateway without a reader know."""

    classes: dict[str, list[str]] = {}
    levels: dict[Disposition, WorstPhrases]


class Header(Strict):
    """`protocol/protocol.yml`: version, constants, the order of the questions and what completes a screen."""

    version: str
    signed_by: str | None = None  # clinical owner of the whole protocol
    signed_on: str | None = None
    spanish_reviewed_by: str | None = None  # qualified human translator of the Spanish safety texts
    constants: dict[str, NonNegativeInt | NonNegativeFloat]  # may stand in comparisons: ">= few_weeks_days"
    order: dict[Literal["web", "sms"], list[str]]  # question ids in asking order
    minimum_screen: list[str]  # slots that must be answered before self-care or a routine booking
    related_groups: list[list[str]] = []  # groups: a doubt counts in full beside a red flag of its line (3E)
    packet: list[str]  # facts shown in the hand-off packet (findings are always shown)


Condition = str | dict[str, Any]
