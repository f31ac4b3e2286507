"""Telephone numbers at rest: a pseudonym to find a conversation again, an encrypted form to send to."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet


def pseudonym(secret: str, address: str) -> str:
    """HMAC-SHA256 of an address (E.164 number); without the secret nobody can try all numbers. 64 hex digits."""
    return hmac.new(secret.encode(), b"address:" + address.encode(), hashlib.sha256).hexdigest()


def seal(secret: str, text: str) -> str:
    """Encrypt a short text (AES-128-CBC with HMAC, Fernet)."""
    return str(_box(secret).encrypt(text.encode()), "ascii")


def unseal(secret: str, sealed: str) -> str:
    """Decrypt; raises `cryptography.fernet.InvalidToken` under another secret."""
    return str(_box(secret).decrypt(sealed.encode()), "utf-8")


def _box(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"seal:" + secret.encode()).digest()))
