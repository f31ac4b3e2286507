"""A packet as a page for the desk, as a letter to the ER, and as the text of a page to a person on call."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

PAGE_LENGTH = 1000  # characters a pager text may have (reliability notes B)
NERVES = ("cauda equina", "spinal cord", "weakness", "nerve")  # groups that an ER letter lists in full (3I: CES grid)
EMERGENCY = ("call_911", "crisis", "er_now")
LETTER_FACTS = (("pain_location", "Site"), ("pain_duration_days", "Duration"), ("pain_severity", "Severity now"))
STATES = ("present", "unclear", "declined", "denied", "not asked")


def environment(*folders: Path) -> Environment:
    """Templates with every value escaped; a name that is missing is an error, not an empty place."""
    loader = FileSystemLoader([*folders, Path(__file__).resolve().parent / "templates"])
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.filters["local"] = local
    return found


def local(value: str | datetime | None, tz: str = "UTC") -> str:
    """A moment on the clinic's clock: "Nov 24, 9:05 AM EST"; empty for None."""
    if not value:
        return ""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    there = moment.astimezone(ZoneInfo(tz))
    return f"{there:%b} {there.day}, {there.hour % 12 or 12}:{there:%M %p %Z}"


def page(packet: dict[str, Any], tz: str = "UTC") -> Markup:
    """The packet as HTML, the part that the desk puts into its own page."""
    template = environment().get_template("packet.html")
    return Markup(template.render(packet=packet, tz=tz, items=items(packet), letter=er_letter(packet, tz)))


def items(packet: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The screen's items by state, each with its group."""
    found: dict[str, list[dict[str, Any]]] = {state: [] for state in STATES}
    for group in packet["screen"]:
        for item in group["items"]:
            found[item["state"]].append({**item, "group": group["group"]})
    return found


def pager_text(
    label: str, clinic: str, raised_at: datetime, tz: str, link: str, step: int, initials: str | None = None,
    undelivered: bool = False,
) -> str:
    """What is sent to a person on call. No health data: who needs it opens the link and signs in."""
    again = f" Page {step + 1}: nobody has accepted yet." if step else ""
    who = f"patient {initials}" if initials else "a patient"
    call = " Our text did not reach the phone: call the patient." if undelivered else ""
    since = local(raised_at, tz)
    text = f"{label.upper()}: {clinic} intake, {who}, since {since}.{call}{again} Open and accept: {link}"
    return text[:PAGE_LENGTH]


def er_letter(packet: dict[str, Any], tz: str = "UTC") -> str:
    """One paragraph for the emergency department, and the grid of nerve signs; plain text."""
    facts = {each["id"]: each["value"] for each in packet["facts"]}
    by_state = items(packet)
    who = ", ".join(filter(None, [f"{facts['age']} old" if "age" in facts else "", facts.get("sex", "")]))
    urgent = [rule for rule in packet["rules"] if rule["disposition"] in EMERGENCY]
    reasons = "; ".join(dict.fromkeys(rule["title"] for rule in urgent)) or packet["label"]
    quotes = dict.fromkeys(
        each["words"] for rule in urgent for each in rule["evidence"] if each["words"] and each["state"] in STATES
    )
    sentences = [
        f"Patient{f' ({who})' if who else ''}, identity not verified, was told: {packet['label']}.",
        f"In the patient's words: {'; '.join(map(repr, quotes or [packet['words']]))}.",
        f"Reported: {_labels(by_state['present']) or 'see words above'}.",
        f"Unclear: {_labels(by_state['unclear'])}." if by_state["unclear"] else "",
        *(f"{label}: {facts[id]}." for id, label in LETTER_FACTS if id in facts),
        f"Please assess for: {reasons}.",
        "Collected by software in a chat; nobody has examined the patient and this is not a diagnosis.",
    ]
    return " ".join(filter(None, sentences)) + _nerve_signs(packet)


def _nerve_signs(packet: dict[str, Any]) -> str:
    """The grid of nerve signs: one line each for what was answered, one for all that was not asked."""
    signs = [item for group in packet["screen"] if group["group"] in NERVES for item in group["items"]]
    lines = [f"  {item['label']}: {item['state']}" for item in signs if item["state"] != "not asked"]
    left = [item for item in signs if item["state"] == "not asked"]
    if left:
        lines.append(f"  Not asked: {_labels(left)}")
    return "\n\nNerve signs:\n" + "\n".join(lines) if lines else ""


def _labels(found: list[dict[str, Any]]) -> str:
    return ", ".join(item["label"] for item in found)
