"""An answer read by the question that was asked: picked options, letters, numbers, "none", "not sure", "skip"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from intake.language.duration import NUMBERS
from intake.language.text import Words, fold
from intake.protocol.model import Option, Question

Bare = Literal["none", "unsure", "declined", "yes", "no"]

_NONE = re.compile(
    r"^(0|o|zero|n|na|n/a|none|no|nope|nah|nada|nothing|neither|ninguno|ninguna|nunca|never|negative|not at all|not that i know of|no not really|not really|no never|"
    r"(no+|nope|nah)?[ ,]*(none|nothing|neither|not any)( of)?( (these|those|that|them|the above|the list|it))?( (apply|fit|for me|apply to me|here|at all))?|"
    r"(no|none|nothing|nope)( (to|for|on|of) (all|any|everything|each)( of (these|those|them|it))?| at all| that i know of| so far)|all (no|none|negative)|no (none|nothing)( of (these|those|them|that))?|"
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
_REST_NO = re.compile(
    r"\b(everything else|the others?|others|the rest|rest|anything else|all else)[ ,:-]*(is |are |all )?(no|none|nope|fine|ok|good|normal)$"
)
_ALL = re.compile(
    r"^(yes |yeah |yep )?(all|everything|every one|all (of )?(them|these|those|it|the above|of the above|5|five|six|four|three))$"
)
_ORDINAL = re.compile(
    r"^(just |only |yes |its |it is |id say |probably |maybe )*(the )?(first|second|third|fourth|fifth|sixth|last|1st|2nd|3rd|4th|5th|6th)( (one|option|answer|choice))?$"
)
_ORDINALS = {
    name: place
    for place, names in enumerate(("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th"))
    for name in names.split()
} | {"last": -1}
# Words around a letter that change nothing: "just A", "yes to A and C please", "a little A".
_AROUND = frozenset(
    "yes yeah yep yup yea ya si ok okay well just only to for option options letter letters number answer answers choice its it is im i id "
    "have has got pick choose say would the one ones both and n y or plus also then please pls thanks thx maybe probably "
    "think guess kinda sorta kind sort of bit little mostly definitely mainly sometimes so my me too not sure but a".split()
)
_PUNCTUATION = re.compile(r"[^\w\s?/&+,;-]")

_FORM_WORDS = {
    "me": frozenset("i im myself self".split()),
    "female": frozenset("woman lady girl gal fem".split()),
    "male": frozenset("man guy boy dude".split()),
}
_BESIDE_NUMBER = re.compile(
    r"^(im|i am|its|it is|about|around|like|maybe|age|aged|a|at|just|probably|turned|hes|shes|he is|she is|my age is|say|id say| )*"
    r"(\d{1,3})( ?(yo|y o|years?( old)?|yrs?( old)?|yr old|now|today|ish|or so|out of 10|of 10|/10))?$"
)


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
    return Answer(rest_denied=bool(_LEADING_NO.match(plain) or _REST_NO.search(plain)))


def _number(question: Question, plain: str, words: Words) -> Answer:
    if _DECLINED.match(plain):
        return Answer(bare="declined")
    if _UNSURE.match(plain):
        return Answer(bare="unsure")
    low = question.minimum if question.minimum is not None else 0
    high = question.maximum if question.maximum is not None else 120
    said = _BESIDE_NUMBER.match(plain)
    number = int(said.group(2)) if said else NUMBERS.get(plain)
    if isinstance(number, int) and low <= number <= high:
        return Answer(number=number)
    return Answer()


def _form(question: Question, plain: str) -> Answer:
    """Several short answers in one message: "me 45 f"."""
    if _DECLINED.match(plain):
        return Answer(bare="declined")
    words = re.findall(r"[a-z]+|\d+", plain)
    low, high = question.minimum or 0, question.maximum or 120
    number = next((int(word) for word in words if word.isdigit() and low <= int(word) <= high), None)
    picked: dict[str | None, Option] = {}  # one under each heading
    for option in question.options:
        text = _plain(option.text)
        named = re.search(rf"\b{re.escape(text)}\b", plain) or text[:1] in words and len(text) > 2
        # "I", "man" in a long message without an age answer something else
        meant = _FORM_WORDS.get(text, frozenset()) & set(words) and (number is not None or len(words) <= 3)
        if named or meant:
            picked.setdefault(option.heading, option)
    return Answer(tuple(picked.values()), number=number)


def _choice(question: Question, plain: str) -> Answer:
    by_id = {option.id.lower(): option for option in question.options}
    if plain.rstrip(".)") in by_id:
        return Answer((by_id[plain.rstrip(".)")],), rest_denied=True)
    if _DECLINED.match(plain):
        return Answer(bare="declined")
    if _UNSURE.match(plain):
        return Answer(_first(question, _means_unsure), bare="unsure")
    if _YES.match(plain):
        return Answer(_first(question, _means_yes), bare="yes")
    if _NO.match(plain) or (_NONE.match(plain) and "thank" not in plain):
        return Answer(_first(question, _means_no), bare="no")
    picked = () if _ALL.match(plain) else _letters(question.options, plain)
    return Answer(picked, rest_denied=bool(picked))


def _first(question: Question, means: Callable[[Option], bool]) -> tuple[Option, ...]:
    return next(((option,) for option in question.options if means(option)), ())


def _means_yes(option: Option) -> bool:
    return _plain(option.text).startswith(("yes", "y,")) or option.id.lower() in ("yes", "y")


def _means_no(option: Option) -> bool:
    said = re.match(r"(no|n)\b", _plain(option.text)) and not _means_unsure(option)
    return bool(said) or option.id.lower() in ("no", "n")


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
    """Options by letter or number: "A C", "a,c", "AC", "3B", "just A", "yes to A and C", "the last one", "all of them"."""
    options = tuple(options)
    ordinal = _ORDINAL.match(plain)
    if ordinal and len(options) > 2:
        place = _ORDINALS[ordinal.group(3)]
        return options[place:][:1]
    if _ALL.match(plain):
        return options
    by_id = {option.id.lower(): option for option in options if len(option.id) == 1 and option.id not in ("Y", "N")}
    tokens = re.findall(r"\w+", plain)
    if len(tokens) == 1 and len(plain) <= 4 and list(plain) == sorted(set(plain)):  # "ac", "3b", but not "bad"
        tokens = list(plain)
    if not tokens or any(token not in by_id and token not in _AROUND for token in tokens):
        return ()
    named = [
        token
        for at, token in enumerate(tokens)
        if token in by_id and not (token in ("a", "i") and at + 1 < len(tokens) and tokens[at + 1] in _NOUNS_AFTER_A)
    ]
    return tuple(by_id[token] for token in dict.fromkeys(named))


# "a little", "a bit", "i have": the article and the pronoun are no letters
_NOUNS_AFTER_A = frozenset("little bit kind sort of have has got think guess would pick choose say".split())
