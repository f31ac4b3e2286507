"""Words around a number that say whether it is a level of pain, and of when."""

from __future__ import annotations

from intake.language.time_words import NUMBERS

NOT_LEVELS = ("a", "an", "un", "una", "half", "hundred", "dozen")
WORDS = {
    **{word: int(value) for word, value in NUMBERS.items() if value <= 20 and word not in NOT_LEVELS},
    **{"zero": 0, "cero": 0, "nil": 0, "million": 11, "thousand": 11, "hundred": 11, "billion": 11, "gazillion": 11},
    **{"zillion": 11, "infinity": 11},
}
SCALE = frozenset("scale level lvl rate rated rating severity score nrs vas intensity number rank ranks".split())
PAIN = frozenset(
    """pain pains painful hurt hurts hurting ache aches aching sore soreness dolor duele back neck hip leg feels feel
    throbbing burning discomfort agony shoulder achy stiff spasm spasms shooting tender""".split()
)
LEAD = frozenset(
    """a an at about around like its is to be say id call now currently maybe probably solid between steady easily roughly
    was been with near under over only dull sharp strong constant good bad hard como un go high low definitely honestly
    mostly usually today still im feeling hovering sits sitting standing rest moving up down just another easy least
    almost nearly mild light nagging stays stay running hit hits hitting reaching peaks right night morning fat big meant""".split()
)
SCALE_ENDS = frozenset({"10", "ten", "diez"})
NO_LEVEL_BEFORE = frozenset(
    """l c t s grade stage phase size age turned aged option apt room gate bus day week type june july august april march may
    january february december november october september other another second chapter figure part page top no hip knees
    these those his her first last next""".split()
) - {"no", "hip", "knees"}
NO_LEVEL_AFTER = frozenset(
    """times time am pm mg mcg ml pills pill kids children blocks miles mile feet ft foot stairs steps lbs pounds pound kg
    kilos percent degrees sessions session tablets tabs shots injections injection th st nd rd inch inches stories story
    step yo old people surgeries surgery operations discs disc x doses beers babies grandkids dogs stitches screws rods
    doctors percocets norcos oxys tylenol advil ibuprofen aleve gummies d w y hundred thousand horas veces weekends of
    different things things cats rounds visits bottles boxes levels falls brothers sisters sons daughters legs arms feet
    sides spots places position positions thing more pack packs cups drinks count hour oclock a""".split()
) - {"of"}
WORST = frozenset({"worst", "best", "lowest", "highest", "max", "most", "least", "goal", "peak", "peaks", "average"})
THEN = frozenset(
    "was used yesterday normally usually before were earlier originally initially started start began had".split()
)
OTHERS = frozenset("wife husband mom mother friend doctor dad sister brother normal never".split())
NOW = frozenset("now today currently moment presently ahora hoy still rn tonight present this".split()) - {"this"}

TO_TEN = (
    ("out", "of"), ("outta",), ("out", "a"), ("of",), ("over",), ("from",), ("de",), ("sobre",), ("on", "a", "scale", "to"),
    ("on", "a", "scale", "of", "1", "to"), ("on", "the", "scale", "of", "1", "to"), ("on", "a", "scale", "of"),
    ("on", "the",), ("on", "a", "1", "to"), ("on", "the", "1", "to"), ("of", "the"), ("in", "a", "scale", "of"),
    ("on", "a", "scale", "from", "1", "to"), ("on", "scale", "of", "1", "to"), ("on", "a", "0", "to"),
)  # fmt: skip


SMALL = frozenset(
    "or no can i it so yeah yes hmm uh um the not but close this very my of somewhere depending id".split()
)
IS_A = (
    ("to", "a"), ("to", "an"), ("be", "a"), ("is", "a"), ("is", "an"), ("its", "a"), ("its", "an"), ("about", "a"),
    ("i", "say"), ("id", "say"), ("like", "a"), ("like", "an"), ("at", "a"), ("at", "an"), ("maybe", "a"), ("around", "a"),
    ("of", "a"), ("was", "a"), ("been", "a"), ("a", "solid"), ("a", "dull"), ("a", "steady"), ("a", "constant"), ("es", "un"), ("still", "a"),
)  # fmt: skip
