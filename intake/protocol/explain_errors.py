"""Turns pydantic's errors into problems that a clinician can act on."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from .source import FieldPath, Problem, did_you_mean, problem, read


def explain(error: ValidationError, model: type[BaseModel], path: Path, start: FieldPath) -> list[Problem]:
    """One problem for each field of a validation that is wrong, at its file and line."""
    first = {one["loc"]: one for one in reversed(error.errors())}  # a field of two types has an error for each
    return [_explain(one, model, path, start) for one in reversed(first.values())]


def _explain(error: Mapping[str, Any], model: type[BaseModel], path: Path, start: FieldPath) -> Problem:
    location = tuple(step for step in error["loc"] if step != "__root__")
    field = (*start, *location)
    kind, context = error["type"], error.get("ctx", {})
    if "__key__" in location:
        return _wrong_key(path, (*start, *location[:-1]), context)
    if kind == "value_error.extra":
        keys = _keys(model, location[:-1])
        fix = did_you_mean(location[-1], keys).replace("use a known id, or add it first", "use one of the allowed keys")
        return problem(path, field, f"unknown key {location[-1]!r}", allowed=keys, fix=fix)
    if kind == "value_error.missing":
        return problem(path, field, "is missing", fix=f"add `{location[-1]}: ...`")
    if kind in ("type_error.enum", "value_error.const"):
        values = context.get("enum_values") or context.get("permitted") or ()
        allowed = tuple(str(value.value if isinstance(value, Enum) else value) for value in values)
        return problem(path, field, "is not an allowed value", allowed=allowed, fix="write one of the allowed values")
    return problem(path, field, error["msg"], fix=_TYPE_FIXES.get(kind, "see the other entries of this kind"))


def _wrong_key(path: Path, field: FieldPath, context: Mapping[str, Any]) -> Problem:
    """A mapping holds a key outside a fixed list, such as a weekday; pydantic does not say which."""
    allowed = tuple(map(str, context.get("permitted", ())))
    node = read(path)
    for step in field:
        node = node[step]
    wrong = str(next((key for key in node if key not in allowed), ""))
    return problem(path, (*field, wrong), f"unknown key {wrong!r}", allowed=allowed, fix=did_you_mean(wrong, allowed))


def _keys(model: type[BaseModel], location: FieldPath) -> tuple[str, ...]:
    """Keys that the model at a location knows."""
    for step in location:
        if isinstance(step, str):
            inner = model.__fields__[step].type_
            if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
                break
            model = inner
    return tuple(
        key for key in model.__fields__ if key != "id" or "slot" in model.__fields__ or "text" in model.__fields__
    )


_TYPE_FIXES = {
    "type_error.list": "write a list, one entry on each line after a dash, or [a, b]",
    "type_error.dict": "write a mapping, `key: value` on each line",
    "type_error.integer": "write a whole number",
    "value_error.number": "write a number",
    "value_error.number.not_ge": "write a number that is not below 0",
    "type_error.str": "write text; put it in quotes when it holds a colon or starts with a sign",
    "type_error.none.not_allowed": "write a value after the colon",
    "type_error.bool": "write true or false",
    "value_error.bool": "write true or false",
    "type_error.bool_parsing": "write true or false",
}
