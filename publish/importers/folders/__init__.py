"""Folders of other tools: books, documentation sites, blogs and vaults; a module for each, on one engine."""
