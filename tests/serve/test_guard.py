"""The door: who may ask this server for something, and what browsers are told of its answers."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from publish.serve.guard import LARGEST, TOKEN, Keys, read_body
from publish.serve.server import guarded

PORT = 4321
OWN = f"http://127.0.0.1:{PORT}"
KEYS = Keys("the-token", "the-key")


async def echo(request: Request) -> JSONResponse:
    return JSONResponse(await read_body(request, ["file"]))


def word(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("said")


@pytest.fixture
def client():
    routes = [Route("/", word), Route("/api/word", word), Route("/api/echo", echo, methods=["POST"])]
    read = Route("/read/{key}/page", word)
    return TestClient(guarded([*routes, read], KEYS, PORT), base_url=OWN)


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"[::1]:{PORT}"])
@pytest.mark.parametrize("path", ["/", "/api/word", "/read/the-key/page"])
def test_a_name_that_was_rebound_to_loopback_is_refused(client, host, path):
    assert client.get(path, headers={"Host": host, TOKEN: "the-token"}).status_code == 403


def test_the_page_itself_needs_no_token_and_what_it_asks_does(client):
    assert client.get("/").text == "said"
    assert client.get("/api/word").status_code == 403
    assert client.get("/api/word", headers={TOKEN: "the-token"}).text == "said"
    assert client.get("/api/word", headers={TOKEN: "the-key"}).status_code == 403


def test_what_is_read_needs_the_key_to_read_which_opens_nothing_else(client):
    assert client.get("/read/the-key/page").text == "said"
    for key in ("the-token", "x", "", "the-key2"):
        assert client.get(f"/read/{key}/page").status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_server_of_this_machine_cannot_read_or_ask(client, site):
    assert client.get("/read/the-key/page", headers={"Sec-Fetch-Site": site}).status_code == 403
    assert client.get("/api/word", headers={"Sec-Fetch-Site": site, TOKEN: "the-token"}).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"https://127.0.0.1:{PORT}", None])
def test_another_page_cannot_write_even_with_the_token(client, origin):
    headers = {TOKEN: "the-token"} | ({"Origin": origin} if origin else {})
    assert client.post("/api/echo", json={"file": "a"}, headers=headers).status_code == 403
    headers["Origin"] = OWN
    assert client.post("/api/echo", json={"file": "a"}, headers=headers).json() == {"file": "a"}


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ('{"file": 1}', "application/json", 400),
        ('{"file": "a"}', "text/plain", 415),
        (f'{{"file": "{"x" * LARGEST}"}}', "application/json", 413),
    ],
)
def test_what_is_no_short_json_is_refused(client, content, kind, status):
    headers = {TOKEN: "the-token", "Origin": OWN, "Content-Type": kind}
    assert client.post("/api/echo", content=content, headers=headers).status_code == status


def test_browsers_are_told_to_run_no_script_but_ours_and_to_lend_nothing_to_other_pages(client):
    for path, frames in (("/", "'none'"), ("/read/the-key/page", "'self'"), ("/read/x/page", "'self'")):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert f"frame-ancestors {frames}" in policy
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"  # the key stands in addresses
