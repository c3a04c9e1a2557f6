"""The door to the network: only https on public hosts, within bounds, against a server that misbehaves."""

from __future__ import annotations

import socket
import time

import httpcore
import pytest

from publish.fetch import network
from publish.fetch.network import FetchError, Limits, get, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_public_internet_are_known(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are_known(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.org/a.png", "only https"),
        ("file:///etc/passwd", "has no host"),
        ("ftp://example.org/a.png", "only https"),
        ("https://user:secret@example.org/", "password"),
        ("https:///a.png", "has no host"),
        ("https://[::1/a.png", "not an address"),
        ("https://127.0.0.1/a.png", "not a public address"),
        ("https://[::1]/a.png", "not a public address"),
        ("https://2130706433/a.png", "not a public address"),
        ("https://0x7f.1/a.png", "not a public address"),
        ("https://localhost/a.png", "not a public address"),
    ],
)
def test_what_is_not_https_on_a_public_host_is_never_asked(url, said):
    with pytest.raises(FetchError, match=said):
        get(url)


def test_a_name_is_resolved_once_and_the_checked_address_is_the_one_connected_to(monkeypatch):
    answers = iter(["93.184.215.14", "127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: [(2, 1, 6, "", (next(answers), 443))])
    connected = []

    def connect(_self, host, *_arguments):
        connected.append(host)
        raise httpcore.ConnectError("refused")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(FetchError, match="no connection"):
        get("https://rebinding.example/a.png")
    assert connected == ["93.184.215.14"]


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    rows = [(2, 1, 6, "", (one, 443)) for one in ("93.184.215.14", "10.1.2.3")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: rows)
    with pytest.raises(FetchError, match=r"10\.1\.2\.3, which is not a public address"):
        get("https://half.example/a.png")


def test_a_body_is_had_through_redirects_of_the_same_host(server):
    assert get(server.url("/hop"), server.limits) == server.picture
    assert server.asked[-2:] == ["/hop", "/dot.png"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/to-loopback", "not a public address|only https"),
        ("/to-loopback-https", "not a public address"),
        ("/to-metadata", "not a public address"),
        ("/to-file", "has no host"),
        ("/loop", "more than 5 redirects"),
        ("/missing.png", "answered 404"),
        ("/endless", "larger than 200,000 bytes"),
        ("/claims-much", "larger than 200,000 bytes"),
        ("/hangs-up", "no connection"),
        ("/garbage", "no connection"),
    ],
)
def test_a_server_that_misbehaves_is_told_so(server, path, said):
    with pytest.raises(FetchError, match=said):
        get(server.url(path), server.limits)


@pytest.mark.parametrize("path", ["/drip", "/drip-headers", "/silent"])
def test_a_server_that_drips_is_left_at_the_deadline(server, path):
    limits = Limits(200_000, 0.6, 5, server.limits.trusted)
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"longer than 0\.6 seconds"):
        get(server.url(path), limits)
    assert time.monotonic() - began < 3


def test_a_host_in_han_and_a_path_with_spaces_are_asked_in_ascii():
    assert network._encoded("https://例子.测试/图 一.png?名=值#x") == (
        "https://xn--fsqu00a.xn--0zwm56d/%E5%9B%BE%20%E4%B8%80.png?%E5%90%8D=%E5%80%BC"
    )
