"""The gateway's own part of the environment, beside `intake.settings`: who may use the chat, the SMS providers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from intake.settings import Settings, SettingsError


@dataclass(frozen=True)
class Options:
    """Options of the gateway. Secrets are kept out of `repr`."""

    host: str  # address to listen on
    origins: frozenset[str]  # web pages that may use the chat
    public_url: str  # under which providers reach us: `https://intake.clinic.example`; signatures are made over it
    twilio_account: str | None = None
    twilio_token: str | None = field(default=None, repr=False)
    twilio_from: str | None = field(default=None, repr=False)  # E.164, or the id of a messaging service
    twilio_api: str = "https://api.twilio.com"
    sms_number: str | None = None  # that patients text to, when the provider's sender is no number itself
    kannel_secret: str | None = field(default=None, repr=False)  # shared secret in the webhook's address
    kannel_url: str = "http://127.0.0.1:13013/cgi-bin/sendsms"
    kannel_user: str | None = None
    kannel_password: str | None = field(default=None, repr=False)
    kannel_from: str | None = field(default=None, repr=False)

    @classmethod
    def from_env(cls, settings: Settings, environ: Mapping[str, str] | None = None) -> Options:
        """Read the environment; raise `SettingsError` when a value is missing or malformed."""
        env = os.environ if environ is None else environ
        here = [f"http://{name}:{settings.gateway_port}" for name in ("127.0.0.1", "localhost")]
        public = (env.get("PUBLIC_URL") or (here[0] if settings.demo else "")).rstrip("/")
        if not public:
            raise SettingsError(
                "PUBLIC_URL is missing: set it to the address under which patients and providers reach this gateway."
            )
        listed = [each.strip().rstrip("/") for each in env.get("CHAT_ORIGINS", "").split(",") if each.strip()]
        for each in (public, *listed):
            _refuse_malformed(each, settings.demo)
        return cls(
            host="127.0.0.1" if settings.demo else env.get("GATEWAY_HOST") or "127.0.0.1",
            origins=frozenset([_origin(public), *listed, *(here if settings.demo else [])]),
            public_url=public,
            twilio_account=env.get("TWILIO_ACCOUNT_SID") or None,
            twilio_token=env.get("TWILIO_AUTH_TOKEN") or None,
            twilio_from=env.get("TWILIO_FROM") or None,
            twilio_api=(env.get("TWILIO_API_URL") or cls.twilio_api).rstrip("/"),
            sms_number=_first_number(env.get("SMS_NUMBER"), env.get("TWILIO_FROM"), env.get("KANNEL_FROM")),
            kannel_secret=env.get("KANNEL_SECRET") or None,
            kannel_url=env.get("KANNEL_SENDSMS_URL") or cls.kannel_url,
            kannel_user=env.get("KANNEL_USER") or None,
            kannel_password=env.get("KANNEL_PASSWORD") or None,
            kannel_from=env.get("KANNEL_FROM") or None,
        )


def _first_number(*values: str | None) -> str | None:
    """The first that is a telephone number or short code: the id of a messaging service is neither."""
    return next((each for each in values if each and each.lstrip("+").isdecimal()), None)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _refuse_malformed(url: str, demo: bool) -> None:
    parts = urlsplit(url)
    wanted = ("http", "https") if demo else ("https",)
    if parts.scheme not in wanted or not parts.hostname or parts.path or parts.query or "*" in url:
        raise SettingsError(f"{url!r} is no address of a web site: write it as https://clinic.example, without a path.")
