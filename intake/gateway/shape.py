"""Shapes what the assistant asks for the channel: choices to press on the web, one plain text on a phone.

Options come from the protocol's question; "None of these", "Not sure" and "Skip" are added here, as the protocol leaves
to the channel. What has been answered already is not offered again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from intake.gateway.rasa import Reply
from intake.protocol.model import Option, Question
from intake.triage.asking import open_options

EXTRA = {"none!": "None of these", "unsure!": "Not sure", "skip!": "Skip"}  # ids that no option of the protocol has
KINDS = {"batch": "many", "choice": "one", "consent": "one", "form": "form", "number": "scale", "peg": "scale"}
LONGEST_SCALE = 12  # numbers; a longer range is typed
# Marks that would turn a whole text message into 70-character segments, and their plain twins.
PLAIN = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u2026": "...",
        "\u00a0": " ",
        "\u2022": "-",
        "\u2265": ">=",
        "\u2264": "<=",
    }
)

Sign = Callable[[str, str], str]  # question, option -> token


def choices(protocol: Any, asked: str | None, record: Any, now: datetime, sign: Sign) -> dict[str, Any] | None:
    """What a browser offers for a question, or None when it is answered in words.

    `question` is what the tokens answer. `kind`: one (press one), many (tick, then send), form (one under each `group`,
    and a number), scale (press a number). `only` marks options that exclude all others, `region` a part of the body.
    """
    question = protocol.question_for(asked, "web") or protocol.question_for(asked) if protocol and asked else None
    if question is None:
        return None
    if question.kind in ("number", "peg"):
        offered = _scale(question)
    else:
        left = question.options if record is None else open_options(question, record.fresh(now), protocol)
        offered = [_offer(each.id, each.text, each.heading, _region(each)) for each in left]
    if not offered and question.kind != "text":
        return None
    offered += [{**_offer(id, EXTRA[id]), "only": True} for id in _extras(question)]
    for each in offered:
        each["token"] = sign(str(asked), each.pop("id"))
    number = {"min": question.minimum, "max": question.maximum} if question.kind == "form" and question.fact else None
    if not offered:
        return None
    kind = KINDS.get(question.kind, "one")
    return {"question": asked, "kind": kind, "options": offered, **({"number": number} if number else {})}


def buttons(reply: Reply, key: str, sign: Sign) -> dict[str, Any] | None:
    """What a browser offers for the buttons of a Rasa response, of kind one or slots; the token carries the payload."""
    offered = [{"text": title, "token": sign(key, payload)} for title, payload in reply.buttons]
    kind = "slots" if reply.offers else "one"
    return {"question": key, "kind": kind, "options": offered} if offered else None


def answer(protocol: Any, asked: str, picked: Iterable[str]) -> str | None:
    """The words that picked options stand for, one a line, as the reader knows them; None when one does not exist."""
    question = protocol.question_for(asked, "web") or protocol.question_for(asked) if protocol else None
    if question is None:
        return None
    words = []
    for id in dict.fromkeys(picked):
        option = next((each for each in question.options if each.id == id), None)
        number = question.kind in ("number", "peg") and id.isascii() and id.isdigit()
        if option is None and id not in EXTRA and not number:
            return None
        words.append(option.text if option else EXTRA.get(id, id))
    if len(words) > 1 and any(each in EXTRA.values() for each in words):
        words = [each for each in words if each != EXTRA["none!"]]  # a yes counts more than "none"
    return "\n".join(words)


def for_sms(replies: Iterable[Reply], protocol: Any, fill: Callable[[str], str]) -> str:
    """All replies of a turn as one text; the question in its SMS wording, which carries its letters or numbers."""
    parts = []
    for reply in replies:
        question = protocol.question_for(reply.asked, "sms") if protocol and reply.asked else None
        if question is not None and question.id != str(reply.asked).partition(":")[0] and question.text:
            parts.append(fill(question.text))
        elif reply.buttons and reply.buttons[0][0] not in reply.text:
            listed = " ".join(f"{number} {title}" for number, (title, _) in enumerate(reply.buttons[:9], 1))
            parts.append(f"{reply.text} Reply {listed}")
        else:
            parts.append(reply.text)
    return " ".join(" ".join(part.split()) for part in parts).translate(PLAIN)


def numbered(reply: Reply, key: str) -> dict[str, Any]:
    """The buttons of a text message: its number, title and payload, kept until the next question."""
    return {
        "question": key,
        "kind": "numbered",
        "options": [
            {"number": number, "text": title, "payload": payload}
            for number, (title, payload) in enumerate(reply.buttons[:9], 1)
        ],
    }


def _extras(question: Question) -> list[str]:
    ids = {each.id for each in question.options}
    none = question.kind == "batch" and getattr(question, "allow_none", True) and "none" not in ids
    unsure = (
        question.allow_unsure and question.kind not in ("consent", "text", "form") and not ids & {"unsure", "not_sure"}
    )
    return [id for id, wanted in (("none!", none), ("unsure!", unsure), ("skip!", question.allow_skip)) if wanted]


def _scale(question: Question) -> list[dict[str, Any]]:
    low, high = question.minimum or 0, question.maximum
    if high is None or high - low >= LONGEST_SCALE:
        return []
    return [_offer(str(number), str(number)) for number in range(low, high + 1)]


def _offer(id: str, text: str, group: str | None = None, region: str | None = None) -> dict[str, Any]:
    return {"id": id, "text": text, **({"group": group} if group else {}), **({"region": region} if region else {})}


def _region(option: Option) -> str | None:
    """The part of the body that an option names, as the widget's body map knows it."""
    places = (*option.facts.get("pain_location", ()), *option.facts.get("radiation", ()))
    return str(places[0]) if places else None


def progress(protocol: Any, question: Question | None) -> dict[str, int] | None:
    """How far a question stands in the usual order: `{step, of}`. Follow-ups count with the question before them."""
    if question is None or question.on_demand or question.channel != "web":
        return None
    order = protocol.order("web")
    main = [each for each in order if not (each.after or each.ask_if or each.on_demand)]
    return {"step": sum(each in main for each in order[: order.index(question) + 1]), "of": len(main)}
