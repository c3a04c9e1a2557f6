"""Colours of a screen made inks of a press: greys are black alone, the rest goes by the ICC profile of the press."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

from PIL import Image, ImageChops, ImageCms, ImageMath

from publish.errors import MissingToolError, Place, PublishError
from publish.source.settings.page import Press
from publish.textfile import shown

Rgb = tuple[float, float, float]  # sRGB, from 0 to 1
Ink = tuple[float, float, float, float]  # cyan, magenta, yellow, black, from 0 to 1

BLACK: Ink = (0, 0, 0, 1)
SMALL = 12.0  # points: smaller text in several inks is blurred where these do not meet
_NEUTRAL = 0.05  # between the channels of a colour that the eye takes for a grey
_NOISE = 12  # of 255: between the channels of a grey picture that was kept as a coloured JPEG
_SOLID = 0.85  # from here on black is printed without a screen
_SOLID_TEXT = 0.5  # of small text: its strokes are finer than the dots of a screen
_CLEAR_TEXT = 0.15  # up to here small text on a coloured ground is left out of it
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_RED, _GREEN, _BLUE = 0.299, 0.587, 0.114  # what the eye takes of each (ITU-R BT.601)


class Inks:
    """What the inks of a press make of colours and pictures. Raises `PublishError` for a profile that is damaged."""

    def __init__(self, press: Press) -> None:
        self.press = press
        self.of = lru_cache(maxsize=4096)(self._of)

    @cached_property
    def profile(self) -> bytes:
        """The bytes of the profile; none where the book names none."""
        return self.press.profile.read_bytes() if self.press.profile else b""

    @cached_property
    def name(self) -> str:
        """What the profile calls itself."""
        return ImageCms.getProfileDescription(self._opened).strip() if self.profile else ""

    @cached_property
    def _opened(self) -> ImageCms.ImageCmsProfile:
        try:
            return ImageCms.ImageCmsProfile(io.BytesIO(self.profile))
        except (OSError, ImageCms.PyCMSError) as error:
            raise _damaged(self.press) from error
        except ImportError as error:  # a Pillow that a system has built for itself
            raise MissingToolError("this Pillow has no LittleCMS", "pip install --force-reinstall pillow") from error

    @cached_property
    def _convert(self) -> Callable[[Image.Image], Image.Image]:
        if not self.profile:
            return _plainly
        try:
            by_profile = ImageCms.buildTransform(
                ImageCms.createProfile("sRGB"),
                self._opened,
                "RGB",
                "CMYK",
                _INTENT,
                ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
        except ImageCms.PyCMSError as error:
            raise _damaged(self.press) from error
        return by_profile.apply

    def _of(self, rgb: Rgb) -> Ink:
        """The inks of a colour that is no text's."""
        if self.press.one_ink or max(rgb) - min(rgb) <= _NEUTRAL:
            return grey(_black(rgb))
        pixel = Image.new("RGB", (1, 1), tuple(round(one * 255) for one in rgb))
        found: Any = self._within_limit(self._convert(pixel)).getpixel((0, 0))
        cyan, magenta, yellow, black = (round(one / 255, 3) for one in found)
        return cyan, magenta, yellow, black

    def of_text(self, rgb: Rgb, size: float) -> Ink:
        """The inks of text, its size in points: black alone, but for large letters that are coloured."""
        if size >= SMALL:
            return self.of(rgb)
        black = _black(rgb)
        if black >= _SOLID_TEXT:
            return BLACK
        return grey(0 if black <= _CLEAR_TEXT else black)

    def picture(self, image: Image.Image) -> Image.Image:
        """A picture (L, RGB or CMYK) in the inks of the press: grey (L) where it has no colour, else CMYK."""
        if image.mode == "RGB" and (self.press.one_ink or _is_grey(image)):
            return image.convert("L")
        if image.mode == "CMYK" and self.press.one_ink:
            return image.convert("RGB").convert("L")
        if image.mode == "RGB":
            image = self._convert(image)
        return self._within_limit(image) if image.mode == "CMYK" else image

    def _within_limit(self, image: Image.Image) -> Image.Image:
        """A CMYK picture whose inks together are at most what the paper takes: black stays, the others give way."""
        most = self.press.ink_limit * 255 / 100
        if _heaviest(image) <= most:
            return image
        *colours, black = image.split()
        share = ImageMath.lambda_eval(
            lambda args: args["min"](
                (most - args["float"](args["k"])) / args["max"](args["float"](args["c"]) + args["m"] + args["y"], 1), 1
            ),
            c=colours[0],
            m=colours[1],
            y=colours[2],
            k=black,
        )
        # Rounded down, so that the sum stays within the limit.
        less = [
            ImageMath.lambda_eval(lambda args: args["convert"](args["one"] * args["share"], "L"), one=one, share=share)
            for one in colours
        ]
        return Image.merge("CMYK", (*less, black))


def grey(black: float) -> Ink:
    """A grey in black ink; one that is nearly black is printed solid."""
    return (0, 0, 0, 1 if black >= _SOLID else round(black, 3))


def luminance(rgb: Rgb) -> float:
    """How light a colour is, from 0 to 1."""
    return _RED * rgb[0] + _GREEN * rgb[1] + _BLUE * rgb[2]


def _black(rgb: Rgb) -> float:
    return 1 - luminance(rgb)


def _is_grey(image: Image.Image) -> bool:
    red, green, blue = image.split()
    return not any(
        any(ImageChops.difference(one, two).histogram()[_NOISE + 1 :]) for one, two in ((red, green), (green, blue))
    )


def _heaviest(image: Image.Image) -> float:
    """The most of all inks together that a pixel of a CMYK picture has, each from 0 to 255."""
    cyan, magenta, yellow, black = image.split()
    total = ImageMath.lambda_eval(
        lambda args: args["int"](args["c"]) + args["m"] + args["y"] + args["k"], c=cyan, m=magenta, y=yellow, k=black
    )
    return float(total.getextrema()[1])


def _plainly(image: Image.Image) -> Image.Image:
    """CMYK without a profile: what the three colours share is printed in black, the more the darker it is."""
    colours = [ImageChops.invert(one) for one in image.split()]
    shared = ImageChops.darker(ImageChops.darker(colours[0], colours[1]), colours[2])
    black = shared.point([round(one * one / 255) for one in range(256)])
    return Image.merge("CMYK", (*(ImageChops.subtract(one, black) for one in colours), black))


def _damaged(press: Press) -> PublishError:
    return PublishError(
        "the ICC profile is damaged",
        "Ask the printer for it again",
        Place(shown(press.profile) if press.profile else ""),
    )
