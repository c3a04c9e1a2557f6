"""Folders of other tools: books, sites of documents, blogs and vaults; a module for each, all on one reading."""
