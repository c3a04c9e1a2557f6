"""House style: which OpenCC configurations, spellings and regional phrases an edition uses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from publish import regions
from publish.convert.phrases import Phrases
from publish.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from publish.convert.terms import Pack
    from publish.regions import Region


# What a region's dictionary writes otherwise than OpenCC's tables, by region: 《重編國語辭典修訂本》 sends from 賬
# to 帳, and of 2,064 in Taiwan's laws nine are 賬. 𠮶, OpenCC's for 嗰, is a character of Cantonese that few fonts
# have and nobody writes.
SPELLINGS: Mapping[str, Mapping[str, str]] = {"zh-TW": {"賬": "帳"}, "zh-CN": {"𠮶": "嗰"}}


@dataclass(frozen=True)
class Style:
    """A style: `characters` respell OpenCC's output one for one, but in the words `excepted`.

    `region` is the region that it is for, and `source` the one whose writing its phrases are given in; "" where any.
    `packs` are term packs of a style that says no source: what they do depends on whose writing a text is in.
    `mend` names the punctuation to mend (`punctuation.KINDS`). `files` are those that it was read from, without those
    that come with the program.
    """

    name: str = ""
    description: str = ""
    region: str = ""
    source: str = ""
    opencc: tuple[str, ...] | None = None
    characters: Mapping[str, str] = field(default_factory=dict)
    excepted: frozenset[str] = frozenset()
    phrases: Phrases = field(default_factory=lambda: Phrases({}, {}))
    packs: tuple[Pack, ...] = ()
    mend: frozenset[str] = frozenset()
    files: tuple[Path, ...] = ()

    def with_phrases(self, phrases: Phrases) -> Style:
        """The style with more phrases laid over its own, in the style's spellings."""
        return replace(self, phrases=self.phrases.under(phrases.spelled(self.spell))) if phrases else self

    def for_text(self, source: Region, target: Region) -> Style:
        """The style with the words of its packs, below its own phrases, for a text in one region's writing."""
        if not self.packs:
            return self
        from publish.convert.terms import joined  # noqa: PLC0415  # reads YAML

        words = joined(self.packs, source, target).spelled(self.spell)
        return replace(self, phrases=words.under(self.phrases), packs=())

    def in_region(self, region: Region) -> Style:
        """The style with what its region spells otherwise than OpenCC, below its own spellings."""
        known = SPELLINGS.get(region.key)
        return replace(self, characters={**known, **self.characters}) if known else self

    def spell(self, text: str) -> str:
        """The text in the style's spellings, one code point for one."""
        if not self._spelling:
            return text
        return self._spelling.sub(lambda found: self.characters.get(found.group(), found.group()), text)

    @cached_property
    def _spelling(self) -> re.Pattern[str] | None:
        if not self.characters:
            return None
        words = sorted({*self.characters, *self.excepted}, key=lambda one: (-len(one), one))
        longer, single = [re.escape(one) for one in words if len(one) > 1], [one for one in words if len(one) == 1]
        return re.compile("|".join([*longer, *([f"[{re.escape(''.join(single))}]"] if single else [])]))

    def suits(self, source: Region, target: Region) -> bool:
        """Whether the style is for this edition: its region, and a text in the writing of its phrases."""
        named = self.region and regions.region(self.region).variety == target.variety
        fits = not (self.source and self.phrases) or regions.region(self.source).variety == source.variety
        return bool(named) and fits

    def configurations(self, source: Region, target: Region) -> tuple[str, ...]:
        """OpenCC's configurations from one region to the other in this style.

        Raises `UsageError` where the style is for another region, or for a text in another writing.
        """
        if self.region and regions.region(self.region).variety != target.variety:
            problem = f'the style "{self.name}" is for {self.region}, not for {target.key}'
            raise UsageError(problem, f"Choose a style for {target.key}, or none")
        if self.source and self.phrases and regions.region(self.source).variety != source.variety:
            problem = f'the style "{self.name}" is for a text that is written for {self.source}, not for {source.key}'
            raise UsageError(problem, "Choose a style without phrases")
        if self.opencc is None:
            return regions.configurations(source, target)
        if self.opencc and not _leads_from(self.opencc[0], source):
            problem = f'the style "{self.name}" converts with {self.opencc[0]}, and the text is for {source.key}'
            raise UsageError(problem, "Choose a style for texts of that region")
        return self.opencc


PLAIN = Style()


def _leads_from(configuration: str, source: Region) -> bool:
    return configuration.partition("2")[0] == source.variety
