from __future__ import annotations

from datetime import date, datetime, time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.scheduling.wish import Wish, parse_wish

TODAY = date(2026, 11, 24)  # a Tuesday
ALL = frozenset(range(7))


def days(first: tuple[int, int] | None, last: tuple[int, int] | None) -> dict[str, date]:
    found = {"first_day": first and date(2026, *first), "last_day": last and date(2026, *last)}
    return {name: day for name, day in found.items() if day}


@pytest.mark.parametrize(("text", "wish"), [
    ("tuesday after 3", {"weekdays": {1}, "after": time(15)}),
    ("Tuesday after 3pm please", {"weekdays": {1}, "after": time(15)}),
    ("video", {"mode": "video"}),
    ("can we do it on zoom", {"mode": "video"}),
    ("in person", {"mode": "in_person"}),
    ("not video please", {"mode": "in_person"}),
    ("video or in person", {}),
    ("next week morning", {**days((11, 30), (12, 6)), "before": time(12)}),
    ("mornings next week", {**days((11, 30), (12, 6)), "before": time(12)}),
    ("next tuesday", {"weekdays": {1}, **days((11, 30), (12, 6))}),
    ("this friday at noon", {"weekdays": {4}, **days((11, 24), (11, 29)), "after": time(12), "before": time(13)}),
    ("tomorrow around two", {**days((11, 25), (11, 25)), "after": time(13), "before": time(15)}),
    ("tommorow", days((11, 25), (11, 25))),
    ("in two weeks", days((12, 7), (12, 13))),
    ("in 3 days", days((11, 27), (11, 27))),
    ("not this week", days((11, 30), None)),
    ("next month", days((12, 1), (12, 31))),
    ("december 5", days((12, 5), (12, 5))),
    ("5th of december", days((12, 5), (12, 5))),
    ("12/5 at 2:30", {**days((12, 5), (12, 5)), "after": time(14, 30), "before": time(15, 30)}),
    ("the 5th in the afternoon", {**days((12, 5), (12, 5)), "after": time(12), "before": time(17)}),
    ("after december 5", days((12, 6), None)),
    ("before the 10th", days(None, (12, 9))),
    ("by dec 10", days(None, (12, 10))),
    ("dec 5 to dec 10", days((12, 5), (12, 10))),
    ("january 4", {"first_day": date(2027, 1, 4), "last_day": date(2027, 1, 4)}),
    ("mon-wed before 10", {"weekdays": {0, 1, 2}, "before": time(10)}),
    ("fridays or mondays", {"weekdays": {0, 4}}),
    ("weekends only", {"weekdays": {5, 6}}),
    ("not on fridays", {"weekdays": ALL - {4}}),
    ("any day but tuesday", {"weekdays": ALL - {1}}),
    ("I can't do mondays or tuesdays", {"weekdays": ALL - {0, 1}}),
    ("thursday doesn't work", {"weekdays": ALL - {3}}),
    ("between 9 and 11", {"after": time(9), "before": time(11)}),
    ("10 to 2 on thursday", {"weekdays": {3}, "after": time(10), "before": time(14)}),
    ("1-3pm", {"after": time(13), "before": time(15)}),
    ("not before ten", {"after": time(10)}),
    ("no later than 4", {"before": time(16)}),
    ("9am", {"after": time(9), "before": time(10)}),
    ("half past two on wed", {"weekdays": {2}, "after": time(14, 30), "before": time(15, 30)}),
    ("no mornings", {"after": time(12)}),
    ("after work", {"after": time(17)}),
    ("first thing monday", {"weekdays": {0}, "before": time(9, 30)}),
    ("monday morning or tuesday afternoon", {"weekdays": {0, 1}, "before": time(17)}),
    ("as soon as possible", {}), ("anything", {}), ("", {}), ("my back hurts", {}), ("february 30", {}), ("99/99", {}),
])
def test_a_wish_is_read(text: str, wish: dict) -> None:
    expected = {name: frozenset(value) if isinstance(value, set) else value for name, value in wish.items()}
    assert parse_wish(text, TODAY) == Wish(**expected)


@pytest.mark.parametrize(("wish", "fits"), [
    (Wish(), True), (Wish(weekdays=frozenset({1})), True), (Wish(weekdays=frozenset({2})), False),
    (Wish(after=time(9, 20)), True), (Wish(after=time(9, 21)), False), (Wish(before=time(9, 20)), False),
    (Wish(first_day=date(2026, 12, 2)), False), (Wish(last_day=date(2026, 12, 1)), True), (Wish(mode="video"), False),
])
def test_an_offer_fits_or_does_not(wish: Wish, fits: bool) -> None:
    offer = SimpleNamespace(local_start=datetime(2026, 12, 1, 9, 20), mode="in_person")
    assert wish.fits(offer) is fits


WORDS = ["next", "week", "tue", "fri", "not", "9", "12/31", "pm", "am", "before", "after", "between", "and", "in",
         "999", "days", "the", "31st", "feb", "noon", "-", "video", "may", "month", "a", "from", "now"]


@given(st.text(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_no_text_is_too_odd_to_be_a_wish(text: str) -> None:
    assert isinstance(parse_wish(text, TODAY), Wish)
