"""The table of hooks: each WeasyPrint function that ours replaces, installed and removed together.

A row has the SHA-256 of the source that we wrote ours against. Where an upgrade changes one,
`tests/weasy/test_hooks.py` fails and names it: read what changed, mend ours, then run `make hooks`.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pydyf
import weasyprint.pdf
from weasyprint import __version__ as version
from weasyprint import document, draw, layout
from weasyprint.css import ComputedStyle
from weasyprint.css.targets import TargetCollector
from weasyprint.layout import LayoutContext, block, inline, page, preferred
from weasyprint.pdf import fonts, tags
from weasyprint.svg import SVG
from weasyprint.text import line_break

from publish.weasy import backgrounds, compose, copying, emphasis, figures, grid, notes, ruby, shape, speed
from publish.weasy import tags as our_tags

# The version that the table describes. Another is left unmodified; `layout.listening` then says so.
TESTED = "70.0"


@dataclass(frozen=True)
class Hook:
    """A name in one of WeasyPrint's modules or classes, what takes its place, and the hash of what was tested.

    `ours` is None for what is replaced for a while only (`replaced`), called though private, or written anew.
    """

    owner: Any
    name: str
    ours: Any
    tested: str
    stock: Any = field(init=False)

    def __post_init__(self) -> None:
        """Keep WeasyPrint's own function."""
        object.__setattr__(self, "stock", vars(self.owner)[self.name])

    @property
    def place(self) -> str:
        """Where to look: `weasyprint.layout.inline.justify_line`."""
        within = f".{self.owner.__qualname__}" if inspect.isclass(self.owner) else ""
        module = self.owner.__module__ if inspect.isclass(self.owner) else self.owner.__name__
        return f"{module}{within}.{self.name}"

    def digest(self) -> str:
        """The SHA-256 of the source of WeasyPrint's own."""
        function: Any = self.stock.fget if isinstance(self.stock, property) else self.stock
        return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()


HOOKS = (
    Hook(
        inline,
        "split_inline_box",
        compose.split_inline_box,
        "3a0cb7ca7e34c7ef0feda818cdb8fea64b7a8332ccf83e12506289534f6faeae",
    ),
    Hook(
        inline, "justify_line", compose.justify_line, "f83b21ff8793ba6b6dfc5fe8e10e4ab6cd6e02b17de02da97200902166148a81"
    ),
    Hook(
        preferred,
        "inline_max_content_width",
        compose.inline_max_content_width,
        "6860df1a22c6d6a72674e4e9aef07c98403cb71f29e5c54f019236a2f43db8a4",
    ),
    Hook(
        pydyf.Stream, "show_text", copying.show_text, "3e008af86f62f42c382b8d75f85a92022008f8254db58a9d8f58f137ee7bcc40"
    ),
    Hook(
        draw,
        "draw_background_image",
        backgrounds.draw_background_image,
        "133db5e01d7c08b60a001c61e0569522ebd48c2467e062f43a67ef453761e73d",
    ),
    Hook(draw, "draw_text", emphasis.draw_text, "ebaf96239c6ca3635d2b91bfb34718c2dcebd7809fec1c53fb8dffd1366befe3"),
    Hook(
        block,
        "_in_flow_layout",
        figures.in_flow_layout,
        "c2537262836dd9812b584633bee887846dba6de921b3b31bff299c5ba29e6dca",
    ),
    Hook(
        block,
        "iter_line_boxes",
        grid.iter_line_boxes,
        "04aec48abfcad809bc94c54eeba0e23a389e824cec85fe67bc1b21412d29dc3a",
    ),
    Hook(
        block,
        "block_level_layout",
        grid.block_level_layout,
        "c1301dde9284e24519ee0432b508d6cd79768018d2564d4066f0fdf103982dd6",
    ),
    Hook(page, "make_page", grid.make_page, "656f183328e8b1b56311a342621442056c067422958dcaf6730acdfb6c7b8971"),
    Hook(
        LayoutContext,
        "_update_footnote_area",
        notes.update_footnote_area,
        "2e317e4b066fb80cb369a41cd6f054a127722f9961c18ef4d6e1eef93673c4c1",
    ),
    Hook(
        inline,
        "inline_block_baseline",
        ruby.inline_block_baseline,
        "8b2da94ebeab259437b423417dec6b1d32bd59a7b2137e0c5869c61676a6b779",
    ),
    Hook(
        line_break,
        "split_first_line",
        speed.split_first_line,
        "39ad1016863ca34de0bea4c9fcffb46da7e27813c87dd82b7011bfa19fe5504f",
    ),
    Hook(
        inline,
        "split_first_line",
        speed.split_first_line,
        "39ad1016863ca34de0bea4c9fcffb46da7e27813c87dd82b7011bfa19fe5504f",
    ),
    Hook(
        preferred,
        "split_first_line",
        speed.split_first_line,
        "39ad1016863ca34de0bea4c9fcffb46da7e27813c87dd82b7011bfa19fe5504f",
    ),
    Hook(
        inline, "handle_leader", speed.handle_leader, "e4bf5941eb946d0b2029b21c3613f384d6157edb01d98add8d3bfa120ac3e571"
    ),
    Hook(line_break.Layout, "setup", speed.setup, "fb227a55094f41d42fbd57f180d8b7a9a1e741969ec8ddb3fd5cd80920257442"),
    Hook(
        ComputedStyle, "__missing__", speed.computed, "b318d8efc8ac79d716f05cb81cc3abd65a32bd79601e363b218a32559bb3a5fb"
    ),
    Hook(
        pydyf.PDF,
        "page_references",
        speed.page_references,
        "060bf90aad55931bc24c3575a52af9478a89916aa307e5323142663841cb7798",
    ),
    Hook(fonts.Font, "__init__", speed.read_font, "1f281166b10302a4278a04384970b91496a19b071e071a4087f77a49bc1487fe"),
    Hook(fonts.Font, "subset", speed.subset_font, "61ed6bc2e9a7e43a7ad4c50e4bd61a0c5b6db06069754e66c6e328f4a97a6311"),
    Hook(
        tags,
        "_build_box_tree",
        our_tags.build_box_tree,
        "f716251a83e7096e9cae972b63e633aab21c664d200582166dd0d5096780f9c4",
    ),
    Hook(SVG, "draw_node", our_tags.draw_node, "5e24443a435c491ef0f0a66bfc93d8e39193c999270d8d048dea06da900c89ba"),
)
TOUCHED = (
    # Replaced for a while: by `speed`, `parts` and `embedding`.
    Hook(fonts, "get_hb_object_data", None, "03040a623df04c2b5fe464037e14b07fe430fd1ec43602abf955fdf3fbe77ea6"),
    Hook(layout, "make_margin_boxes", None, "4a2d2e301eb3bc47c2812d1502d4d6ce3b65922a76e69fb45c11a5ae353198a7"),
    Hook(TargetCollector, "lookup_target", None, "cc606c47e1954d3bdacca44d231305cd486f3f79183e7eddda0a41dfd489fb31"),
    Hook(weasyprint.pdf, "resolve_links", None, "f95937bb4e4f100754065a4aaab8ec8a97465dc5deeae67ce2c36ce859dde92b"),
    Hook(weasyprint.pdf, "add_outlines", None, "9f5d6afde78956a1c86de06fdfb3c5d7bf51529dd0aed590f532c779e02e472e"),
    Hook(
        weasyprint.pdf,
        "build_fonts_dictionary",
        None,
        "fc551bef35d0d6c3d288f686fd21b5ea8c1efadb8f2f3b4d379cfa6045c02230",
    ),
    # Called, or given what WeasyPrint makes itself: by `compose`, `shape`, `parts` and `embedding`.
    Hook(inline, "_adjust_line_height", None, "822443b08f53654f84607568d3ea0be43ded5cda170eb5d43ea29094c8df3390"),
    Hook(inline, "_out_of_flow_layout", None, "6bbd74324daf555db8b9ddcc0297970894437282fc8d6e8e076c1e9df34ed624"),
    Hook(inline, "atomic_box", None, "928f0e7eed566627d436751730c57fd76769d1f316942cc1ddd70cbe82fbcd16"),
    Hook(line_break, "Layout", None, "681b737d1ba5e004efdc3ee409478b6b3e05ee0662142c5875b188bc9eefa698"),
    Hook(
        document.Document,
        "_build_layout_context",
        None,
        "2b072254ab89701b33ddec26648e88cf1978480e7fae081b6cfad43b5f1346dc",
    ),
    Hook(
        document.Document,
        "make_bookmark_tree",
        None,
        "6af34e059bb862e2eea681d1dcc8ef093d8dda8b419760afe802f9a0d7e0c672",
    ),
    Hook(page, "make_margin_boxes", None, "4a2d2e301eb3bc47c2812d1502d4d6ce3b65922a76e69fb45c11a5ae353198a7"),
    Hook(
        page,
        "_standardize_page_based_counters",
        None,
        "6c3791760c3fbe13e13bf08c4822d9857a163a2bbeecda3466b540f28500ebd0",
    ),
    # Written anew in part: by `parts`.
    Hook(layout, "layout_document", None, "a5cbf437e99caf7293e7ed2289278048bca734f7ead2e947b4e24e4a3a536dbc"),
    Hook(draw, "draw_page", None, "d5bda6b6e6758688ad68a7374ecca7404b888a11c72fba1b4bbef841b216258c"),
)


@dataclass
class _HookState:
    """Whether our hooks are installed, and how many callers want WeasyPrint plain."""

    installed: bool = False
    plain: int = 0


_state = _HookState()


def supported() -> bool:
    """Whether this is the WeasyPrint that the table describes, over a Pango whose structures we can read."""
    return bool(version == TESTED) and shape.sound()


def install() -> None:
    """Install our hooks; not inside `plainly`, nor in a WeasyPrint that is not supported."""
    if _state.installed or _state.plain or not supported():
        return
    for hook in HOOKS:
        setattr(hook.owner, hook.name, hook.ours)
    _state.installed = True


def remove() -> None:
    """Remove our hooks from WeasyPrint."""
    if _state.installed:
        for hook in HOOKS:
            setattr(hook.owner, hook.name, hook.stock)
        _state.installed = False


@contextmanager
def plainly() -> Iterator[None]:
    """Let WeasyPrint lay out and draw unmodified.

    The fallback when one of our hooks fails. What was composed before can be drawn inside; what is laid out inside
    can be drawn outside.
    """
    was_installed = _state.installed
    remove()
    _state.plain += 1
    try:
        yield
    finally:
        _state.plain -= 1
        if was_installed:
            install()


def changed() -> list[Hook]:
    """The rows whose function is not the one that was tested."""
    return [hook for hook in (*HOOKS, *TOUCHED) if hook.digest() != hook.tested]
