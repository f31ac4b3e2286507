"""The reader: one patient's message in, a `Reading` out; used by the Rasa component, the gateway's guard and `explain` alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Iterable, Optional

from intake.language import duration as times
from intake.language.answers import Answer, read_answer
from intake.language.phrases import Match, PhraseMatcher, Tags, WordClasses, words_of
from intake.language.severity import severity
from intake.language.spelling import Mender
from intake.language.status import StatusReader, situation
from intake.language.text import CLAUSE, Words, WordSplitter
from intake.protocol.load import Protocol
from intake.protocol.model import Course, Finding, Question, Status, Timing

# Words that turn a message or a list: what follows is a new statement.
CLAUSE_WORDS = ("but", "however", "although", "except", "pero", "though", "yet", "otherwise", "unless")

_PAIN_FINDINGS = frozenset({"leg_pain", "arm_pain", "bilateral_leg_pain", "chest_pain", "flank_pain", "abdominal_pain", "night_pain", "constant_pain", "tearing_pain",
                            "upper_belly_to_back", "urinary_colic", "pregnancy_belly_pain", "midline_pain", "worse_with_strain", "pleuritic_pain", "morning_stiffness",
                            "lift_twist", "minor_fall", "major_trauma", "overuse", "bilateral_leg_symptoms", "pain_bending_back"})
_LOCATION_OF = {"leg_pain": "leg", "arm_pain": "arm", "chest_pain": "chest", "flank_pain": "flank", "abdominal_pain": "abdomen", "bilateral_leg_pain": "leg"}
_MECHANISM_OF = {"major_trauma": "major", "minor_fall": "minor", "lift_twist": "lift_twist", "overuse": "overuse", "violence": "assault"}
_DAYS_OF = {"major_trauma": "trauma_days", "minor_fall": "trauma_days", "recent_spine_procedure": "procedure_days"}
_SEVERAL = frozenset({"treatments_tried", "goals", "pain_location"})
_RANK = (Status.present, Status.unsure, Status.absent, Status.declined, Status.hypothetical, Status.past, Status.other_person)


@dataclass(frozen=True)
class Mention:
    """One finding spoken of: its status and course, when it began or got worse (days before), and where the words stand."""

    id: str
    status: Status
    course: Course = Course.unknown
    timing: Timing = Timing.unknown
    since_days: Optional[times.Days] = None
    start: int = 0
    end: int = 0
    text: str = ""
    explicit: bool = False  # answers the question that was asked


@dataclass(frozen=True)
class Reading:
    """All that one message says. `answered` = finding and fact ids of the asked question that it answers; `picked` = option ids."""

    mentions: tuple[Mention, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    picked: tuple[str, ...] = ()
    bare: Optional[str] = None  # a bare none, unsure, declined, yes or no
    human: bool = False
    correction: bool = False
    opt_out: bool = False
    spans: tuple[tuple[str, str, int, int], ...] = ()  # entity, value, start, end of the facts, for annotations


class Reader:
    """Reads messages by the phrases of one protocol. Thread-safe; building it takes well under a second."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        language = protocol.language
        classes: dict[str, list[str]] = {}
        for name in language:
            if name.startswith(("classes", "status")):
                classes.update(language[name])
        classes.update({f"{kind}": phrases for kind, phrases in language.get("requests", {}).items()})
        self._classes = WordClasses(classes)
        present = {finding.id: finding.phrases for finding in protocol.findings.values() if finding.phrases}
        absent = {f"not {finding.id}": finding.absent_phrases for finding in protocol.findings.values() if finding.absent_phrases}
        self._findings = PhraseMatcher({**present, **absent})
        self._locations = PhraseMatcher(language.get("locations", {}))
        self._values = PhraseMatcher({f"{fact}={value}": phrases for fact, by_value in language.get("values", {}).items() for value, phrases in by_value.items()})
        vocabulary = {word for source in (*classes.values(), *present.values(), *absent.values(), *language.get("locations", {}).values(),
                                          *(rows for by_value in language.get("values", {}).values() for rows in by_value.values()))
                      for phrase in source for word in words_of(phrase)}
        self.splitter = WordSplitter(language.get("spelling", {}), Mender(vocabulary | set(times.NUMBERS) | set(times.UNITS)), CLAUSE_WORDS)

    def read(self, text: str, asked: Optional[str] = None, at: Optional[date] = None) -> Reading:
        """Everything `text` says, as an answer to `asked` (question id or slot) on the day `at` (default today)."""
        words = self.splitter.split(text)
        tags = self._classes.tag(words)
        question = self._protocol.question_for(asked)
        answer = read_answer(question, text, words) if question else Answer()
        spans = times.TimeReader(words, at or date.today(), times.age_in(words)).spans()
        mentions = self._mentions(words, tags, spans)
        facts, fact_spans = self._facts(words, tags, spans, mentions, question)
        if question:
            mentions, answered = self._apply(question, answer, text, mentions, facts)
        else:
            answered = frozenset()
        said = {name for tag in tags for name in tag}
        return Reading(mentions=tuple(mentions), facts=facts, answered=answered, picked=tuple(option.id for option in answer.picked), bare=answer.bare,
                       human="human" in said, correction="correction" in said, opt_out="opt_out" in said, spans=tuple(fact_spans))

    # -- findings

    def _mentions(self, words: Words, tags: Tags, spans: list[times.TimeSpan]) -> list[Mention]:
        matches = self._without_covered(self._findings.find(words, tags))
        reader = StatusReader(words, tags, matches, situation(words, tags))
        found: dict[str, Mention] = {}
        for match in matches:
            finding = self._finding(match)
            if match.name.startswith("not "):
                status = Status.absent
                if reader.status(match, finding.kind, finding.hedges) in (Status.hypothetical, Status.other_person, Status.absent):
                    continue
            else:
                status = reader.status(match, finding.kind, finding.hedges)
            since = self._since(words, match, spans)
            course = reader.course(match)
            if status is Status.present and since and since.days[0] > 90 and finding.kind == "event":
                status = Status.past
            mention = Mention(finding.id, status, course, timing_of(course, since.days if since else None), since.days if since else None,
                              words.starts[match.start], words.ends[match.end - 1], words.text[words.starts[match.start]:words.ends[match.end - 1]])
            earlier = found.get(finding.id)
            if earlier is None or _RANK.index(status) < _RANK.index(earlier.status):
                found[finding.id] = mention
        return list(found.values())

    def _finding(self, match: Match) -> Finding:
        return self._protocol.findings[match.name.removeprefix("not ")]

    def _without_covered(self, matches: list[Match]) -> list[Match]:
        """Of each finding the longest of overlapping matches, and no match whose words a more specific finding explains."""
        kept: list[Match] = []
        for match in sorted(matches, key=lambda match: (match.start - match.end, match.start)):
            if not any(match.name == other.name and match.start < other.end and other.start < match.end for other in kept):
                kept.append(match)
        specific = {match.name for match in kept}
        result = []
        for match in kept:
            yields_to = set(self._finding(match).yields_to) & {name.removeprefix("not ") for name in specific}
            covered = any(other.name.removeprefix("not ") in yields_to and match.start < other.end and other.start < match.end for other in kept)
            denied = not match.name.startswith("not ") and any(other.name == f"not {match.name}" and other.start <= match.start and match.end <= other.end for other in kept)
            if not covered and not denied:
                result.append(match)
        return sorted(result, key=lambda match: match.start)

    def _since(self, words: Words, match: Match, spans: list[times.TimeSpan]) -> Optional[times.TimeSpan]:
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
            if span.end <= match.start and any(word in ("and", "now") for word in words.norms[first:last + 1]):
                continue
            if best is None or last - first < best[0]:
                best = (last - first, span)
        return best[1] if best else None

    # -- facts

    def _facts(self, words: Words, tags: Tags, spans: list[times.TimeSpan], mentions: list[Mention], question: Optional[Question]) -> tuple[dict[str, Any], list[tuple[str, str, int, int]]]:
        facts: dict[str, Any] = {}
        marked: list[tuple[str, str, int, int]] = []
        slot = question.slot if question else None
        matches = self._longest(self._values.find(words, tags))
        reader = StatusReader(words, tags, matches, situation(words, tags))
        for match in matches:
            fact, value = match.name.split("=", 1)
            if fact != "pain_onset" and reader.status(match, "symptom", False) is Status.absent and slot != fact:
                continue
            if fact == "pain_onset":
                marked.append((fact, value, words.starts[match.start], words.ends[match.end - 1]))
            self._add(facts, {fact: [value] if fact in _SEVERAL else value})
        self._onset(facts, matches, mentions, words)
        self._locations_into(facts, words, tags, mentions, marked, slot)
        starts = [match.start for match in matches if match.name.startswith("pain_onset=")]
        days = times.pain_duration(words, spans, asked=slot == "pain_duration_days", starts=starts)
        if days is not None:
            facts["pain_duration_days"] = days
            span = next(span for span in spans if span.days == days)
            marked.append(("pain_duration", words.text[words.starts[span.start]:words.ends[span.end - 1]], words.starts[span.start], words.ends[span.end - 1]))
        level = severity(words, asked=slot == "pain_severity")
        if level is not None:
            facts["pain_severity"] = level
        age = times.age_in(words)
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
            if not any(other.name.split("=", 1)[0] == same_fact and match.start < other.end and other.start < match.end for other in kept):
                kept.append(match)
        return sorted(kept, key=lambda match: match.start)

    def _onset(self, facts: dict[str, Any], matches: list[Match], mentions: list[Mention], words: Words) -> None:
        """A named mechanism counts before sudden or gradual."""
        said = {match.name.split("=", 1)[1] for match in matches if match.name.startswith("pain_onset=")}
        mechanism = any(mention.id in ("major_trauma", "minor_fall", "lift_twist") and mention.status is Status.present for mention in mentions)
        if "injury" in said or mechanism:
            facts["pain_onset"] = "injury"
        elif said:
            facts["pain_onset"] = next(value for value in ("sudden", "gradual") if value in said)

    def _locations_into(self, facts: dict[str, Any], words: Words, tags: Tags, mentions: list[Mention], marked: list[tuple[str, str, int, int]], slot: Optional[str]) -> None:
        matches: list[Match] = []
        for match in sorted(self._locations.find(words, tags), key=lambda match: match.start - match.end):
            if not any(match.start < other.end and other.start < match.end for other in matches):
                matches.append(match)
        reader = StatusReader(words, tags, matches, situation(words, tags))
        found: list[str] = []
        for match in sorted(matches, key=lambda match: match.start):
            start, end = words.starts[match.start], words.ends[match.end - 1]
            inside = [mention for mention in mentions if mention.start < end and start < mention.end]
            if inside and not any(mention.id in _PAIN_FINDINGS and mention.status in (Status.present, Status.unsure) for mention in inside):
                continue
            if reader.status(match, "symptom", False) in (Status.absent, Status.other_person):
                continue
            if match.name not in found:
                found.append(match.name)
                marked.append(("pain_location", match.name, start, end))
        for mention in mentions:
            site = _LOCATION_OF.get(mention.id)
            if site and mention.status is Status.present and site not in found:
                found.append(site)
        if found:
            facts["pain_location"] = found

    def _events(self, facts: dict[str, Any], mentions: list[Mention]) -> None:
        """What happened before the pain and how many days ago, when the words say so."""
        for mention in mentions:
            if mention.status is not Status.present:
                continue
            if mention.id in _MECHANISM_OF:
                self._add(facts, {"mechanism": [_MECHANISM_OF[mention.id]]})
            fact = _DAYS_OF.get(mention.id)
            if fact and mention.since_days:
                facts[fact] = mention.since_days

    def _add(self, facts: dict[str, Any], more: dict[str, Any]) -> None:
        """Sets facts; a set collects, anything else is replaced."""
        for fact, value in more.items():
            known = self._protocol.facts.get(fact)
            if known and known.kind == "set" and isinstance(value, (list, tuple)):
                facts[fact] = list(dict.fromkeys([*(facts.get(fact) or []), *value]))
            else:
                facts[fact] = tuple(value) if isinstance(value, (list, tuple)) else value

    # -- the asked question

    def _apply(self, question: Question, answer: Answer, text: str, mentions: list[Mention], facts: dict[str, Any]) -> tuple[list[Mention], frozenset[str]]:
        """Lets the answer to the asked question set its items."""
        items = list(dict.fromkeys(finding for option in question.options for finding in option.findings))
        keys = {*items, *(fact for option in question.options for fact in option.facts)} | ({question.fact} if question.fact else set())
        result = [mention for mention in mentions]
        said = {mention.id for mention in mentions}
        answered: set[str] = set()

        def put(finding: str, status: Status, words: str, timing: Timing = Timing.unknown) -> None:
            course = Course.old_unchanged if timing is Timing.gt90d_stable else Course.unknown
            result.append(Mention(finding, status, course, timing, None, 0, 0, words, explicit=True))
            said.add(finding)

        for option in answer.picked:
            for finding in option.findings:
                result = [mention for mention in result if mention.id != finding or mention.status is Status.present]
                if not any(mention.id == finding for mention in result):
                    put(finding, Status.present, option.text, option.timing or Timing.unknown)
            self._add(facts, option.facts)
            answered |= keys
        if question.kind == "text" and question.fact and answer.bare != "declined":
            facts[question.fact] = "" if answer.bare else text
            answered.add(question.fact)
        if answer.number is not None and question.fact:
            facts[question.fact] = answer.number
            answered.add(question.fact)
        if answer.bare == "unsure" and items and not answer.picked:
            put(items[0], Status.unsure, "not sure")
            answered |= keys
        if answer.bare == "declined":
            for finding in items:
                put(finding, Status.declined, "skipped")
            answered |= keys
        if answer.bare in ("yes", "no") and not answer.picked and items and question.kind == "choice":
            # Every positive option of a yes-or-no question names the same item.
            put(items[0], Status.present if answer.bare == "yes" else Status.absent, answer.bare)
            answered |= keys
        elif answer.bare == "yes" and len(items) == 1:
            put(items[0], Status.present, "yes")
            answered |= keys
        if answer.rest_denied:
            present = {mention.id for mention in result if mention.status in (Status.present, Status.unsure)}
            for finding in items:
                if finding not in said and not (self._protocol.family(finding) & present):
                    put(finding, Status.absent, "none of these" if not answer.picked else "not picked")
            answered |= keys
        answered |= {mention.id for mention in result if mention.id in items and mention.status in (Status.present, Status.absent, Status.unsure)}
        if question.fact and question.fact in facts:
            answered.add(question.fact)
        answered |= {fact for fact in keys if fact in facts}
        return result, frozenset(answered)


def timing_of(course: Course, since: Optional[times.Days]) -> Timing:
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


_HALFWAY = 20  # weeks: RF-PREG-1 before, RF-PREG-2 from here


def pregnancy_stage(words: Words, mentions: list[Mention]) -> Optional[str]:
    """The stage of a pregnancy spoken of: weeks when given ("28 weeks", "33w"), else possible or weeks_unknown."""
    status = next((mention.status for mention in mentions if mention.id == "pregnancy"), None)
    signs = any(mention.id in ("pregnancy_warning_sign", "contractions", "less_movement", "fluid_leak") and mention.status is Status.present for mention in mentions)
    if status not in (Status.present, Status.unsure) and not signs:
        return None
    norms = words.norms
    if any(word in ("postpartum", "delivered", "birth", "newborn") for word in norms) or any(norms[at:at + 3] in (("had", "a", "baby"), ("had", "my", "baby"), ("had", "the", "baby")) for at in range(len(norms))):
        return "postpartum_le6w"
    for at, word in enumerate(norms[:-1]):
        if word.isdigit() and 2 <= int(word) <= 43 and norms[at + 1] in ("weeks", "week", "w", "wk", "wks", "weeker") and norms[at + 2:at + 3] not in (("ago",),):
            return "ge20w" if int(word) >= _HALFWAY else "lt20w"
        if word.isdigit() and 1 <= int(word) <= 9 and norms[at + 1] in ("months", "month", "mos") and norms[at + 2:at + 3] in (("pregnant",), ("preggo",), ("along",)):
            return "ge20w" if int(word) >= 5 else "lt20w"
    if any(norms[at:at + 2] in (("third", "trimester"), ("3rd", "trimester"), ("baby", "moving"), ("second", "trimester")) for at in range(len(norms))):
        return "ge20w"
    if any(norms[at:at + 2] == ("first", "trimester") for at in range(len(norms))):
        return "lt20w"
    return "possible" if status is Status.unsure else "weeks_unknown"
