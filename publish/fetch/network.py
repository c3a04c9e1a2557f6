"""The only door to the network: one GET of an https address on a public host, bounded in bytes, redirects and time."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import certifi
import httpcore

from publish import __version__

_REDIRECTS = (301, 302, 303, 307, 308)
_OK = 200
_CHUNK = 65_536


class FetchError(Exception):
    """Something cannot be fetched; the text says why."""


@dataclass(frozen=True)
class Limits:
    """What one fetch may take: bytes, seconds in all, redirects. `trusted` (host, port) pairs are for tests alone.

    A trusted pair may lie on this machine and may be asked without TLS.
    """

    most_bytes: int = 32_000_000
    seconds: float = 30.0
    redirects: int = 5
    trusted: frozenset[tuple[str, int]] = field(default_factory=frozenset)


def get(url: str, limits: Limits = Limits()) -> bytes:  # frozen
    """The body that an address answers with. Raises `FetchError` for everything else.

    Each name, the first and those of redirects, is resolved once; all its addresses must be public; the connection goes
    to one of these very addresses, so that a name that changes its mind in between leads nowhere. Proxies are not used.
    """
    deadline = time.monotonic() + limits.seconds
    for _ in range(limits.redirects + 1):
        _require_allowed(url, limits)
        answer = _ask(url, limits, deadline)
        if isinstance(answer, bytes):
            return answer
        url = answer
    raise FetchError(f"more than {limits.redirects} redirects")


def _require_allowed(url: str, limits: Limits) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError as error:
        raise FetchError(f'"{url[:80]}" is not an address') from error
    if not host:
        raise FetchError(f'"{url[:80]}" has no host')
    if parts.username or parts.password:
        raise FetchError("the address holds a user's name or password")
    if parts.scheme.lower() != "https" and not (parts.scheme == "http" and (host, port) in limits.trusted):
        raise FetchError(f"{parts.scheme or 'nothing'}:// addresses are not fetched, only https://")


def _ask(url: str, limits: Limits, deadline: float) -> bytes | str:
    """The body, or the address that it redirects to."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    backend = _PublicHosts(limits.trusted, deadline)
    headers = [("Accept", "image/*"), ("Accept-Encoding", "identity"), ("User-Agent", f"publish/{__version__}")]
    try:
        with (
            httpcore.ConnectionPool(ssl_context=context, network_backend=backend, retries=0) as pool,
            pool.stream("GET", _encoded(url), headers=headers) as response,
        ):
            said = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status in _REDIRECTS and "location" in said:
                return urljoin(url, said["location"])
            if response.status != _OK:
                raise FetchError(f"the server answered {response.status}")
            return _body(response, said, limits.most_bytes)
    except httpcore.TimeoutException as error:
        raise FetchError(f"it takes longer than {limits.seconds:g} seconds") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
        raise FetchError(f"no connection ({error or type(error).__name__})") from error


def _body(response: httpcore.Response, said: dict[str, str], most: int) -> bytes:
    too_much = FetchError(f"it is larger than {most:,} bytes")
    stated = said.get("content-length", "")
    if stated.isdecimal() and int(stated) > most:
        raise too_much
    body = bytearray()
    for chunk in response.iter_stream():
        body += chunk
        if len(body) > most:
            raise too_much
    return bytes(body)


def _encoded(url: str) -> str:
    """An address in ASCII: the host as IDNA, what else is not ASCII as %XX of its UTF-8."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        name = host if ":" in host else host.encode("idna").decode()
    except UnicodeError as error:
        raise FetchError(f'"{host[:80]}" is not a host name') from error
    netloc = (f"[{name}]" if ":" in name else name) + (f":{parts.port}" if parts.port else "")
    kept = "/%:@!$&'()*+,;=~?"
    return parts._replace(
        netloc=netloc, path=quote(parts.path or "/", safe=kept), query=quote(parts.query, safe=kept), fragment=""
    ).geturl()


class _PublicHosts(httpcore.NetworkBackend):
    """Connects to public addresses alone, to the very address that was looked at, and gives up at the deadline."""

    def __init__(self, trusted: frozenset[tuple[str, int]], deadline: float) -> None:
        self._trusted = trusted
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  # the deadline is what counts
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        found = list(dict.fromkeys(_addresses(host, port)))
        if (host, port) not in self._trusted:
            for address in found:
                if not is_public(address):
                    raise FetchError(f"{host} is {address}, which is not a public address")
        for address in found[:-1]:
            try:
                return self._connect(address, port, local_address, socket_options)
            except httpcore.ConnectError:  # the next address, IPv4 behind IPv6
                continue
        return self._connect(found[-1], port, local_address, socket_options)

    def _connect(self, address: str, port: int, local: str | None, options: Any) -> httpcore.NetworkStream:
        stream = self._plain.connect_tcp(address, port, _left(self._deadline), local, options)
        return _Bounded(stream, self._deadline)


def _addresses(host: str, port: int) -> list[str]:
    try:
        return [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{host} is not known") from error


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether an IP address is one of the public internet; so must be the IPv4 address that an IPv6 one carries."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            carried.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if not all(is_public(str(one)) for one in carried if one):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


class _Bounded(httpcore.NetworkStream):
    """A stream of which every step ends at the deadline, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  # the deadline is what counts
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  # the same
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002  # the same
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _Bounded(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
