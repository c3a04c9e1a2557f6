"""Checks: coded findings about a source, its settings and what was made of it."""
