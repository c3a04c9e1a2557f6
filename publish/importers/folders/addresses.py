"""The addresses in a folder's pages mended: links to pages and anchors, pictures, ways that lead back from the web."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urljoin, urlsplit

from publish.importers.folders.links import Address
from publish.importers.folders.outline import INDEXES, PAGES, FolderPage, FolderReading, route_of, within
from publish.importers.folders.tree import IMAGES, Tree
from publish.importers.pictures import sound_name
from publish.importers.protocol import File


def mended(address: Address, page: FolderPage, reading: FolderReading, statics: Sequence[str]) -> str | None:
    """Where an address leads in the new folder; None leaves it as it is."""
    url = address.url.strip()
    if url.startswith("#") or not url:
        return None
    if re.match(r"(?:[a-z][a-z0-9+.-]*:|//)", url, re.IGNORECASE) and not re.match(r"[a-z]:\\", url, re.IGNORECASE):
        return _from_web(address, page, reading, statics)
    path, fragment = _split(url.replace("\\", "/"))
    if posixpath.join(posixpath.dirname(page.path), path) in reading.made:
        return None
    for candidate in _candidates(path, page, reading, statics):
        if found := _found(candidate, reading):
            return _led(found, fragment, address, page, reading)
    if found := _by_name(path, address, reading):
        code = "image-found" if address.image else "link-found"
        reading.ledger.decide(code, page.line(address.written), url, found, "it is elsewhere in this folder")
        return _led(found, fragment, address, page, reading)
    if address.image:
        reading.ledger.unread("image-missing", page.line(address.written), url, "no such file in the folder")
    elif url.startswith("/") and reading.outline.home.startswith("http") and not path.lower().endswith(PAGES):
        there = urljoin(reading.outline.home, url)
        reading.ledger.decide(
            "link-outside", page.line(address.written), url, "leads to the site", "not part of the book"
        )
        return there
    else:
        reading.ledger.unread("link-broken", page.line(address.written), url, "it leads to nothing in the folder")
    return None


def _by_name(path: str, address: Address, reading: FolderReading) -> str:
    """The only page or picture of this name, wherever it is: some tools know files by their names alone."""
    name = posixpath.basename(path)
    stem, suffix = posixpath.splitext(name)
    if stem.lower() in INDEXES or not suffix or ".." in stem:
        return ""
    there = reading.tree.named(name)
    meant = [one for one in there if address.image or one in reading.pages]
    return meant[0] if len(meant) == 1 else ""


def _split(url: str) -> tuple[str, str]:
    path, hash_, fragment = url.partition("#")
    return path.partition("?")[0], f"{hash_}{fragment}" if fragment else ""


def _candidates(path: str, page: FolderPage, reading: FolderReading, statics: Sequence[str]) -> Iterator[str]:
    """Files that a path may mean, the likeliest first: beside the page, below the root, below what is served as it is."""  # noqa: E501  # one pattern or row on one line
    base = reading.outline.base
    here = posixpath.dirname(page.file)
    bare = posixpath.normpath(path).lstrip("/") if path.startswith("/") else path
    if not path.startswith("/"):
        yield posixpath.join(here, path)
        if (
            posixpath.splitext(page.file)[0].rpartition("/")[2].lower() not in INDEXES
        ):  # a page served as page/index.html
            yield posixpath.join(posixpath.splitext(page.file)[0], path)
    for root in (base, *(posixpath.join(base, one) for one in statics), *statics, ""):
        yield posixpath.join(root, bare)
    if inner := without_site(bare, base, reading.tree):
        yield join(base, inner)
    home = urlsplit(reading.outline.home).path.strip("/")
    if home and bare.startswith(f"{home}/"):
        yield posixpath.join(base, bare.removeprefix(f"{home}/"))


def join(folder: str, path: str) -> str:
    """A path below a folder, without steps back."""
    return posixpath.normpath(posixpath.join(folder, path))


def without_site(path: str, base: str, tree: Tree) -> str:
    """A path without its first step, where that is no folder here but what a larger site calls this one; else "".

    Someone who imports the Chinese folder of a site alone finds its pages as /zh-cn/start.md.
    """
    first, _, rest = path.partition("/")
    return "" if not first or first in (".", "..") or tree.has_folder(posixpath.join(base, first)) else rest


def _found(candidate: str, reading: FolderReading) -> str:
    """The file that a candidate means: itself, or as sites write it, without .md, as a folder, as .html."""
    plain = posixpath.normpath(candidate) if candidate else ""
    if file := find_page(reading.tree, plain):
        return file
    below = within(plain, reading.outline.base)
    if page := reading.routes.get(route_of(below)):
        return page.file
    folder, name = posixpath.split(below)  # a file that stands beside a page, by that page's address
    beside = reading.routes.get(route_of(folder)) if "." in name else None
    return reading.tree.find(posixpath.join(posixpath.dirname(beside.file), name)) if beside else ""


def find_page(tree: Tree, plain: str) -> str:
    """The file that a path without scheme, query and fragment means; "" for none."""
    if plain.startswith(".."):
        return ""
    if file := tree.find(plain):
        return file
    stem = re.sub(r"\.(?:html?|md|mdx)$", "", plain, flags=re.IGNORECASE)
    names = [f"{stem}{suffix}" for suffix in PAGES]
    names += [posixpath.join(stem if stem != "." else "", f"{index}{suffix}") for index in INDEXES for suffix in PAGES]
    if stem.lower().endswith("/index"):
        names += [f"{stem[:-5]}{index}{suffix}" for index in INDEXES for suffix in PAGES]
    return next((file for name in names if (file := tree.find(name))), "")


def _led(file: str, fragment: str, address: Address, page: FolderPage, reading: FolderReading) -> str | None:
    """The new address of a file of the tree."""
    suffix = posixpath.splitext(file)[1].lower()
    if file in reading.pages:
        there = reading.pages[file]
        reading.ledger.count("links")
        if there is page:
            return fragment or posixpath.basename(page.path)
        return _relative(there.path, page) + fragment
    if address.image or suffix in IMAGES:
        return take(file, page, reading, address.written)
    if reading.outline.repository:
        reading.ledger.decide(
            "link-outside", page.line(address.written), address.url, "leads to the repository", "not part of the book"
        )
        return f"{reading.outline.repository}/{file}{fragment}"
    why = "the contents do not name that page" if suffix in PAGES else "that file is not part of a book"
    reading.ledger.unread("link-outside", page.line(address.written), address.url, why)
    return None


def take(file: str, page: FolderPage, reading: FolderReading, written: str) -> str | None:
    """Take a picture along; return its address from the page, with its true suffix."""
    known = reading.assets.get(file)
    if not known:
        name, fault = sound_name(file, reading.tree.path(file))
        if fault:
            reading.ledger.unread("image-broken", page.line(written), file, fault)
        elif name != file:
            reading.ledger.decide(
                "image-renamed", page.line(written), file, posixpath.basename(name), "its suffix is wrong"
            )
        known = File(reading.free(within(name, reading.outline.base)), reading.tree.path(file))
        reading.assets[file] = known
    return _relative(known.path, page)


def _relative(path: str, page: FolderPage) -> str:
    return posixpath.relpath(path, posixpath.dirname(page.path) or ".")


_RAW_HOSTS = (
    re.compile(
        r"^(?:https?:)?//raw\.(?:githubusercontent|githubusercontents)\.com/([^/]+/[^/]+)/(?:refs/heads/)?[^/]+/(.+)$"
    ),
    re.compile(
        r"^(?:https?:)?//(?:www\.)?(?:github|gitee|gitlab)\.com/([^/]+/[^/]+)/(?:-/)?(?:raw|blob|tree)/[^/]+/(.+)$"
    ),
    re.compile(r"^(?:https?:)?//[\w.]*jsdelivr\.net/gh/([^/@]+/[^/@]+)(?:@[^/]+)?/(.+)$"),
)


def _from_web(address: Address, page: FolderPage, reading: FolderReading, statics: Sequence[str]) -> str | None:
    """What an address on the web means within this folder: a picture of the same repository, a page of the same site."""  # noqa: E501  # one pattern or row on one line
    url = address.url.strip()
    for pattern in _RAW_HOSTS:
        if not (match := pattern.match(url)) or not _is_own(match[1], match[2], reading):
            continue
        path, fragment = _split(match[2])
        file = reading.tree.find(path)
        if file and (address.image or posixpath.splitext(file)[1].lower() in IMAGES or file in reading.pages):
            reading.ledger.decide(
                "image-found" if address.image else "link-found",
                page.line(address.written),
                url,
                file,
                "it is in this folder",
            )
            return _led(file, fragment, address, page, reading)
    home = reading.outline.home
    if home and url.startswith(home.rstrip("/") + "/"):
        path, fragment = _split(url[len(home.rstrip("/")) :])
        for candidate in _candidates(path, page, reading, statics):
            file = _found(candidate, reading)
            if file and (file in reading.pages or posixpath.splitext(file)[1].lower() in IMAGES):
                return _led(file, fragment, address, page, reading)
    return None


def _is_own(repository: str, path: str, reading: FolderReading) -> bool:
    """Whether a repository is this folder: its settings say so, or its name is the folder's."""
    known = reading.outline.repository.lower()
    name = repository.lower().removesuffix(".git")
    return (
        f"/{name}/" in f"{known}/"
        or name.rpartition("/")[2] == reading.tree.root.absolute().name.lower()
        or ("/" in path and bool(reading.tree.find(_split(path)[0])))
    )
