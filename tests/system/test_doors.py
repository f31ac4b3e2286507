"""The other ways in: the page, Rasa's REST channel, and the desk where staff see what was handed off."""

from __future__ import annotations

import re

import aiohttp

from tests.system.clinic import Clinic
from tests.system.conftest import Arrive

NUMB = "numb between my legs since yesterday"


async def test_the_page_says_that_this_is_a_demo(clinic: Clinic) -> None:
    async with aiohttp.ClientSession() as http, http.get(clinic.url) as page:
        assert page.status == 200
        assert "DEMO" in await page.text()


async def test_over_rasas_rest_channel_the_advice_comes_first(clinic: Clinic) -> None:
    message = {"sender": "rest-patient", "message": NUMB}
    url = f"{clinic.rasa_url}/webhooks/rest/webhook"
    async with aiohttp.ClientSession() as http, http.post(url, json=message) as answer:
        replies = await answer.json()
    assert replies[0]["text"].startswith("Go to the ER now")


async def test_staff_see_the_hand_off_on_the_desk_and_accept_it(clinic: Clinic, patient: Arrive) -> None:
    endangered = await patient()
    await endangered.say(NUMB)
    [row] = endangered.handoffs()
    jar = aiohttp.CookieJar(unsafe=True)  # the desk's address is a number here
    async with aiohttp.ClientSession(clinic.desk_url, cookie_jar=jar) as staff:
        await staff.post("/login", data={"name": "Ann Nurse", "password": clinic.desk_password})
        async with staff.get("/") as page:
            assert f"/handoffs/{row.id}" in await page.text()
        async with staff.get(f"/handoffs/{row.id}") as page:
            packet = await page.text()
        assert "numb between my legs" in packet
        token = re.search(r'name="csrf" value="(\w+)"', packet)
        assert token
        await staff.post(f"/handoffs/{row.id}/accept", data={"csrf": token[1], "round": str(row.round)})
    [row] = endangered.handoffs()
    assert (row.state, row.accepted_by) == ("accepted", "Ann Nurse")
