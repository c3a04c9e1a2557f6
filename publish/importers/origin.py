"""Where a text comes from, as a page or a clip says it: its date, its address, its key, its region."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import opencc

from publish.importers.report import Ledger

BEIJING = timezone(timedelta(hours=8))


@cache
def _converter(name: str) -> Any:
    return opencc.OpenCC(name)


def to_simplified(text: str) -> str:
    """The text in Simplified characters, one for one."""
    return str(_converter("t2s").convert(text))


def read_date(text: str, ledger: Ledger) -> str:
    """ISO 8601 with China's offset where an hour is given; empty where the date cannot be read."""
    if not text:
        return ""
    plain_date = re.sub(r"\s+", " ", re.sub(r"[年月/.]", "-", text.replace("日", " "))).strip()
    for shape in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"):
        try:
            moment = datetime.strptime(plain_date, shape).replace(tzinfo=BEIJING)
        except ValueError:
            continue
        return moment.date().isoformat() if shape == "%Y-%m-%d" else moment.isoformat()
    ledger.decide("date-unread", 1, text, "left out", "not a date in a known form, such as 2026-11-23 08:00")
    return ""


def plain_source(url: str) -> str:
    """The address without what only tracks the reader: `chksm`, and the fragments of WeChat's own pages."""
    address, _, fragment = url.partition("#")
    address = re.sub(r"([?&])chksm=[^&]*&?", r"\1", address).rstrip("?&")
    return address if fragment in ("", "rd", "wechat_redirect") else f"{address}#{fragment}"


def read_identifier(url: str, ledger: Ledger) -> str:
    """WeChat's own key of an article, account, message and place in it; the address where the query lacks them."""
    if not url:
        return ""
    query = parse_qs(urlsplit(url).query)
    if all(name in query for name in ("__biz", "mid", "idx")):
        return "wechat:" + ":".join(query[name][0] for name in ("__biz", "mid", "idx"))
    if "weixin.qq.com" in url:  # no other site has such a key
        ledger.decide("identifier-from-source", 1, url, "the address", "it has no __biz, mid and idx")
    return plain_source(url)


def read_language(title: str, text: str, place: str, ledger: Ledger) -> str:
    """The source's region: Traditional where more characters change towards Simplified than the other way."""
    whole = f"{title}\n{text}"
    simplified = sum(one != other for one, other in zip(whole, str(_converter("t2s").convert(whole)), strict=False))
    traditional = sum(one != other for one, other in zip(whole, str(_converter("s2t").convert(whole)), strict=False))
    if simplified <= traditional:
        return "zh-CN"
    lang = "zh-HK" if "香港" in place else "zh-MO" if "澳" in place else "zh-TW"
    ledger.decide("lang", 1, title, lang, f"{simplified} characters are Traditional, {traditional} Simplified")
    return lang
