"""What of the assistant's replies the patient gets to see, and in which form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from intake.conversation.wording import words
from intake.gateway import fallback, log, shape
from intake.gateway.rasa import Reply
from intake.gateway.state import Conversation, Message
from intake.gateway.tokens import Tokens
from intake.protocol.model import Disposition
from intake.triage.assess import most_urgent

PROMISE = "human"  # id of the text that says that a person has been asked to call


class Presenter:
    """Shows messages to patients: without what was said before, and never milder than what was said before."""

    def __init__(self, protocol: Any, clinic: Any, tokens: Tokens) -> None:
        self._protocol, self._clinic, self._tokens = protocol, clinic, tokens
        texts = protocol.texts.values() if protocol and clinic else ()
        self._spanish = {clinic.fill(each.web): clinic.fill(each.web_es) for each in texts if each.web_es}
        self._spanish |= {text: text for text in self._spanish.values()}  # what was said in Spanish is marked as such

    def for_browser(self, message: Message) -> dict[str, Any]:
        """A message as the widget gets it.

        Beside the contract: `es`, the same in Spanish where the protocol has it; `why` a question is asked; `progress`.
        """
        question = self._protocol.question_for(message.asked, "web") if self._protocol and message.asked else None
        more = {
            "es": self._spanish.get(message.text),
            "why": question.why if question else None,
            "progress": shape.progress(self._protocol, question),
        }
        return {**message.as_json(), **{key: value for key, value in more.items() if value}}

    def advice(
        self, conversation: Conversation, text: str, now: datetime, asked: str | None, disposition: Disposition | None
    ) -> Message:
        """Show advice of the guard."""
        try:
            choices = self._choices(conversation, Reply(text, asked), None, now)
        except Exception as error:  # noqa: BLE001 - advice without buttons is advice
            log.failure("choices.failed", error)
            choices = None
        return conversation.say(text, now, choices=choices, asked=asked, disposition=disposition)

    def replies(
        self, conversation: Conversation, replies: Sequence[Reply], record: Any, now: datetime, *, advised: bool
    ) -> list[Message]:
        """Show the replies to one message; `advised` = the guard has answered it already."""
        kept = [each for each in replies if self._keeps(conversation, each, advised)]
        if not kept:
            return [] if advised else [conversation.say(self.fixed(fallback.STILL_HOLDS), now)]
        if conversation.channel == "sms":
            return [self._text_message(conversation, kept, now)]
        return [
            conversation.say(
                self._without_list(each),
                now,
                choices=self._choices(conversation, each, record, now),
                asked=each.asked,
                disposition=each.disposition,
            )
            for each in kept
        ]

    def fixed(self, text: str, id: str | None = None, channel: str = "web") -> str:
        """One of the fixed texts of `fallback`, filled in, or the protocol's text `id` when there is one."""
        wording = self._protocol.texts.get(id) if self._protocol and self._clinic and id else None
        if wording is not None:
            return words(wording, self._clinic, channel)
        name, phone = (self._clinic.sms_name, self._clinic.phone) if self._clinic else (fallback.CLINIC, fallback.PHONE)
        return text.replace("{clinic}", name).replace("{phone}", phone)

    def promise(self, level: Disposition, channel: str, now: datetime) -> str | None:
        """What to say once the hand-off is stored: that a person will call, if clinic.yml says who is paged."""
        text = self._protocol.texts.get(PROMISE) if self._protocol else None
        return words(text, self._clinic, channel) if text is not None and self._clinic.pages(level, now) else None

    def _keeps(self, conversation: Conversation, reply: Reply, advised: bool) -> bool:
        """Whether a reply is shown: no advice twice, no level below one that has been shown as an emergency."""
        level, shown = reply.disposition, conversation.shown
        if level is None:
            just_said = bool(conversation.messages) and conversation.messages[-1].text == reply.text and not reply.asked
            return not (advised and (just_said or self._is_asked_already(conversation, reply)))
        repeated = reply.text in conversation.told or (
            level.is_emergency and shown is not None and shown.rank <= level.rank
        )
        milder = shown is not None and shown.is_emergency and level.rank > shown.rank
        if not repeated and not milder:
            return True
        log.event("reply.dropped", conversation=log.short(conversation.id), disposition=level.value, milder=milder)
        if reply.asked:  # Rasa takes it as asked, so the next message answers it
            conversation.asked = conversation.question = reply.asked
        return False

    def _is_asked_already(self, conversation: Conversation, reply: Reply) -> bool:
        """Whether the advice has just asked the same ("Are you going?")."""
        last = conversation.messages[-1] if conversation.messages else None
        if not self._protocol or not reply.asked or last is None or not last.disposition or not last.asked:
            return False
        asked, again = (self._protocol.question_for(each) for each in (last.asked, reply.asked))
        return asked is not None and again is not None and asked.slot == again.slot

    def _text_message(self, conversation: Conversation, replies: list[Reply], now: datetime) -> Message:
        """One text for a whole turn."""
        text = shape.for_sms(replies, self._protocol, lambda words: self._clinic.fill(words, sms=True))
        asked = next((each.asked for each in reversed(replies) if each.asked), None)
        level = most_urgent(each.disposition for each in replies)
        offered = next((each for each in reversed(replies) if each.buttons), None)
        choices = shape.numbered(offered, self._key(conversation)) if offered else None
        return conversation.say(text, now, choices=choices, asked=asked, disposition=level)

    def _choices(self, conversation: Conversation, reply: Reply, record: Any, now: datetime) -> dict[str, Any] | None:
        def sign(question: str, option: str) -> str:
            return self._tokens.choice(conversation.id, question, option)

        if conversation.channel == "sms":
            return None
        if reply.buttons:
            return shape.buttons(reply, self._key(conversation), sign)
        return shape.choices(self._protocol, reply.asked, record, now, sign)

    @staticmethod
    def _key(conversation: Conversation) -> str:
        """Name of a set of buttons: they hold until the next question."""
        return f"buttons:{conversation.last_seq + 1}"

    def _without_list(self, reply: Reply) -> str:
        """The text without its list of options: on the web they are buttons."""
        question = self._protocol.question_for(reply.asked, "web") if self._protocol and reply.asked else None
        options = {*(f"{number} {title}" for title, number in reply.buttons)}
        if question is not None:
            options |= {f"- {text}" for text in (*(each.text for each in question.options), *shape.EXTRA.values())}
        lines = [line for line in reply.text.splitlines() if line.strip() not in options]
        return "\n".join(lines).strip() or reply.text
