"""S1 and S2: what Twilio signed is taken, nothing else is. Twilio's own validator is the oracle."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from intake.gateway.providers import Unsigned
from intake.gateway.providers.twilio import Twilio

TOKEN, PUBLIC = "0123456789abcdef0123456789abcdef", "https://intake.clinic.example"
FIELDS = [
    ("MessageSid", "SM1"),
    ("From", "+15550001111"),
    ("To", "+15550009999"),
    ("Body", "My back hurts"),
    ("NumMedia", "0"),
]


def twilio(public=PUBLIC):
    return Twilio("AC1", TOKEN, "+15550009999", public)


def sign(fields, url=PUBLIC + "/sms/twilio", token=TOKEN):
    return RequestValidator(token).compute_signature(url, MultiDict(fields))


def read(fields, signature, path="/sms/twilio", body=None, public=PUBLIC, headers=None):
    signed = {} if signature is None else {"X-Twilio-Signature": signature}
    request = make_mocked_request("POST", path, headers={"Host": "internal:8080", **signed, **(headers or {})})
    return twilio(public).read(request, urlencode(fields).encode() if body is None else body)


def test_a_signed_message_is_read():
    inbound = read(FIELDS, sign(FIELDS))
    assert (inbound.id, inbound.sender, inbound.text) == ("SM1", "+15550001111", "My back hurts")
    assert "+1555" not in repr(inbound) and "back" not in repr(inbound)


GOOD = sign(FIELDS)


@pytest.mark.parametrize("signature", [
    None, "", "x", GOOD[:-1], ("B" if GOOD[0] == "A" else "A") + GOOD[1:], GOOD + "=",
    GOOD.lower(), sign(FIELDS, token=TOKEN[::-1]), sign(FIELDS[:-1]),
    sign(FIELDS, PUBLIC.replace("https", "http") + "/sms/twilio"), sign(FIELDS, PUBLIC + "/sms/other"),
    sign(FIELDS, "https://evil.example/sms/twilio"),
    base64.b64encode(hmac.new(b"", (PUBLIC + "/sms/twilio").encode(), hashlib.sha1).digest()).decode(), "\u00e9" * 28,
])  # fmt: skip
def test_other_signatures_are_refused(signature):
    with pytest.raises(Unsigned):
        read(FIELDS, signature)


@pytest.mark.parametrize(
    "change",
    [
        [("Body", "/restart")],
        [("From", "+15550002222")],
        [("Extra", "1")],
        [("Body", "My back hurts"), ("Body", "again")],
    ],
)
def test_a_changed_body_is_refused(change):
    fields = [each for each in FIELDS if each[0] not in dict(change)] + change
    with pytest.raises(Unsigned):
        read(fields, GOOD)


@pytest.mark.parametrize("more", [
    [("FromCity", ""), ("FromState", ""), ("FromZip", "")], [("SomethingNew", "x y")], [("Body",
    "a+b & c=d %41 é ñ 😀 \u00bfd\u00f3nde?")],
    [("Body", "")], [("MediaUrl0", "https://api.twilio.com/x?y=z"), ("NumMedia", "1")], [("Tag", "b"), ("Tag",
    "a")], [("Tag", "a"), ("Tag", "a")],
])  # fmt: skip
def test_blank_new_repeated_and_odd_fields_stay_valid_when_signed(more):
    fields = [each for each in FIELDS if each[0] not in dict(more)] + more
    assert read(fields, sign(fields)).id == "SM1"


def test_a_query_string_is_part_of_the_signed_address():
    path = "/sms/twilio?clinic=a%20b&x="
    assert read(FIELDS, sign(FIELDS, PUBLIC + path), path)
    with pytest.raises(Unsigned):
        read(FIELDS, sign(FIELDS), path)


@pytest.mark.parametrize(
    "public, signed",
    [
        (PUBLIC, PUBLIC + ":443"),
        (PUBLIC + ":8443", PUBLIC + ":8443"),
        (PUBLIC + ":8443", PUBLIC),
        ("http://10.0.0.1", "http://10.0.0.1:80"),
    ],
)
def test_twilio_may_sign_with_or_without_the_port(public, signed):
    assert read(FIELDS, sign(FIELDS, signed + "/sms/twilio"), public=public)


def test_what_the_request_says_of_its_host_is_not_used():
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    assert read(FIELDS, sign(FIELDS), headers=headers)
    with pytest.raises(Unsigned):
        read(FIELDS, sign(FIELDS, "https://evil.example/sms/twilio"), headers=headers)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"no equals sign", b"&".join([b"a=1"] * 600), b"", b'{"From": "+1"}'])
def test_bodies_that_are_no_form_are_refused(body):
    with pytest.raises(Unsigned):
        read(FIELDS, GOOD, body=body)


def test_a_callback_without_a_message_is_nothing_to_answer():
    fields = [("MessageStatus", "delivered")]
    assert read(fields, sign(fields)) is None


@given(st.lists(st.tuples(st.text(min_size=1, max_size=8), st.text(max_size=30)), min_size=1, max_size=12))
def test_whatever_twilio_signs_is_valid(fields):
    fields = [
        (name.encode(errors="replace").decode(), value.encode(errors="replace").decode()) for name, value in fields
    ] + FIELDS
    read(fields, sign(fields))
