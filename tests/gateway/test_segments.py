import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.gateway.segments import EXTENDED, chunks, segments
from intake.protocol.clinic import GSM7

GSM = "".join(sorted(GSM7 | EXTENDED))
texts = st.one_of(
    st.text(max_size=500), st.text(alphabet=GSM, max_size=500), st.text(alphabet="aé€[]😀ñ", min_size=150, max_size=400)
)


def by_hand(text):
    """Counts from the standard, written another way: encode, then pack."""
    if all(each in GSM7 or each in EXTENDED for each in text):
        units = [["\x1b", each] if each in EXTENDED else [each] for each in text]
        single, several = 160, 153
    else:
        units = [[*each.encode("utf-16-be", "surrogatepass")[::2]] for each in text]
        single, several = 70, 67
    total = sum(map(len, units))
    if total <= single:
        return 1
    count, room = 0, 0
    for unit in units:
        if len(unit) > room:
            count, room = count + 1, several
        room -= len(unit)
    return count


@given(texts)
def test_counts_equal_the_standard_and_parts_join_to_the_text(text):
    cut = segments(text)
    assert cut.count == by_hand(text)
    assert "".join(cut.parts) == text


@given(texts)
def test_no_part_is_too_long(text):
    cut = segments(text)
    single, several = {"gsm7": (160, 153), "ucs2": (70, 67)}[cut.alphabet]
    for part in cut.parts:
        units = (
            sum((2 if each in EXTENDED else 1) for each in part)
            if cut.alphabet == "gsm7"
            else len(part.encode("utf-16-be", "surrogatepass")) // 2
        )
        assert units <= (single if cut.count == 1 else several)


@pytest.mark.parametrize("text, alphabet, count", [
    ("", "gsm7", 1), ("a" * 160, "gsm7", 1), ("a" * 161, "gsm7", 2), ("a" * 306, "gsm7", 2), ("a" * 307, "gsm7", 3),
    ("€" * 80, "gsm7", 1),
    ("€" * 81, "gsm7", 2), ("a" * 152 + "€" + "a" * 10, "gsm7", 2), ("¿Dónde?", "ucs2", 1), ("¿Duele? ñ é ü",
    "gsm7", 1), ("á" * 70, "ucs2", 1),
    ("á" * 71, "ucs2", 2), ("😀" * 35, "ucs2", 1), ("😀" * 36, "ucs2", 2), ("😀" * 66, "ucs2", 2), ("😀" * 67, "ucs2",
    3), ("don’t", "ucs2", 1),
])  # fmt: skip
def test_known_lengths(text, alphabet, count):
    assert (segments(text).alphabet, segments(text).count) == (alphabet, count)


@given(st.text(max_size=5000), st.integers(10, 1600))
def test_chunks_are_short_enough_and_lose_no_word(text, longest):
    found = chunks(text, longest)
    assert all(len(each) <= longest for each in found)
    assert "".join("".join(found).split()) == "".join(text.split())
