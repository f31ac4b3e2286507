"""An answer read by the question that was asked: picked options, letters, numbers, "none", "not sure", "skip"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from intake.language.text import Words, fold
from intake.protocol.model import Option, Question

Bare = Literal["none", "unsure", "declined", "yes", "no"]

_NONE = re.compile(
    r"^(0|o|zero|n|na|n/a|none|no|nope|nah|nada|nothing|neither|ninguno|ninguna|nunca|never|negative|not at all|not that i know of|no not really|not really|no never|"
    r"(no+|nope|nah)?[ ,]*(none|nothing|neither|not any)( of)?( (these|those|that|them|the above|the list|it))?( (apply|fit|for me|apply to me|here|at all))?|"
    r"(no+|nope|nah)[ ,]*(no+|nope|nah|sir|maam|mam|thanks|thank you|thankfully|i dont|i havent|im good|all good|nothing like that|never|luckily|thank god))$"
)
_UNSURE = re.compile(
    r"^(\?+|not sure|unsure|im not sure|i am not sure|idk|dk|dunno|i dunno|dont know|i dont know|no idea|no clue|maybe|hard to say|hard to tell|cant tell|i cant tell|no se|"
    r"not certain|possibly|u|not really sure|im unsure|i honestly dont know|honestly not sure|dont remember|cant remember|i cant remember|i dont remember)$"
)
_DECLINED = re.compile(
    r"^(s|skip|skip it|skip this|pass|next|next question|rather not say|(i'?d|i would) rather not( say| answer)?|prefer not to( say| answer)?|i prefer not to( say| answer)?|"
    r"none of your business|no comment|decline|i dont want to (say|answer|talk about (it|that))|dont want to (say|answer)|not comfortable( answering)?|thats (private|personal))$"
)
_YES = re.compile(
    r"^(y|yes|yep|yeah|yea|yup|ya|yah|si|sure|correct|right|true|ok|okay|i do|i am|i have|it does|affirmative|yes (i do|i am|i have|it does|please|sir|maam)|uh huh|definitely|absolutely|always)$"
)
_NO = re.compile(
    r"^(n|no|nope|nah|not really|no (i dont|i havent|im not|sir|maam|never|it doesnt)|never|negative|i dont|i havent|im not|nunca)$"
)
_LEADING_NO = re.compile(
    r"^(no+|nope|nah|none( of (these|those|them|the above))?|nothing|neither)\b[ ,.;:-]*(just|but|except|only|though|other than|apart from|besides|well|actually|however|nothing( else)?)\b"
)
_LETTERS = re.compile(r"^([a-z])((\s*(,|;|/|&|\+|and|y)?\s*)[a-z])*$")
_PUNCTUATION = re.compile(r"[^\w\s?/&+,;-]")


@dataclass(frozen=True)
class Answer:
    """`picked` options, or a `bare` answer; `rest_denied` says that what was not picked is thereby denied."""

    picked: tuple[Option, ...] = ()
    bare: Bare | None = None
    number: int | None = None
    rest_denied: bool = False


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", _PUNCTUATION.sub("", fold(text))).strip(" ,;-")


def read_answer(question: Question, text: str, words: Words) -> Answer:
    """What `text` answers to `question`; an empty Answer when it is no direct answer."""
    plain = _plain(text)
    if not plain:
        return Answer()
    exact = _by_text(question.options, text)
    if exact:
        return Answer(exact, rest_denied=True)
    if question.kind == "batch":
        return _batch(question, plain)
    if question.kind in ("number", "peg"):
        return _number(question, plain, words)
    if question.kind == "form":
        return _form(question, plain)
    if question.kind == "text":
        return Answer(bare="declined" if _DECLINED.match(plain) and question.allow_skip else None)
    return _choice(question, plain)


def _batch(question: Question, plain: str) -> Answer:
    if _DECLINED.match(plain) and (plain != "s" or question.allow_skip):
        return Answer(bare="declined")
    if _UNSURE.match(plain):
        return Answer(bare="unsure")
    if _NONE.match(plain):
        return Answer(bare="none", rest_denied=True)
    letters = _letters(question.options, plain)
    if letters:
        return Answer(letters, rest_denied=True)
    if _YES.match(plain):
        return Answer(bare="yes")
    if _LEADING_NO.match(plain):
        return Answer(rest_denied=True)
    return Answer()


def _number(question: Question, plain: str, words: Words) -> Answer:
    if _DECLINED.match(plain):
        return Answer(bare="declined")
    if _UNSURE.match(plain):
        return Answer(bare="unsure")
    low = question.minimum if question.minimum is not None else 0
    high = question.maximum if question.maximum is not None else 120
    if plain.isdigit() and low <= int(plain) <= high:
        return Answer(number=int(plain))
    return Answer()


def _form(question: Question, plain: str) -> Answer:
    """Several short answers in one message: "me 45 f"."""
    words = re.findall(r"[a-z]+|\d+", plain)
    low, high = question.minimum or 0, question.maximum or 120
    number = next((int(word) for word in words if word.isdigit() and low <= int(word) <= high), None)
    picked = []
    for option in question.options:
        text = _plain(option.text)
        if (
            re.search(rf"\b{re.escape(text)}\b", plain)
            or text[:1] in words
            and len(text) > 2
            or text == "me"
            and {"i", "im", "myself", "self"} & set(words)
        ):
            picked.append(option)
    return Answer(tuple(picked), number=number)


def _choice(question: Question, plain: str) -> Answer:
    by_id = {option.id.lower(): option for option in question.options}
    if plain.rstrip(".)") in by_id:
        return Answer((by_id[plain.rstrip(".)")],), rest_denied=True)
    mixed = (
        [by_id[part] for part in re.findall(r"\d|[a-z]", plain) if part in by_id]
        if re.fullmatch(r"\d\s*[a-z]?|[a-z]\s*\d?", plain)
        else []
    )
    if mixed:
        return Answer(tuple(mixed), rest_denied=True)
    if _DECLINED.match(plain):
        return Answer(bare="declined")
    if _UNSURE.match(plain):
        unsure = [option for option in question.options if _means_unsure(option)]
        return Answer(tuple(unsure[:1]), bare="unsure")
    if _YES.match(plain):
        return Answer(
            tuple(
                option
                for option in question.options
                if _plain(option.text).startswith(("yes", "y,")) or option.id.lower() in ("yes", "y")
            )[:1],
            bare="yes",
        )
    if _NO.match(plain) or (_NONE.match(plain) and "thank" not in plain):
        return Answer(
            tuple(
                option
                for option in question.options
                if re.match(r"(no|n)\b", _plain(option.text))
                and not _means_unsure(option)
                or option.id.lower() in ("no", "n")
            )[:1],
            bare="no",
        )
    return Answer()


def _means_unsure(option: Option) -> bool:
    return option.id.lower() in ("unsure", "not_sure", "?") or bool(_UNSURE.match(_plain(option.text)))


def _by_text(options: Iterable[Option], text: str) -> tuple[Option, ...]:
    """Options picked on the web: their full texts or ids, one a line or separated by semicolons."""
    by_text = {_plain(option.text): option for option in options} | {
        option.id.lower(): option for option in options if len(option.id) > 2
    }
    parts = [_plain(part) for part in re.split(r"[;\n]", text)]
    parts = [part for part in parts if part]
    if parts and all(part in by_text for part in parts):
        return tuple(by_text[part] for part in parts)
    return ()


def _letters(options: Iterable[Option], plain: str) -> tuple[Option, ...]:
    """Options by letter: "A C", "a,c", "AC", "a and c"; also "A" followed by words ("A but only a little")."""
    by_id = {option.id.lower(): option for option in options if len(option.id) == 1}
    if _LETTERS.match(plain):
        letters = re.sub(r"\band\b|\by\b", " ", plain) if " " in plain else plain
        names = re.findall(r"[a-z]", letters)
        if names and all(name in by_id for name in names):
            return tuple(by_id[name] for name in dict.fromkeys(names))
    if re.fullmatch(r"[\da-z]([\s,;/&+]*[\da-z]){0,3}", plain) and any(
        char.isdigit() for char in plain
    ):  # "3B", "1, 2"
        names = re.findall(r"[\da-z]", plain)
        if all(name in by_id for name in names):
            return tuple(by_id[name] for name in dict.fromkeys(names))
    return ()
