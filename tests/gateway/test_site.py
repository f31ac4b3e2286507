"""The demo page and the widget's file, as the gateway serves them."""

import base64
import hashlib
import re

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from intake.gateway.site import Site, newest


async def test_the_page_is_served_under_a_strict_policy(gateway):
    response = await gateway.client.get("/")
    page = await response.text()
    assert "Test Clinic" in page and "DEMO" in page and "{{" not in page
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "require-trusted-types-for 'script'" in policy
    assert "<script>" not in page and "onclick=" not in page and "style=" not in page
    for path in ("/page/style.css", "/page/icon.svg", "/page/spine.svg"):
        assert (await gateway.client.get(path)).status == 200
    assert (await gateway.client.get("/page/../app.py")).status == 404


async def test_the_pages_tag_names_the_widget_that_is_served_by_its_digest(gateway):
    page = await (await gateway.client.get("/")).text()
    path, digest = re.search(r'src="(/widget/[^"]+)" integrity="sha384-([^"]+)"', page).groups()
    widget = await gateway.client.get(path)
    assert base64.b64encode(hashlib.sha384(await widget.read()).digest()).decode() == digest
    assert widget.headers["Access-Control-Allow-Origin"] == "*" and "immutable" in widget.headers["Cache-Control"]


def test_the_newest_widget_is_that_with_the_highest_version(tmp_path):
    for version in ("1.9.0", "1.10.0", "1.2.30"):
        (tmp_path / f"intake-chat-{version}.js").touch()
    assert newest(tmp_path).name == "intake-chat-1.10.0.js"


async def test_the_page_stands_even_when_the_clinics_settings_cannot_be_read():
    app = web.Application()
    app.add_routes(Site(None, demo=False).routes())
    async with TestClient(TestServer(app)) as client:
        page = await (await client.get("/")).text()
    assert "The clinic" in page and "DEMO" not in page and "None" not in page
