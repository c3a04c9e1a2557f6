"""Windows of a browser on a site: what several tests of web pages share."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

EDITIONS = ("zh-CN", "zh-TW", "zh-HK")
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
TABLET = {"viewport": {"width": 820, "height": 1180}}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
SCREENS = (PHONE, TABLET, DESKTOP)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """A test's own server says nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a plain static server of a folder."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@dataclass
class Reader:
    """A window of the browser that notes what pages ask for and complain of; each test ends with neither."""

    context: Any
    own: str
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, address: str) -> Any:
        page = self.context.new_page()
        page.on("console", lambda said: said.type in ("error", "warning") and self.faults.append(said.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("requestfailed", self._note)
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(address)
        return page

    def _note(self, request: Any) -> None:
        """What a page has not got; what was on its way when the reader left is no fault."""
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"not loaded: {request.url}")

    @property
    def strangers(self) -> list[str]:
        return [url for url in self.asked if not url.startswith((self.own, "data:", "blob:"))]


@contextmanager
def windows(browser: Any, address: str, usual: dict[str, Any], arrived: Callable[[Any], Any]) -> Iterator[Any]:
    """`opened(**screen)` opens a page of our own server and waits until it is there; a fault of its script fails.

    What the server refuses is an error to Chromium, and an answer to the page.
    """
    faults: list[str] = []
    contexts: list[Any] = []

    def heard(line: Any) -> None:
        if line.type == "error" and "Failed to load resource" not in line.text:
            faults.append(line.text)

    def opened(**screen: Any) -> Any:
        contexts.append(browser.new_context(**(screen or usual)))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", heard)
        page.goto(address)
        arrived(page)
        return page

    yield opened
    for one in contexts:
        one.close()
    assert faults == []


def touch(page: Any) -> Any:
    """A reader's first sign, and what comes with it: the page again, with all that its scripts add."""
    page.mouse.move(1, 1)
    page.mouse.move(3, 3)
    page.wait_for_function("window.publishAsked")
    return page


def search(page, query):
    """Ask the search and wait for its answer."""
    page.keyboard.press("Control+k")
    page.fill("dialog.search input", query)
    page.wait_for_function("(query) => document.querySelector('dialog.search').dataset.query === query", arg=query)
    return page.locator(".results")
