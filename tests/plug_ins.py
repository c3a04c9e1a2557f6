"""Strangers' renderers for tests, installed as strangers install theirs: a module and an entry point."""

from __future__ import annotations

from pathlib import Path


def write_plug_in(site: Path, name: str, lines: str) -> Path:
    """Lay a distribution into a folder: its module `<name>_renderer` has a class `<Name>`, the format `<name>`."""
    info = site / f"publish_{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (site / f"{name}_renderer.py").write_text(lines, encoding="utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: publish-{name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[publish.renderers]\n{name} = {name}_renderer:{name.title()}\n")
    return site
