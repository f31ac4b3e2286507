from __future__ import annotations

import re

import pytest
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer

from intake.desk.app import Desk
from intake.desk.guard import HEADERS
from intake.desk.sessions import Sessions
from intake.store import Store
from tests.desk.conftest import PASSWORD, Browser, Clock, settings
from tests.handoff.cases import PROTOCOL
from tests.scheduling.clinics import make_clinic

PATHS = ["/", "/handoffs/x", "/week", "/week?start=2026-11-24", "/nothing"]


@pytest.mark.parametrize("path", PATHS)
async def test_no_page_opens_without_signing_in(browser: Browser, path: str) -> None:
    id = browser.raise_()
    status, html = await browser.get(path.replace("x", id))
    assert status == 303
    assert "numb" not in html


@pytest.mark.parametrize("path", ["/handoffs/x/accept", "/handoffs/x/close", "/logout"])
async def test_nothing_can_be_done_without_signing_in(browser: Browser, path: str) -> None:
    assert (await browser.post(path)).status == 303


async def test_the_right_password_opens_the_desk(browser: Browser) -> None:
    response = await browser.sign_in()
    assert (response.status, response.headers["Location"]) == (303, "/")
    cookie = response.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"))
    assert (await browser.get("/"))[0] == 200


@pytest.mark.parametrize(("name", "password", "status"), [
    ("Ann", "wrong", 401), ("Ann", "", 401), ("", PASSWORD, 400), ("x" * 61, PASSWORD, 400), ("A\nB", PASSWORD, 400),
    ("Ann", "пароль", 401),
])
async def test_a_wrong_password_or_no_name_does_not(browser: Browser, name: str, password: str, status: int) -> None:
    response = await browser.sign_in(name, password)
    assert response.status == status
    assert "Set-Cookie" not in response.headers
    assert (await browser.get("/"))[0] == 303


async def test_guessing_is_slowed_down_even_with_the_right_password(browser: Browser, clock: Clock) -> None:
    assert [(await browser.sign_in(password="wrong")).status for _ in range(6)] == [401] * 5 + [429]
    assert (await browser.sign_in()).status == 429
    clock.forward(seconds=61)
    assert (await browser.sign_in()).status == 303


async def test_a_session_ends_after_a_shift(signed_in: Browser, clock: Clock) -> None:
    clock.forward(hours=11, minutes=59)
    assert (await signed_in.get("/"))[0] == 200
    clock.forward(minutes=2)
    assert (await signed_in.get("/"))[0] == 303


async def test_signing_out_ends_the_session_on_the_server_too(signed_in: Browser) -> None:
    cookie = next(iter(signed_in.client.session.cookie_jar)).value
    assert (await signed_in.post("/logout", {"csrf": await signed_in.token()})).status == 303
    signed_in.client.session.cookie_jar.clear()
    assert (await signed_in.get("/", headers={"Cookie": f"desk={cookie}"}))[0] == 303


@pytest.mark.parametrize("forge", [
    lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
    lambda token: token.rpartition(".")[0],
    lambda token: "eyJuYW1lIjogIkV2ZSIsICJhdCI6IDk5OTk5OTk5OTl9." + token.rpartition(".")[2],
    lambda token: "",
    lambda token: "....",
    lambda token: "x" * 5000,
    lambda token: Sessions("another secret").start("Eve").token,
])
async def test_a_forged_cookie_opens_nothing(browser: Browser, forge) -> None:
    token = Sessions(settings().secret, browser.clock).start("Ann").token
    assert (await browser.get("/", headers={"Cookie": f"desk={token}"}))[0] == 200
    assert (await browser.get("/", headers={"Cookie": f"desk={forge(token)}"}))[0] == 303


@pytest.mark.parametrize("token", [None, "", "x" * 64, "other session's"])
async def test_a_post_without_the_page_s_token_is_refused(signed_in: Browser, token: str | None) -> None:
    id = signed_in.raise_()
    if token == "other session's":
        token = Sessions(settings().secret, signed_in.clock).start("Ann Nurse").csrf
    data = {"round": "1"} if token is None else {"round": "1", "csrf": token}
    for verb in ("accept", "close"):
        assert (await signed_in.post(f"/handoffs/{id}/{verb}", data)).status == 403
    _, html = await signed_in.get("/")
    assert "accepted by" not in html


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
    {"Origin": "null"},
])
async def test_a_post_from_another_site_is_refused_even_when_signing_in(signed_in: Browser, headers: dict) -> None:
    id = signed_in.raise_()
    data = {"csrf": await signed_in.token(), "round": "1"}
    assert (await signed_in.post(f"/handoffs/{id}/accept", data, headers=headers)).status == 403
    assert (await signed_in.post("/login", {"name": "A", "password": PASSWORD}, headers=headers)).status == 403
    own = {"Sec-Fetch-Site": "same-origin"}
    assert (await signed_in.post(f"/handoffs/{id}/accept", data, headers=own)).status == 303


@pytest.mark.parametrize("path", ["/", "/login", "/nothing", "/health", "/style.css", "/week"])
async def test_every_answer_has_the_security_headers(signed_in: Browser, path: str) -> None:
    for response in (await signed_in.client.get(path, allow_redirects=False), await signed_in.post(path)):
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert "'unsafe" not in HEADERS["Content-Security-Policy"]


async def test_no_page_needs_a_script_or_a_style_of_its_own(signed_in: Browser) -> None:
    id = signed_in.raise_()
    for path in ("/", f"/handoffs/{id}", "/week"):
        _, html = await signed_in.get(path)
        assert not re.search(r"<script|<style|style=|\son\w+=|javascript:", html)


async def test_in_production_the_cookie_needs_tls(sqlite_store: Store, clock: Clock) -> None:
    app = Desk(settings("production"), sqlite_store, make_clinic(), PROTOCOL, clock).application()
    async with TestClient(TestServer(app), cookie_jar=CookieJar(unsafe=True)) as client:
        response = await Browser(client, sqlite_store, clock).sign_in()
        assert response.headers["Set-Cookie"].startswith("__Host-desk=")
        assert "Secure" in response.headers["Set-Cookie"]


async def test_a_huge_post_is_refused(browser: Browser) -> None:
    assert (await browser.sign_in("x" * 100_000)).status == 413
