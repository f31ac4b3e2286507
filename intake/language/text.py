"""A message as words: tokenised by a blank spaCy pipeline, spelling mended, each word with its stem and the break before it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import snowballstemmer
import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer

MAX_CHARS = 12_000  # longer messages are read up to here; the gateway refuses them long before

# Strength of the break before a word. A phrase may bridge a comma or an "and", never a clause or a sentence.
NO_BREAK, COMMA, CLAUSE, SENTENCE = 0, 1, 2, 3

_BREAKS = {
    ",": COMMA,
    "/": NO_BREAK,
    "&": NO_BREAK,
    "+": NO_BREAK,
    "-": NO_BREAK,
    "–": CLAUSE,
    "—": CLAUSE,
    "(": CLAUSE,
    ")": CLAUSE,
    ":": COMMA,
    ";": CLAUSE,
    ".": SENTENCE,
    "!": SENTENCE,
    "?": SENTENCE,
    "…": CLAUSE,
    "\n": SENTENCE,
}
_SUFFIX = re.compile(r"""[.,!?;:)\]"'*~…”’{}|]$|\n$""").search
_PREFIX = re.compile(r"""^[.,!?;:(\["'*~…“‘#@/&+<>={}¿¡|-]|^\n""").search
_INFIX = re.compile(
    r"""[/\-–—,;:&+()"~…*<>=!?¿¡{}|\n]|\.(?=[^\d])|(?<=[^\d])\.(?=\d)|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)"""
).finditer
_TRAILING_OFF = re.compile(r"\.{2,}(?=\s*[a-z])")  # "it feels like.. nothing" goes on
_APOSTROPHES = re.compile("[’‘`´ʼ]")
_SHORT_FORMS = frozenset(
    {
        "it's",
        "he's",
        "she's",
        "that's",
        "what's",
        "there's",
        "who's",
        "here's",
        "how's",
        "where's",
        "when's",
        "let's",
        "everything's",
        "nothing's",
    }
)
_stemmer = snowballstemmer.stemmer("english")


@dataclass(frozen=True)
class Words:
    """The words of one message, punctuation folded into `breaks`.

    `norms` are lower-case and mended, `stems` are what phrases match on, `starts` and `ends` are character offsets into
    `text`, `breaks[i]` is the strength of the break before word i, `asks[i]` says whether the sentence of word i ends in "?".
    """

    text: str
    norms: tuple[str, ...]
    stems: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    breaks: tuple[int, ...]
    asks: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.norms)

    def without(self, places: set[int]) -> Words:
        """The words except those at `places`, blank in the text too; the stops around them stay."""
        kept: list[int] = []
        breaks: list[int] = []
        text, stop = self.text, NO_BREAK
        for at in range(len(self)):
            stop = max(stop, self.breaks[at])
            if at in places:
                end = self.starts[at + 1] if at + 1 < len(self) else len(text)
                text = text[: self.starts[at]] + " " * (end - self.starts[at]) + text[end:]
            else:
                kept.append(at)
                breaks.append(stop)
                stop = NO_BREAK
        return Words(
            text,
            tuple(self.norms[at] for at in kept),
            tuple(self.stems[at] for at in kept),
            tuple(self.starts[at] for at in kept),
            tuple(self.ends[at] for at in kept),
            tuple(breaks),
            tuple(self.asks[at] for at in kept),
        )

    @cached_property
    def symbols(self) -> tuple[frozenset[str], ...]:
        """For each word all that a phrase may call it by."""
        return tuple(map(symbols_of, self.norms))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The English (Porter 2) stem of a lower-case word."""
    return str(_stemmer.stemWord(word))


@lru_cache(maxsize=20_000)
def symbols_of(word: str) -> frozenset[str]:
    """What phrases may call a word by: "~" and its stem, "=" and the word, each beginning and "*"."""
    return frozenset({f"~{stem(word)}", f"={word}", *(f"{word[:end]}*" for end in range(2, len(word) + 1))})


def fold(text: str) -> str:
    """Lower case, one kind of apostrophe, no accents; keeps the length so that offsets stay true."""
    if text.isascii():
        return text.replace("`", "'").lower()
    folded = []
    for char in _APOSTROPHES.sub("'", text):
        plain = unicodedata.normalize("NFKD", char)[0] if ord(char) > 127 else char
        folded.append(plain.lower()[:1] or char)
    return "".join(folded)


def build_tokenizer() -> Language:
    """A blank English spaCy pipeline whose tokenizer keeps contractions whole and splits "3wks", "8/10" and "numb,weak"."""
    nlp = spacy.blank("en")
    nlp.tokenizer = Tokenizer(nlp.vocab, prefix_search=_PREFIX, suffix_search=_SUFFIX, infix_finditer=_INFIX)
    return nlp


class WordSplitter:
    """Splits and mends a message; `mend` maps an unknown word to the word it was meant to be."""

    def __init__(self, slang: Mapping[str, str], mend: Callable[[str], str], clause_words: Iterable[str]) -> None:
        self._nlp = build_tokenizer()
        self._slang = slang
        self._mend = mend
        self._clause_words = frozenset(clause_words)

    def split(self, text: str) -> Words:
        """`text` (any shape, any length) as `Words`."""
        text = text[:MAX_CHARS]
        folded = _TRAILING_OFF.sub(lambda dots: ",".ljust(len(dots[0])), fold(text))
        norms: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        breaks: list[int] = []
        sentence_of: list[int] = []
        asking: set[int] = set()
        sentence = 0
        pending = SENTENCE
        for token in self._nlp.tokenizer(folded):
            raw = token.text
            end = token.idx + len(raw)
            if raw.isspace() or not any(char.isalnum() for char in raw):
                strength = SENTENCE if "\n" in raw else _BREAKS.get(raw, NO_BREAK)
                word = self._slang.get(raw)
                if word is None:
                    if "?" in raw:
                        asking.add(sentence)
                    if strength == SENTENCE and pending < SENTENCE:
                        sentence += 1
                    pending = max(pending, strength)
                    continue
                norm = word
            else:
                norm = self._norm(raw)
            if norm in self._clause_words:
                pending = max(pending, CLAUSE)
            norms.append(norm)
            starts.append(token.idx)
            ends.append(end)
            breaks.append(pending)
            sentence_of.append(sentence)
            pending = NO_BREAK
        return Words(
            text,
            tuple(norms),
            tuple(stem(norm) for norm in norms),
            tuple(starts),
            tuple(ends),
            tuple(breaks),
            tuple(number in asking for number in sentence_of),
        )

    def _norm(self, raw: str) -> str:
        # "weekend's" is a weekend, but "it's" stays "its"
        stripped = raw[:-2] if raw.endswith("'s") and raw not in _SHORT_FORMS else raw
        word = stripped.replace("'", "")
        word = self._slang.get(word, word)
        return word if word.isdigit() else self._mend(word)
