"""From the guard's verdict to the hand-off request for staff. A packet that cannot be built in full is built small."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from intake.gateway import log
from intake.gateway.guard import Verdict
from intake.gateway.state import Conversation
from intake.handoff import UNDELIVERED, Request, packet
from intake.protocol.model import Disposition
from intake.triage.assess import most_urgent

KEYWORD_RULE = "KEYWORDS"  # stands for the fixed list, when reader or rules have failed


def request(
    conversation: Conversation,
    verdict: Verdict,
    protocol: Any,
    words: str,
    *,
    level: Disposition | None = None,
    human: bool = False,
) -> Request:
    """What staff get to know about a conversation.

    `words` is the message that led here, for a packet without a record. `level` and `human` add what the guard did not
    see, such as a message that Rasa could not answer.
    """
    disposition = most_urgent((verdict.disposition, level))
    human = human or verdict.human
    told = [(each.text, each.at) for each in conversation.messages if each.disposition]
    version = protocol.version if protocol else "unknown"
    return Request(
        conversation_id=conversation.id,
        disposition=disposition,
        human=human,
        rule_ids=verdict.rules or ((KEYWORD_RULE,) if verdict.degraded == "keywords" else ()),
        protocol_version=version,
        packet=_packet(conversation, verdict, protocol, words, disposition, human, told),
        advice="\n".join(text for text, _ in told),
    )


def undelivered(request: Request) -> Request:
    """The same hand-off when the advice has not reached the patient: somebody must call, whoever has accepted it."""
    return replace(request, rule_ids=(*request.rule_ids, UNDELIVERED), page_again=True)


def _packet(
    conversation: Conversation,
    verdict: Verdict,
    protocol: Any,
    words: str,
    disposition: Disposition | None,
    human: bool,
    told: list[tuple[str, Any]],
) -> dict[str, Any]:
    if verdict.record is not None and verdict.assessment is not None and protocol is not None:
        try:
            judged = replace(verdict.assessment, disposition=disposition, human=human)
            return packet.build(verdict.record, judged, protocol, told=told, channel=conversation.channel)
        except Exception as error:  # noqa: BLE001 - a small packet is better than none
            log.failure("packet.failed", error)
    return packet.minimal(disposition, human, words, protocol, told=told, channel=conversation.channel)
