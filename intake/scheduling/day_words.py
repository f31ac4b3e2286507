"""Reads days in a wish: weekdays, "next week", "tomorrow", "december 5", "not on fridays"."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

Days = tuple[date | None, date | None]  # first and last day, both included

WEEKDAYS = (
    "mon(?:day)?s?", "tue(?:s|sday|say)?s?|tuseday", "wed(?:s|nesday)?s?|wensday|wendsday",
    "thu(?:r|rs|rsday)?s?|thrusday",
    "fri(?:day)?s?", "sat(?:urday)?s?", "sun(?:day)?s?",
)
DAY = rf"(?:{'|'.join(WEEKDAYS)})"
NOT = (r"(?:not|no|except(?: for)?|never|any ?(?:day|time) but|can'?t(?: do| make| come)?|can ?not(?: do| make| come)?"
       r"|don'?t(?: do| want| like)?|avoid)\s+(?:on |any |the )*")
AND = r"(?:\s*(?:,|/|&|or|and|nor)\s*(?:on )?)"
BAD = r"\s+(?:(?:do(?:es)?n'?t|won'?t|will not|does not) work|(?:is|are) (?:bad|out|no good)|not possible)"
MONTHS = [f"{calendar.month_abbr[n].lower()}(?:{calendar.month_name[n].lower()[3:]})?" for n in range(1, 13)]
MONTH = rf"(?:{'|'.join(MONTHS)}|sept)\.?"
DATE = (rf"(?:{MONTH} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?\b|(?:the )?\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH}\b"
        r"|\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?\b|\d{4}-\d\d-\d\d|(?:the )?\d{1,2}(?:st|nd|rd|th)\b)")


def weekdays(text: str) -> frozenset[int]:
    """Weekdays that are wished for, 0 = Monday; empty when none is named."""
    refused: set[int] = set()
    for pattern in (rf"\b{NOT}({DAY}(?:{AND}{DAY})*)\b", rf"\b({DAY}(?:{AND}{DAY})*){BAD}"):
        for found in re.finditer(pattern, text):
            refused |= _named(found[1])
        text = re.sub(pattern, " ", text)
    for first, last in re.findall(rf"\b({DAY})\s*(?:-|–|to|through|thru|until)\s*({DAY})\b", text):
        begin, end = min(_named(first)), min(_named(last))
        end += 7 if end < begin else 0
        text += " " + " ".join(calendar.day_name[number % 7].lower() for number in range(begin, end + 1))
    wanted = _named(text)
    if re.search(r"\bweekends?\b", text):
        wanted |= {5, 6}
    if re.search(r"\b(?:week ?days?|work ?days?)\b", text):
        wanted |= set(range(5))
    return frozenset((wanted or set(range(7))) - refused) if wanted or refused else frozenset()


def _named(text: str) -> set[int]:
    return {number for number, words in enumerate(WEEKDAYS) if re.search(rf"\b(?:{words})\b", text)}


def days(text: str, today: date) -> Days:
    """First and last day that are wished for. "Next tuesday" is the Tuesday of the next calendar week."""
    named = [found for each in re.findall(rf"\b{DATE}", text) if (found := _date(each, today))]
    if named:
        if re.search(rf"\b(?:after|later than)\s+(?:the )?{DATE}", text):
            return named[0] + timedelta(days=1), None
        if re.search(rf"\b(?:from|starting|since|on or after)\s+(?:on )?(?:the )?{DATE}", text) and len(named) == 1:
            return named[0], None
        if re.search(rf"\b(?:before|by|until)\s+(?:the )?{DATE}", text):
            return None, named[0] - timedelta(days=0 if re.search(r"\b(?:by|until)\b", text) else 1)
        return min(named), max(named)
    return _relative(text, today)


def _relative(text: str, today: date) -> Days:
    monday = today - timedelta(days=today.weekday())
    week = timedelta(days=7)
    if re.search(r"\bday after tomorrow\b", text):
        return (today + timedelta(days=2),) * 2
    if re.search(r"\b(?:tomorrow|tommorr?ow|tomorow|tmrw?|tmr)\b", text):
        return (today + timedelta(days=1),) * 2
    if re.search(r"\b(?:today|tonight)\b", text):
        return today, today
    if re.search(r"\bweek after next\b", text):
        return _week(monday + 2 * week)
    if re.search(rf"\b(?:not|no|after) this week\b|\bnext (?:week|{DAY})\b", text):
        first, last = _week(monday + week)
        return first, (None if "this week" in text else last)
    if re.search(rf"\bthis (?:coming )?(?:week|{DAY})\b", text):
        return today, monday + timedelta(days=6)
    if re.search(r"\bnext month\b", text):
        first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    counted = re.search(r"\bin (?:about )?(\d+|a) (days?|weeks?)\b|\b(\d+|a) (days?|weeks?) from (?:now|today)\b", text)
    if counted:
        amount, unit = counted[1] or counted[3], counted[2] or counted[4]
        number = 1 if amount == "a" else min(int(amount), 365)
        day = today + timedelta(days=number * (7 if unit.startswith("week") else 1))
        return _week(day - timedelta(days=day.weekday())) if unit.startswith("week") else (day, day)
    return None, None


def _week(monday: date) -> Days:
    return monday, monday + timedelta(days=6)


def _date(text: str, today: date) -> date | None:
    """The next day with this date; month before day, as in the United States. None when there is no such day."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    month = next((n for n, words in enumerate(MONTHS, start=1) if re.search(rf"\b{words}", text)), None)
    try:
        if "-" in text:
            return date(*numbers)
        if month or len(numbers) > 1:
            year = (numbers[2] % 2000 + 2000) if len(numbers) == 3 else today.year
            found = date(year, month or numbers[0], numbers[0] if month else numbers[1])
            return found if len(numbers) == 3 or found >= today else found.replace(year=today.year + 1)
        found = today.replace(day=numbers[0])
        return found if found >= today else (today.replace(day=1) + timedelta(days=32)).replace(day=numbers[0])
    except ValueError:
        return None


def without_dates(text: str) -> str:
    """The text with dates and counted days taken out, so that their numbers are not read as hours."""
    return re.sub(rf"\b{DATE}|\b\d+ (?:days?|weeks?)\b", " ", text)
