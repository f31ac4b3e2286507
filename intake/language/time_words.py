"""Words of time: units, numbers in letters, vague amounts, and what bends them."""

from __future__ import annotations

import re

Days = tuple[int, int | None]

UNITS = {
    **{"hour": 1 / 24, "hr": 1 / 24, "hrs": 1 / 24, "minute": 1 / 1440, "min": 1 / 1440, "mins": 1 / 1440},
    **{"day": 1, "night": 1, "week": 7, "wk": 7, "wks": 7, "weekend": 7, "fortnight": 14},
    **{"month": 30.4, "mo": 30.4, "mos": 30.4, "mth": 30.4, "mths": 30.4, "year": 365, "yr": 365, "yrs": 365},
    **{"decade": 3650, "dia": 1, "dias": 1, "semana": 7, "semanas": 7, "mes": 30.4, "meses": 30.4, "ano": 365},
    **{"anos": 365, "hora": 1 / 24, "horas": 1 / 24, "quincena": 15},
}
UNIT_WORDS = {
    **UNITS,
    **{word + "s": size for word, size in UNITS.items() if len(word) > 2 and not word.endswith("s")},
}
LETTERS = {"d": 1.0, "w": 7.0, "y": 365.0, "m": 30.4}
NUMBERS: dict[str, float] = {
    **{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16},
    **{"seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
    **{"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "dozen": 12, "half": 0.5},
    **{"un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9},
    **{"diez": 10, "quince": 15, "veinte": 20},
}
VAGUE: dict[str, tuple[float, float]] = {
    **{"couple": (2, 2.5), "few": (2.5, 4.5), "several": (3, 8), "many": (4, 12), "some": (2, 8), "lot": (4, 12)},
    **{
        "handful": (3, 6),
        "multiple": (3, 8),
        "number": (3, 8),
        "bunch": (4, 10),
        "various": (3, 8),
        "numerous": (4, 12),
    },
    **{"unos": (2, 4.5), "unas": (2, 4.5), "varios": (3, 8), "varias": (3, 8), "par": (2, 2.5)},
}
FILL = frozenset(
    "ish plus odd or so long full whole solid good more straight calendar short entire something very mas".split()
)
ABOUT = frozenset(
    "about around roughly approximately approx maybe probably like ish circa como unos unas perhaps guess guessing".split()
)
NEARLY = frozenset({"almost", "nearly", "pushing", "near", "casi", "shy"})
LITTLE = frozenset({"little", "just", "bit", "slightly", "tad", "barely", "hair"})
DURING = frozenset({"gradual", "gradually", "slowly", "crept", "built", "spread", "progressively", "build"})


def number(word: str) -> float | None:
    """The number a word stands for, in digits or letters, or None."""
    if re.fullmatch(r"\d{1,4}(\.\d+)?", word):
        return float(word)
    return NUMBERS.get(word)
