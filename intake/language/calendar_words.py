"""Names of the calendar: weekdays, months, seasons, and the dates of holidays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from dateutil.easter import easter

WEEKDAYS = {
    name: day
    for day, names in enumerate(
        (
            ("monday", "mon", "lunes"),
            ("tuesday", "tues", "tue", "martes"),
            ("wednesday", "weds", "wed", "miercoles"),
            ("thursday", "thurs", "thur", "thu", "jueves"),
            ("friday", "fri", "viernes"),
            ("saturday", "sat", "sabado"),
            ("sunday", "sun", "domingo"),
        )
    )
    for name in names
}
MONTHS = {
    name: month
    for month, names in enumerate(
        (
            ("january", "jan", "enero"),
            ("february", "feb", "febrero"),
            ("march", "mar", "marzo"),
            ("april", "apr", "abril"),
            ("may", "mayo"),
            ("june", "jun", "junio"),
            ("july", "jul", "julio"),
            ("august", "aug", "agosto"),
            ("september", "sept", "sep", "septiembre"),
            ("october", "oct", "octubre"),
            ("november", "nov", "noviembre"),
            ("december", "dec", "diciembre"),
        ),
        1,
    )
    for name in names
}
AMBIGUOUS_MONTHS = frozenset({"may", "mar", "march", "dec", "jan", "sep", "august", "april", "june"})
SEASONS = {
    "spring": 3,
    "springtime": 3,
    "summer": 6,
    "summertime": 6,
    "fall": 9,
    "autumn": 9,
    "winter": 12,
    "wintertime": 12,
    "verano": 6,
    "invierno": 12,
}


def _weekday_of(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth given weekday (Monday 0) of a month; nth -1 = the last."""
    if nth < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


HOLIDAYS: dict[tuple[str, ...], Callable[[int], date]] = {
    ("christmas", "eve"): lambda year: date(year, 12, 24),
    ("christmas",): lambda year: date(year, 12, 25),
    ("xmas",): lambda year: date(year, 12, 25),
    ("navidad",): lambda year: date(year, 12, 25),
    ("holidays",): lambda year: date(year, 12, 27),
    ("halloween",): lambda year: date(year, 10, 31),
    ("valentines",): lambda year: date(year, 2, 14),
    ("valentine",): lambda year: date(year, 2, 14),
    ("st", "patricks"): lambda year: date(year, 3, 17),
    ("st", "pattys"): lambda year: date(year, 3, 17),
    ("new", "years"): lambda year: date(year, 1, 1),
    ("new", "year"): lambda year: date(year, 1, 1),
    ("start", "of", "the", "year"): lambda year: date(year, 1, 1),
    ("beginning", "of", "the", "year"): lambda year: date(year, 1, 1),
    ("easter",): easter,
    ("hanukkah",): lambda year: date(year, 12, 12),
    ("thanksgiving",): lambda year: _weekday_of(year, 11, 3, 4),
    ("turkey", "day"): lambda year: _weekday_of(year, 11, 3, 4),
    ("black", "friday"): lambda year: _weekday_of(year, 11, 3, 4) + timedelta(days=1),
    ("labor", "day"): lambda year: _weekday_of(year, 9, 0, 1),
    ("memorial", "day"): lambda year: _weekday_of(year, 5, 0, -1),
    ("mothers", "day"): lambda year: _weekday_of(year, 5, 6, 2),
    ("mother", "day"): lambda year: _weekday_of(year, 5, 6, 2),
    ("fathers", "day"): lambda year: _weekday_of(year, 6, 6, 3),
    ("father", "day"): lambda year: _weekday_of(year, 6, 6, 3),
    ("mlk", "day"): lambda year: _weekday_of(year, 1, 0, 3),
    ("presidents", "day"): lambda year: _weekday_of(year, 2, 0, 3),
    ("columbus", "day"): lambda year: _weekday_of(year, 10, 0, 2),
    ("veterans", "day"): lambda year: date(year, 11, 11),
    ("boxing", "day"): lambda year: date(year, 12, 26),
    ("super", "bowl"): lambda year: _weekday_of(year, 2, 6, 2),
    ("superbowl",): lambda year: _weekday_of(year, 2, 6, 2),
    ("cinco", "de", "mayo"): lambda year: date(year, 5, 5),
    ("4", "th", "of", "july"): lambda year: date(year, 7, 4),
    ("july", "4", "th"): lambda year: date(year, 7, 4),
    ("fourth", "of", "july"): lambda year: date(year, 7, 4),
    ("independence", "day"): lambda year: date(year, 7, 4),
    ("juneteenth",): lambda year: date(year, 6, 19),
}
