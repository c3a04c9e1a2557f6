"""XHTML as a tree, harmless, canonical, within HTML's content model."""
