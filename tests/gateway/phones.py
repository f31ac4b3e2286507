"""Phones that text through signed webhooks, and a stand-in for Twilio's REST API; fixtures for conftest.py."""

import asyncio
import itertools
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from multidict import MultiDict
from twilio.request_validator import RequestValidator
from yarl import URL

TOKEN, PUBLIC, PHONE = "0123456789abcdef0123456789abcdef", "http://intake.clinic.test", "+15550001111"


class Api:
    """Twilio's Messages.json; `answers` are given in order, then it takes everything."""

    def __init__(self):
        self.sent, self.callbacks, self.answers, self.hold = [], [], [], None

    async def post(self, request):
        form = await request.post()
        if self.hold:
            await self.hold.wait()
        status, code = self.answers.pop(0) if self.answers else (201, 0)
        if status < 300:
            self.sent.append((form["To"], form["Body"]))
            self.callbacks.append(form["StatusCallback"])
        return web.json_response({"code": code, "sid": "SM9"}, status=status)

    def texts(self, to=PHONE):
        return [body for number, body in self.sent if number == to]


class Phone:
    ids = itertools.count(1)

    def __init__(self, gateway, api, number=PHONE):
        self.gateway, self.api, self.number = gateway, api, number

    async def text(self, body, sid=None, **more):
        fields = [
            ("MessageSid", sid or f"SM{next(self.ids)}"),
            ("From", self.number),
            ("To", "+15550009999"),
            ("FromCity", ""),
            ("Body", body),
            *more.items(),
        ]
        return await self.signed("/sms/twilio", fields)

    async def report(self, callback, status, code=None):
        """Twilio says what became of a text."""
        fields = [("MessageSid", "SM9"), ("MessageStatus", status), *([("ErrorCode", str(code))] if code else [])]
        return await self.signed(callback.removeprefix(PUBLIC), fields)

    async def signed(self, path, fields):
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, MultiDict(fields))
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        url = URL(path, encoded=True)
        return await self.gateway.client.post(url, data=urlencode(fields), headers=headers)

    async def until(self, count, seconds=3.0):
        for _ in range(int(seconds / 0.02)):
            if len(self.api.texts(self.number)) >= count:
                break
            await asyncio.sleep(0.02)
        assert len(self.api.texts(self.number)) >= count
        return self.api.texts(self.number)


@pytest.fixture
async def api():
    fake = Api()
    app = web.Application()
    app.router.add_post("/2010-04-01/Accounts/AC1/Messages.json", fake.post)
    server = TestServer(app)
    await server.start_server()
    fake.url = str(server.make_url("")).rstrip("/")
    yield fake
    await server.close()


@pytest.fixture
def env(api):
    twilio = {"ACCOUNT_SID": "AC1", "AUTH_TOKEN": TOKEN, "FROM": "+15550009999", "API_URL": api.url}
    kannel = {"SECRET": "kannel-secret", "USER": "u", "PASSWORD": "p", "FROM": "+15550009999"}
    named = {
        f"{group}_{name}": value
        for group, each in (("TWILIO", twilio), ("KANNEL", kannel))
        for name, value in each.items()
    }
    return {"PUBLIC_URL": PUBLIC, **named}


@pytest.fixture
def start_sms(start, env):
    def run(**changes):
        timing = {"Outbound": {"pauses": (0.02, 0.02)}, **changes.pop("timing", {})}
        return start(env=env, timing=timing, **changes)

    return run


@pytest.fixture
async def phone(start_sms, api):
    async with start_sms() as gateway:
        yield Phone(gateway, api)
