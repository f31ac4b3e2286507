"""Loads `protocol/` into one immutable object, or says what is wrong with it.

    protocol = load()                      # the project's own protocol
    protocol.findings["saddle_numbness"]   # by id
    protocol.question_for("screen_nerves") # by question id or slot

Everything is read once and cached; call `load.cache_clear()` after the files have changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from . import references
from .conditions import put_constants
from .explain_errors import explain
from .model import (
    Disposition,
    DispositionInfo,
    Fact,
    Finding,
    Header,
    LastResort,
    NsaidGate,
    Peg,
    Question,
    Rule,
    Text,
)
from .source import FieldPath, Problem, ProtocolError, problem, read

ROOT = Path(__file__).resolve().parents[2] / "protocol"
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Protocol:
    """The whole clinical protocol. Mappings keep file order; questions are in asking order (web, then SMS)."""

    root: Path
    header: Header
    findings: Mapping[str, Finding]
    facts: Mapping[str, Fact]
    conditions: Mapping[str, Any]
    questions: Mapping[str, Question]
    rules: Mapping[str, Rule]
    texts: Mapping[str, Text]
    dispositions: Mapping[Disposition, DispositionInfo]
    language: Mapping[str, Any]  # raw YAML of protocol/language/<name>.yml, for intake.language
    peg: Peg | None = None
    nsaid_gate: NsaidGate | None = None
    last_resort: LastResort | None = None
    places: Mapping[tuple[str, str], tuple[Path, FieldPath]] = field(default_factory=dict, repr=False, compare=False)
    _children: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def version(self) -> str:
        """Version of the protocol as a whole, stored with every decision."""
        return self.header.version

    @property
    def constants(self) -> Mapping[str, float]:
        """Named numbers (mostly days); comparisons in conditions hold them already."""
        return MappingProxyType(self.header.constants)

    @property
    def minimum_screen(self) -> tuple[str, ...]:
        """Slots that must be answered before self-care or a routine booking (clinical reference 3F)."""
        return tuple(self.header.minimum_screen)

    def family(self, finding: str) -> frozenset[str]:
        """A finding and everything more specific that counts as it."""
        return self._children.get(finding, frozenset({finding}))

    def lineage(self, finding: str | None) -> Iterator[str]:
        """A finding and, one after the other, those that it counts as; nothing for what is no finding."""
        while finding is not None and finding in self.findings:
            yield finding
            finding = self.findings[finding].parent

    def question_for(self, asked: str | None, channel: str | None = None) -> Question | None:
        """The question behind an `asked` value: a question id ("Q4", "Q4t:numb") or a slot name.

        A slot names the web question unless `channel` says otherwise. None when nothing fits.
        """
        if not asked:
            return None
        question = self.questions.get(asked.split(":", 1)[0])
        if question and channel in (None, question.channel):
            return question
        slot = question.slot if question else asked
        twins = [twin for twin in self.questions.values() if twin.slot == slot]
        return next(
            (twin for twin in twins if twin.channel == (channel or "web")), twins[0] if twins and not channel else None
        )

    def why(self, question: Question) -> str | None:
        """Why a question is asked; the forms of a question share the reason."""
        slots = (question.slot, question.slot.removesuffix("_2"))
        twins = (twin for slot in slots for twin in self.questions.values() if twin.slot == slot and twin.why)
        return question.why or next((twin.why for twin in twins), None)

    def order(self, channel: str) -> tuple[Question, ...]:
        """All questions of a channel in asking order; `ask_if` and `after` decide which are asked."""
        return tuple(question for question in self.questions.values() if question.channel == channel)

    def place(self, kind: str, id: str) -> tuple[Path, FieldPath]:
        """File of an entry and where in the file it begins; `kind` is the plural attribute name."""
        return self.places.get((kind, id), (self.root, ()))

    def problem(self, kind: str, id: str, path: FieldPath, message: str, **more: Any) -> Problem:
        """A problem at a field of an entry, with file and line."""
        file, start = self.place(kind, id)
        if not file.is_file():
            return Problem(file, 1, ".".join(map(str, path)), message, **more)
        return problem(file, (*start, *path), message, **more)


def load(root: Path | None = None, strict: bool = True) -> Protocol:
    """Load the protocol folder (default: the project's own).

    Raises:
        ProtocolError: with every mistake at once: YAML, unknown keys or values, and, when `strict`, unknown ids.
    """
    return _load(Path(root or ROOT).resolve(), strict)


@lru_cache(maxsize=8)
def _load(root: Path, strict: bool) -> Protocol:
    reader = _Folder(root)
    protocol = reader.protocol()
    if strict and not reader.problems:  # what a broken file lacks is no second mistake
        reader.problems.extend(found for found in references.problems(protocol) if not found.warning)
    if reader.problems:
        raise ProtocolError(reader.problems)
    return protocol


load.cache_clear = _load.cache_clear  # type: ignore[attr-defined]


class _Folder:
    """Reads the files of one protocol folder, collecting problems instead of stopping at the first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.places: dict[tuple[str, str], tuple[Path, FieldPath]] = {}

    def protocol(self) -> Protocol:
        header = self.one("protocol.yml", Header)
        if header is None:
            raise ProtocolError(self.problems)
        findings = self.file_each("findings", Finding)
        questions = self.lists("screens", "questions")
        conditions = self.raw_mapping("conditions.yml")
        gate = self.one("nsaid_gate.yml", NsaidGate, required=False)
        known = header.constants
        rules = {id: _resolve_rule(rule, known) for id, rule in self.file_each("rules", Rule).items()}
        return Protocol(
            root=self.root,
            header=header,
            findings=MappingProxyType(findings),
            facts=MappingProxyType(self.mapping("facts.yml", "facts", Fact)),
            conditions=MappingProxyType({name: put_constants(value, known) for name, value in conditions.items()}),
            questions=MappingProxyType(self.in_order(questions, header, known)),
            rules=MappingProxyType(rules),
            texts=MappingProxyType(self.file_each("texts", Text)),
            dispositions=MappingProxyType(
                {info.id: info for info in self.mapping("dispositions.yml", "dispositions", DispositionInfo).values()}
            ),
            language=MappingProxyType({path.stem: self.yaml(path) for path in self.files("language")}),
            peg=self.one("peg.yml", Peg, required=False),
            nsaid_gate=gate and gate.copy(update={"suppress_if": put_constants(gate.suppress_if, known)}),
            last_resort=self.one("last_resort.yml", LastResort, required=False),
            places=MappingProxyType(self.places),
            _children=MappingProxyType(_families(findings)),
        )

    def files(self, folder: str) -> list[Path]:
        return sorted((self.root / folder).glob("*.yml"))

    def yaml(self, path: Path) -> Any:
        try:
            data = read(path)
        except ProtocolError as error:
            self.problems.extend(error.problems)
            return None
        if data is None:
            self.problems.append(problem(path, (), "is empty", fix="fill the file, or delete it if it is not needed"))
        return data

    def one(self, name: str, model: type[Model], required: bool = True) -> Model | None:
        path = self.root / name
        if not required and not path.exists():
            return None
        data = self.yaml(path)
        return None if data is None else self.build(model, data, path, ())

    def file_each(self, folder: str, model: type[Model]) -> dict[str, Model]:
        """`<folder>/<id>.yml`, one entry in each file."""
        entries: dict[str, Model] = {}
        for path in self.files(folder):
            data = self.yaml(path)
            if isinstance(data, dict) and str(data.get("id", path.stem)) != path.stem:
                fix = f"write id: {path.stem}, leave the key out, or rename the file"
                self.problems.append(problem(path, ("id",), "differs from the file's name", fix=fix))
            if data is not None:
                self.add(entries, folder, model, path.stem, data, path, ())
        return entries

    def mapping(self, name: str, kind: str, model: type[Model]) -> dict[str, Model]:
        """One file that maps id to entry."""
        entries: dict[str, Model] = {}
        for id, data in self.raw_mapping(name).items():
            self.add(entries, kind, model, str(id), data, self.root / name, (id,))
        return entries

    def raw_mapping(self, name: str) -> dict[str, Any]:
        path = self.root / name
        data = self.yaml(path) if path.exists() else {}
        if not isinstance(data, (dict, type(None))):
            self.problems.append(problem(path, (), "must be a mapping", fix="write `id:` and indent its keys below"))
            return {}
        for id in data or {}:
            self.places.setdefault((path.stem, str(id)), (path, (id,)))
        return data or {}

    def lists(self, *folders: str) -> dict[str, Question]:
        """Files that each hold a list of questions."""
        entries: dict[str, Question] = {}
        for path in [path for folder in folders for path in self.files(folder)]:
            data = self.yaml(path)
            if not isinstance(data, list):
                self.problems.append(
                    problem(path, (), "must be a list of questions", fix="start each with `- id: ...`")
                )
                continue
            for position, entry in enumerate(data):
                id = str(entry.get("id", "")) if isinstance(entry, dict) else ""
                if id in entries:
                    other = self.places["questions", id][0]
                    message = f"{id} stands in {other.name} already"
                    self.problems.append(problem(path, (position, "id"), message, fix="give it its own id"))
                    continue
                self.add(entries, "questions", Question, id, entry, path, (position,))
        return entries

    def in_order(self, questions: dict[str, Question], header: Header, known: dict[str, Any]) -> dict[str, Question]:
        """Sort by `order` of protocol.yml (what is not listed comes last; `references` complains)."""
        wanted = [id for channel in ("web", "sms") for id in header.order.get(channel, [])]
        ids = [id for id in wanted if id in questions] + [id for id in questions if id not in wanted]
        return {id: questions[id].copy(update={"ask_if": put_constants(questions[id].ask_if, known)}) for id in ids}

    def add(
        self, entries: dict[str, Model], kind: str, model: type[Model], id: str, data: Any, path: Path, start: FieldPath
    ) -> None:
        self.places[kind, id] = (path, start)
        if isinstance(data, dict):
            data = {**data, "id": id}
        entry = self.build(model, data, path, start)
        if entry is not None:
            entries[id] = entry

    def build(self, model: type[Model], data: Any, path: Path, start: FieldPath) -> Model | None:
        try:
            return model.parse_obj(data)
        except ValidationError as error:
            self.problems.extend(explain(error, model, path, start))
            return None


def _resolve_rule(rule: Rule, constants: dict[str, Any]) -> Rule:
    tiers = [
        tier.copy(update={"when": put_constants(tier.when, constants), "unless": put_constants(tier.unless, constants)})
        for tier in rule.tiers
    ]
    return rule.copy(update={"tiers": tiers})


def _families(findings: Mapping[str, Finding]) -> dict[str, frozenset[str]]:
    """Each finding with all its descendants."""
    families = {id: {id} for id in findings}
    for id, finding in findings.items():
        parent, seen = finding.parent, {id}
        while parent in families and parent not in seen:
            families[parent].add(id)
            seen.add(parent)
            parent = findings[parent].parent
    return {id: frozenset(members) for id, members in families.items()}
