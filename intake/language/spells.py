"""Fixed expressions of time ("yesterday", "for ages") and times of life ("since high school")."""

from __future__ import annotations

from datetime import date

from intake.language.time_words import Days

_SPELLS: dict[str, Days] = {
    **dict.fromkeys(("yesterday", "last night", "ayer", "anoche", "night before", "one day"), (1, 1)),
    **dict.fromkeys(("this morning", "this afternoon", "this evening", "this am", "today", "tonight", "hoy"), (0, 0)),
    **dict.fromkeys(("earlier today", "just now", "noon", "lunch", "breakfast", "esta manana", "this instant"), (0, 0)),
    **dict.fromkeys(("hours", "midnight", "lunchtime", "a minute ago", "a moment ago", "supper"), (0, 0)),
    **dict.fromkeys(("all day", "all night", "all morning", "dinner", "overnight", "bedtime"), (0, 1)),
    **dict.fromkeys(("the other day", "the other night", "other day", "other night"), (2, 6)),
    **dict.fromkeys(("day before yesterday", "night before last", "antier", "anteayer", "day before last"), (2, 2)),
    **dict.fromkeys(("last week", "la semana pasada", "semana pasada"), (5, 11)),
    **dict.fromkeys(("this week", "earlier this week", "earlier in the week"), (0, 6)),
    **dict.fromkeys(("all week", "over this week", "past week", "the whole week"), (5, 8)),
    **dict.fromkeys(("week before last", "the other week"), (9, 18)),
    **dict.fromkeys(("last month", "el mes pasado", "mes pasado"), (25, 42)),
    **dict.fromkeys(("all month",), (25, 35)),
    **dict.fromkeys(("this month",), (2, 28)),
    **dict.fromkeys(("past month",), (28, 31)),
    **dict.fromkeys(("month before last",), (45, 75)),
    **dict.fromkeys(("last year", "el ano pasado", "ano pasado"), (320, 440)),
    **dict.fromkeys(("all year",), (200, 365)),
    **dict.fromkeys(("past year",), (330, 400)),
    **dict.fromkeys(("this year",), (30, 330)),
    **dict.fromkeys(("year before last",), (550, 900)),
    **dict.fromkeys(("half a year", "half year"), (170, 195)),
    **dict.fromkeys(("ages", "donkeys years", "yonks", "eons"), (730, None)),
    **dict.fromkeys(("years", "anos", "years and years"), (1095, None)),
    **dict.fromkeys(("decades",), (7300, None)),
    **dict.fromkeys(("months", "meses"), (90, 240)),
    **dict.fromkeys(("weeks", "semanas"), (21, 42)),
    **dict.fromkeys(("days", "dias"), (3, 7)),
    **dict.fromkeys(("forever", "an eternity", "long as i remember", "as long as i can remember"), (1095, None)),
    **dict.fromkeys(("long as i can remember", "far back as i can remember"), (1095, None)),
    **dict.fromkeys(("long time", "long long time", "mucho tiempo", "longest time", "the longest"), (365, None)),
    **dict.fromkeys(("my whole life", "all my life", "my entire life", "whole life", "toda la vida"), (5475, None)),
    **dict.fromkeys(("most of my life", "half my life", "my adult life"), (3650, None)),
    **dict.fromkeys(("a while", "awhile", "quite a while", "some time", "un tiempo", "a good while"), (14, 365)),
    **dict.fromkeys(("a hot minute", "quite some time", "a minute now", "month of sundays"), (30, 365)),
    **dict.fromkeys(("a little while", "a short while", "little bit ago"), (2, 14)),
}
SPELLS = {tuple(key.split()): days for key, days in _SPELLS.items()}
LONGEST = max(len(key) for key in SPELLS)
# These are lengths only after one of the words below ("for years"), never as bare plurals ("years of smoking").
NEEDS_LEAD = frozenset(
    "years anos decades months meses weeks semanas days dias hours noon lunch breakfast dinner midnight supper lunchtime bedtime forever".split()
)
LEADS = frozenset(
    "for since of like past last been by at before around desde hace por llevo about over going literally until almost".split()
)
# Times of life and the ages (least, most) they mean.
LIFE: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("childhood", "kid", "child", "girl", "boy", "little"), (5, 11)),
    **dict.fromkeys(("teenager", "teens", "teen", "adolescence", "teenage"), (13, 19)),
    **dict.fromkeys(("highschool", "highschooler"), (15, 18)),
    **dict.fromkeys(("college", "university", "undergrad"), (18, 22)),
    **dict.fromkeys(("twenties", "20s", "20 s"), (20, 29)),
    **dict.fromkeys(("thirties", "30 s"), (30, 39)),
    **dict.fromkeys(("forties", "40 s"), (40, 49)),
    **dict.fromkeys(("fifties", "50 s"), (50, 59)),
    **dict.fromkeys(("sixties", "60 s"), (60, 69)),
    "birth": (0, 1),
    "born": (0, 1),
}
PANDEMIC = (date(2020, 3, 10), date(2021, 3, 1))
OPEN_FROM = 1095  # "since college", age not known: three years or more
