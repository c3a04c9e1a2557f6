"""One region's edition of the source: derived, numbered, written as XHTML."""
